// `stripe-return fetch`: what is refused before the request, by Stripe, and of its answer.
#include "output_contract.hpp"
#include "stripe_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using loopback::request;
using nlohmann::json;
using ::testing::HasSubstr;

// What stands in an error of which nothing was sent.
void expect_local(const json& error) {
  EXPECT_EQ(error["http_status"], nullptr);
  EXPECT_EQ(error["stripe_code"], nullptr);
  EXPECT_EQ(error["request_id"], nullptr);
  EXPECT_EQ(error["retryable"], false);
}

TEST(FetchRefusal, AQueryWithoutOneGoodIdIsNotSent) {
  stripe_server stripe(always(session_response(session_document())));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/stripe_return", "missing_session_id"},
      {"?", "missing_session_id"},
      {"id=cs_test_a1", "missing_session_id"},
      {"session_id=", "empty_session_id"},
      {"", "empty_session_id"},
      {"session_id=cs_test_a1&session_id=cs_test_a1", "repeated_session_id"},
      {"session_id[]=cs_test_a1", "array_session_id"},
      {"session_id%5B0%5D=cs_test_a1", "array_session_id"},
      {"cs_test_" + std::string(248, 'a'), "session_id_too_long"},
      {"session_id=cs_test_" + std::string(248, 'a'), "session_id_too_long"},
      {"session_id=pi_1", "malformed_session_id"},
      {"session_id=cs_test_a1%2Fline_items", "malformed_session_id"},
      {"cs_test_a1 ", "malformed_session_id"},
      {"session_id={CHECKOUT_SESSION_ID}", "unreplaced_template"},
      {"session_id=%7BCHECKOUT_SESSION_ID%7D", "unreplaced_template"},
      {"cs_test_a1_secret_b2", "client_secret_given"},
      {"session_id=cs_test_a1_secret_b2", "client_secret_given"},
  };
  for (const auto& [query, code] : cases) {
    SCOPED_TRACE(query);
    expect_local(expect_error(stripe.call({"fetch", query}).run(), code));
  }
  EXPECT_EQ(stripe.server().connections(), 0);
}

TEST(FetchRefusal, AKeyThatIsNoneIsNotSent) {
  stripe_server stripe(always(session_response(session_document())));
  const json missing =
      expect_error(stripe.call_without_key({"fetch", "cs_test_a1"}).run(), "missing_secret_key");
  EXPECT_THAT(missing["message"].get<std::string>(), HasSubstr("STRIPE_SECRET_KEY"));
  expect_local(missing);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "missing_secret_key"},
      {"pk_test_1", "publishable_key"},
      {"pk_live_1", "publishable_key"},
      {"whsec_1", "malformed_secret_key"},
      {"sk_test_", "malformed_secret_key"},
      {"sk_test_1\n", "malformed_secret_key"},
      {" sk_test_1", "malformed_secret_key"},
      {"\"sk_test_1\"", "malformed_secret_key"},
  };
  for (const auto& [key, code] : cases) {
    SCOPED_TRACE(key);
    expect_local(expect_error(
        stripe.call_without_key({"fetch", "cs_test_a1"}).variable("STRIPE_SECRET_KEY", key).run(),
        code));
  }
  EXPECT_EQ(stripe.server().connections(), 0);
}

TEST(FetchRefusal, AKeyOfTheOtherModeIsNotSent) {
  for (const scheme how : {scheme::http, scheme::https}) {
    stripe_server stripe(always(session_response(session_document())), how);
    for (const char* key : {"sk_live_1", "rk_live_1"}) {
      program_call call = stripe.call_without_key({"fetch", "cs_live_a1"});
      call.variable("STRIPE_SECRET_KEY", key);
      expect_local(expect_error(call.run(), "invalid_option")); // it is for api.stripe.com alone
    }
    expect_local(
        expect_error(stripe.call({"fetch", "cs_live_a1"}).run(), "live_session_with_test_key"));
    EXPECT_EQ(stripe.server().connections(), 0);
  }
  // This key could go where it belongs, but the session is not of its mode.
  program_call call({"fetch", "session_id=cs_test_a1", "--deadline", "0.001"});
  call.variable("STRIPE_SECRET_KEY", "sk_live_1");
  expect_local(expect_error(call.run(), "test_session_with_live_key"));
}

TEST(FetchRefusal, AnOptionOutOfItsRangeIsNotSent) {
  stripe_server stripe(always(session_response(session_document())));
  for (const char* account : {"1A", "acct_", "acct_1/..", "acct_1\r\nX: y"}) {
    expect_local(expect_error(stripe.call({"fetch", "cs_test_a1", "--account", account}).run(),
                              "invalid_option"));
  }
  EXPECT_EQ(stripe.server().connections(), 0);
  for (const char* base : {"http://192.0.2.1", "http://api.stripe.com", "ftp://127.0.0.1",
                           "https://", "https://127.0.0.1/v1", "https://user:word@127.0.0.1"}) {
    SCOPED_TRACE(base);
    program_call call({"fetch", "cs_test_a1", "--deadline", "0.001", "--api-base", base});
    expect_local(
        expect_error(call.variable("STRIPE_SECRET_KEY", "sk_test_1").run(), "invalid_option"));
  }
}

struct refusal {
  loopback::response response;
  std::string code;
  json stripe_code;
  bool retryable;
};

TEST(FetchRefusal, EveryHttpStatusOfStripesIsTyped) {
  const std::string in_test_mode =
      "No such checkout.session: 'cs_test_a1'; a similar object exists in test mode, but a live "
      "mode key was used to make this request.";
  loopback::response redirect = error_response(302, "");
  redirect.headers.push_back({"Location", "/v1/checkout/sessions/cs_test_a1"});
  const std::vector<refusal> cases = {
      {error_response(400, "parameter_unknown"), "bad_request", "parameter_unknown", false},
      {error_response(400, "rate_limit"), "rate_limited", "rate_limit", true},
      {error_response(401, ""), "unauthorized", nullptr, false},
      {error_response(401, "api_key_expired"), "unauthorized", "api_key_expired", false},
      {error_response(403, ""), "permission_denied", nullptr, false},
      {error_response(404, "resource_missing"), "session_not_found", "resource_missing", false},
      {error_response(404, "resource_missing", in_test_mode), "session_of_other_mode",
       "resource_missing", false},
      {error_response(409, "idempotency_key_in_use"), "conflict", "idempotency_key_in_use", true},
      {error_response(424, ""), "dependency_failed", nullptr, true},
      {error_response(429, "rate_limit"), "rate_limited", "rate_limit", true},
      {error_response(429, "lock_timeout"), "lock_timeout", "lock_timeout", true},
      {error_response(500, ""), "stripe_unavailable", nullptr, true},
      {error_response(502, ""), "stripe_unavailable", nullptr, true},
      {error_response(503, ""), "stripe_unavailable", nullptr, true},
      {error_response(402, "card_declined"), "unexpected_http_status", "card_declined", false},
      {redirect, "unexpected_http_status", nullptr, false},
  };
  for (const refusal& each : cases) {
    SCOPED_TRACE(std::to_string(each.response.status) + ' ' + each.response.body);
    stripe_server stripe(always(each.response));
    const json error = expect_error(stripe.call({"fetch", "cs_test_a1"}).run(), each.code);
    EXPECT_EQ(error["http_status"], each.response.status);
    EXPECT_EQ(error["stripe_code"], each.stripe_code);
    EXPECT_EQ(error["request_id"], "req_1");
    EXPECT_EQ(error["retryable"], each.retryable);
  }
}

TEST(FetchRefusal, WhatDoesNotStandInTheAnswerIsNull) {
  loopback::response page = {401, {{"Content-Type", "text/html"}}, "<html>401</html>"};
  stripe_server stripe(always(page));
  const json error = expect_error(stripe.call({"fetch", "cs_test_a1"}).run(), "unauthorized");
  EXPECT_EQ(error["http_status"], 401);
  EXPECT_EQ(error["stripe_code"], nullptr);
  EXPECT_EQ(error["request_id"], nullptr);
}

TEST(FetchRefusal, AnAnswerThatIsNotTheSession) {
  loopback::response page = session_response(nullptr);
  page.body = "<html>";
  loopback::response long_page = session_response(nullptr);
  long_page.body = std::string(5 * 1024 * 1024, ' ');
  loopback::response repeated = session_response(nullptr);
  repeated.body = R"({"status":"open","status":"complete"})";
  const std::vector<std::pair<loopback::response, std::string>> cases = {
      {page, "not_json"},
      {repeated, "repeated_key"},
      {session_response(json::object()), "wrong_object"},
      {session_response({{"object", "list"}, {"data", json::array()}}), "wrong_object"},
      {session_response(session_document({{"object", ""}})), "wrong_object"},
      {session_response(session_document({{"id", "cs_test_b2"}})), "wrong_session"},
      {session_response(session_document({{"id", nullptr}})), "wrong_session"},
      {session_response(session_document({{"livemode", true}})), "livemode_mismatch"},
      {session_response(session_document({{"livemode", nullptr}})), "livemode_mismatch"},
      {session_response(session_document({{"status", 1}})), "unexpected_type"},
      {session_response(session_document({{"created", -1}})), "number_out_of_range"},
  };
  for (const auto& [response, code] : cases) {
    SCOPED_TRACE(response.body.substr(0, 300));
    stripe_server stripe(always(response));
    const json error = expect_error(stripe.call({"fetch", "cs_test_a1"}).run(), code);
    EXPECT_EQ(error["http_status"], 200);
    EXPECT_EQ(error["request_id"], "req_1");
  }
  stripe_server stripe(always(long_page));
  expect_error(stripe.call({"fetch", "cs_test_a1"}).run(), "response_too_large");
}

} // namespace
