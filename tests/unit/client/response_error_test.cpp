#include "client/response_error.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

sr::http_response respond(int status, std::string body, std::vector<sr::http_header> headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

std::string error_body(const std::string& fields) {
  return R"({"error":{"type":"invalid_request_error")" + fields + "}}";
}

std::string with_code(const std::string& word) {
  return error_body(R"(,"code":")" + word + '"');
}

std::string with_message(const std::string& text) {
  return error_body(R"(,"code":"resource_missing","message":")" + text + '"');
}

// All that an error holds, as a log line might show it.
std::string every_text_of(const sr::error& failure) {
  return failure.message + "|" + failure.stripe_code + "|" + failure.request_id;
}

struct row {
  sr::http_response response;
  code expected;
  bool retryable;
  std::string stripe_code;
};

void expect_refusals(const std::vector<row>& rows) {
  for (const row& each : rows) {
    SCOPED_TRACE(std::to_string(each.response.status) + " " + each.response.body.substr(0, 200));
    const sr::error failure = sr::error_from(each.response);
    EXPECT_EQ(failure.code, each.expected);
    EXPECT_EQ(failure.retryable(), each.retryable);
    EXPECT_EQ(failure.stripe_code, each.stripe_code);
    EXPECT_EQ(failure.http_status, each.response.status);
    EXPECT_FALSE(failure.message.empty());
    EXPECT_EQ(failure.message.find_first_of("\r\n"), std::string::npos);
  }
}

TEST(Refusal, GoesByTheStatusFirst) {
  expect_refusals({
      {respond(400, with_code("parameter_unknown")), code::bad_request, false, "parameter_unknown"},
      {respond(401, error_body("")), code::unauthorized, false, ""},
      {respond(401, with_code("api_key_expired")), code::unauthorized, false, "api_key_expired"},
      {respond(403, error_body("")), code::permission_denied, false, ""},
      {respond(403, with_code("account_invalid")), code::permission_denied, false,
       "account_invalid"},
      {respond(404, with_code("resource_missing")), code::session_not_found, false,
       "resource_missing"},
      {respond(409, with_code("idempotency_key_in_use")), code::conflict, true,
       "idempotency_key_in_use"},
      {respond(424, error_body("")), code::dependency_failed, true, ""},
      {respond(429, with_code("rate_limit")), code::rate_limited, true, "rate_limit"},
      {respond(500, error_body("")), code::stripe_unavailable, true, ""},
      {respond(503, with_code("anything_new")), code::stripe_unavailable, true, "anything_new"},
      // The code of another status changes nothing.
      {respond(500, with_code("rate_limit")), code::stripe_unavailable, true, "rate_limit"},
      {respond(500, with_code("resource_missing")), code::stripe_unavailable, true,
       "resource_missing"},
      {respond(404, with_code("rate_limit")), code::unexpected_http_status, false, "rate_limit"},
      {respond(400, with_code("lock_timeout")), code::bad_request, false, "lock_timeout"},
      {respond(409, with_code("lock_timeout")), code::conflict, true, "lock_timeout"},
  });
}

// Stripe says resource_missing where it has no such session; whoever else answers 404, a proxy,
// say, knows nothing of it.
TEST(Refusal, BelievesA404OfStripeAlone) {
  for (const char* body :
       {"", "<html><h1>404 Not Found</h1></html>", "{}", R"({"code":"resource_missing"})"}) {
    EXPECT_EQ(sr::error_from(respond(404, body)).code, code::unexpected_http_status) << body;
  }
  EXPECT_EQ(
      sr::error_from(respond(404, error_body(R"(,"message":"Unrecognized request URL.")"))).code,
      code::unexpected_http_status);
}

TEST(Refusal, NamesTheParameterThatStripeRefusesAndNothingElseOfIt) {
  const auto message = [](const std::string& param) {
    return sr::error_from(respond(400, error_body(R"(,"param":")" + param + '"'))).message;
  };
  EXPECT_THAT(message("expires_at"), testing::HasSubstr(" expires_at "));
  EXPECT_THAT(message("line_items[0][price_data]"), testing::HasSubstr(" line_items "));
  EXPECT_THAT(message("metadata[sk_test_1234]"), testing::HasSubstr(" metadata "));
  EXPECT_THAT(message("metadata[sk_test_1234]"), testing::Not(testing::HasSubstr("1234")));
  for (const char* other : {"sk_test_1234", "card[number]", "[metadata]", "metadata "})
    EXPECT_EQ(message(other), message("")) << other;
}

// The older form of a rate limit.
TEST(Refusal, TakesA400WithRateLimitForARateLimit) {
  expect_refusals(
      {{respond(400, with_code("rate_limit")), code::rate_limited, true, "rate_limit"}});
}

// https://docs.stripe.com/rate-limits#object-lock-timeouts: the reason header tells them apart.
TEST(Refusal, TellsALockedObjectFromARateLimit) {
  const std::vector<sr::http_header> limited{{"stripe-rate-limited-reason", "global-rate"}};
  expect_refusals({
      {respond(429, with_code("lock_timeout")), code::lock_timeout, true, "lock_timeout"},
      {respond(429, with_code("lock_timeout"), limited), code::rate_limited, true, "lock_timeout"},
      {respond(429, with_code("rate_limit"), limited), code::rate_limited, true, "rate_limit"},
      {respond(429, "", limited), code::rate_limited, true, ""},
      {respond(429, ""), code::rate_limited, true, ""},
  });
}

TEST(Refusal, HearsThatTheSessionIsOfTheOtherMode) {
  const std::string missing = "No such checkout.session: 'cs_test_1'";
  expect_refusals({
      {respond(404,
               with_message(missing + "; a similar object exists in test mode, but a live mode "
                                      "key was used to make this request.")),
       code::session_of_other_mode, false, "resource_missing"},
      {respond(404,
               with_message(missing + "; a similar object exists in live mode, but a test mode "
                                      "key was used to make this request.")),
       code::session_of_other_mode, false, "resource_missing"},
      {respond(404, with_message(missing)), code::session_not_found, false, "resource_missing"},
      {respond(404, with_message(missing + "; It's possible this checkout.session exists on one of "
                                           "your connected accounts.")),
       code::session_not_found, false, "resource_missing"},
      // The hint counts in a 404 alone.
      {respond(403, with_message("exists in test mode")), code::permission_denied, false,
       "resource_missing"},
  });
}

TEST(Refusal, CallsEvery5xxUnavailable) {
  for (int status = 500; status <= 599; ++status) {
    const sr::error failure = sr::error_from(respond(status, ""));
    EXPECT_EQ(failure.code, code::stripe_unavailable) << status;
    EXPECT_EQ(failure.http_status, status);
  }
}

TEST(Refusal, KnowsNoOtherStatus) {
  for (const int status :
       {0,   100, 103, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308, 402,
        405, 406, 407, 408, 410, 411, 418, 422, 425, 431, 451, 499, 600, 999}) {
    const sr::error failure = sr::error_from(respond(status, with_code("resource_missing")));
    EXPECT_EQ(failure.code, code::unexpected_http_status) << status;
    EXPECT_EQ(failure.http_status, status);
    EXPECT_FALSE(failure.retryable()) << status;
  }
}

// What proxies, load balancers and attackers send in place of Stripe's JSON.
TEST(Refusal, ReadsAnyBody) {
  const std::vector<std::string> bodies{
      "",
      " ",
      "<html><body><h1>502 Bad Gateway</h1></body></html>",
      "Bad Gateway",
      "null",
      "true",
      "12",
      "1e999",
      R"("text")",
      "[]",
      "{}",
      R"([{"error":{"code":"rate_limit"}}])",
      R"({"error":null})",
      R"({"error":"invalid_grant","error_description":"x"})",
      R"({"error":12})",
      R"({"error":["code"]})",
      R"({"error":{}})",
      R"({"error":{"code":null,"message":null}})",
      R"({"error":{"code":12,"message":[]}})",
      R"({"error":{"code":{"code":"rate_limit"}}})",
      R"({"code":"rate_limit"})",
      R"({"error":{"code":"rate_limit")",    // cut
      R"({"error":{"code":"rate_limit"}}x)", // more than one document
      "{\"error\":{\"code\":\"rate_limit\",\"message\":\"\xff\"}}",
      std::string("\0\0\0", 3),
      std::string(10000, '['),
      std::string(10000, '[') + std::string(10000, ']'),
      std::string(100000, 'x'),
  };
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body.substr(0, 80));
    for (const int status : {400, 401, 403, 404, 429, 502}) {
      const sr::error failure = sr::error_from(respond(status, body, {{"request-id", "req_1"}}));
      EXPECT_EQ(failure.http_status, status);
      EXPECT_EQ(failure.stripe_code, "");
      EXPECT_EQ(failure.request_id, "req_1");
    }
    EXPECT_EQ(sr::error_from(respond(400, body)).code, code::bad_request);
    EXPECT_EQ(sr::error_from(respond(404, body)).code, code::unexpected_http_status);
    EXPECT_EQ(sr::error_from(respond(429, body)).code, code::rate_limited);
  }
}

// A log line is one line, and not as long as an attacker likes.
TEST(Refusal, DropsWordsThatCannotBeLoggedAsTheyAre) {
  const std::vector<std::string> hostile{
      "a b",
      R"(a\r\nSet-Cookie: x)",
      R"(a\u0000b)",
      R"(a\u001b[31m)",
      "<script>",
      "a.b",
      "a%0Ab",
      "\xc3\xa9",
      std::string(65, 'a'),
      std::string(10000, 'a'),
  };
  for (const std::string& word : hostile)
    EXPECT_EQ(sr::error_from(respond(404, with_code(word))).stripe_code, "") << word.substr(0, 80);
  const std::string longest(64, 'a');
  EXPECT_EQ(sr::error_from(respond(404, with_code(longest))).stripe_code, longest);
  EXPECT_EQ(sr::error_from(respond(404, with_code("New-Code_1"))).stripe_code, "New-Code_1");
}

TEST(Refusal, DropsARequestIdThatIsNone) {
  for (const std::string& id :
       {std::string("req_1\r\nSet-Cookie: x"), std::string("req_1\n"), std::string("req 1"),
        std::string("req_1\0", 6), std::string("<b>"), std::string("\xc3\xa9"),
        std::string(65, 'r'), std::string(10000, 'r')}) {
    const sr::http_response response = respond(500, "", {{"request-id", id}});
    EXPECT_EQ(sr::request_id_of(response), "") << id.substr(0, 80);
    EXPECT_EQ(sr::error_from(response).request_id, "") << id.substr(0, 80);
  }
  const sr::http_response response = respond(500, "", {{"request-id", "req_AbC123"}});
  EXPECT_EQ(sr::request_id_of(response), "req_AbC123");
  EXPECT_EQ(sr::error_from(response).request_id, "req_AbC123");
  EXPECT_EQ(sr::request_id_of(respond(500, "")), "");
}

// Stripe repeats the key in a 401 and a 403, and may embed a PaymentIntent with its client secret.
TEST(Refusal, NeverRepeatsStripesText) {
  for (const int status : {400, 401, 402, 403, 404, 409, 424, 429, 500}) {
    const sr::error failure = sr::error_from(
        respond(status,
                error_body(R"(,"message":"Invalid API Key provided: sk_test_****1234 on acct_9",)"
                           R"("param":"sk_test_****1234","doc_url":"https://x.test/1234",)"
                           R"("payment_intent":{"client_secret":"pi_1_secret_1234"})"),
                {{"request-id", "req_1"}, {"www-authenticate", "Bearer realm=\"1234\""}}));
    const std::string texts = every_text_of(failure);
    for (const char* part : {"sk_test", "1234", "****", "acct_9", "secret_"})
      EXPECT_EQ(texts.find(part), std::string::npos) << status << ": " << texts;
  }
}

TEST(Header, FindsTheFirstOfThatName) {
  const sr::http_response response =
      respond(200, "", {{"date", "one"}, {"request-id", "req_1"}, {"date", "two"}});
  EXPECT_EQ(sr::header(response, "date"), "one");
  EXPECT_EQ(sr::header(response, "request-id"), "req_1");
  EXPECT_EQ(sr::header(response, "request"), "");
  EXPECT_EQ(sr::header(response, ""), "");
  EXPECT_EQ(sr::header({}, "date"), "");
}

TEST(DateOf, IsThatOfTheHeader) {
  EXPECT_EQ(sr::date_of(respond(200, "", {{"date", "Sun, 06 Nov 1994 08:49:37 GMT"}})), 784111777);
  EXPECT_EQ(sr::date_of(respond(200, "", {{"date", "yesterday"}})), std::nullopt);
  EXPECT_EQ(sr::date_of(respond(200, "")), std::nullopt);
}

} // namespace
