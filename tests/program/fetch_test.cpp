// `stripe-return fetch`: a session is asked for and decided upon.
#include "output_contract.hpp"
#include "stripe_server.hpp"

#include "data/data_file.hpp"
#include "loopback/closed_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using loopback::request;
using nlohmann::json;
using ::testing::ElementsAre;

const std::string target_of_a1 = "/v1/checkout/sessions/cs_test_a1?expand[]=payment_intent";

constexpr long long expires_at = 1577836800; // the first day of 2020, long past by any clock

// An open session, answered at this time.
loopback::response open_session_at(long long unix_seconds) {
  loopback::response response = session_response(session_document(
      {{"status", "open"}, {"payment_status", "unpaid"}, {"expires_at", expires_at}}));
  response.headers[1].second = http_date(unix_seconds);
  return response;
}

TEST(Fetch, OverHttpsAPaidSessionIsPaid) {
  stripe_server stripe(always(session_response(session_document())), scheme::https);
  const json outcome = expect_outcome(stripe.call({"fetch", "session_id=cs_test_a1"}).run());
  const json expected = {{"state", "paid"},
                         {"final", true},
                         {"may_fulfill", true},
                         {"may_release", false},
                         {"pay_again", "no"},
                         {"out_trade_no", "A1"},
                         {"session_id", "cs_test_a1"},
                         {"status", "complete"},
                         {"payment_status", "paid"},
                         {"mode", "payment"},
                         {"amount_total", 400},
                         {"currency", "cny"},
                         {"livemode", false},
                         {"created", 1774256386},
                         {"expires_at", 1774342786},
                         {"payment_intent", "pi_1"},
                         {"confirmed_by_stripe", true},
                         {"reasons", {"not_checked_against_order"}},
                         {"next_step", "fulfill"}};
  EXPECT_EQ(outcome, expected);
  EXPECT_THAT(stripe.targets(), ElementsAre(target_of_a1));
}

TEST(Fetch, TheRequestHasTheKeyAndThePinnedVersion) {
  stripe_server stripe(always(session_response(session_document())), scheme::https);
  expect_outcome(stripe.call({"fetch", "cs_test_a1"}).run());
  ASSERT_EQ(stripe.server().requests(), 1);
  const request asked = stripe.server().received()[0];
  EXPECT_EQ(asked.method, "GET");
  EXPECT_EQ(asked.body, "");
  EXPECT_EQ(asked.header("authorization"), "Bearer sk_test_1");
  EXPECT_THAT(asked.header("stripe-version"),
              ::testing::MatchesRegex("20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]\\.[a-z]+"));
  EXPECT_EQ(asked.header("stripe-account"), "");
}

TEST(Fetch, TakesAQueryAPathAUrlOrAnId) {
  stripe_server stripe(always(session_response(session_document())));
  const std::vector<std::string> forms = {
      "cs_test_a1",
      "session_id=cs_test_a1",
      "?session_id=cs_test_a1",
      "a=b&session_id=cs_test_a1&c=%3D",
      "session_id=cs%5Ftest%5Fa1",
      "/stripe_return?session_id=cs_test_a1",
      "http://localhost:8081/stripe_return?session_id=cs_test_a1",
      "https://shop.example/stripe_return?lang=en&session_id=cs_test_a1#top",
  };
  for (const std::string& form : forms) {
    SCOPED_TRACE(form);
    EXPECT_EQ(expect_outcome(stripe.call({"fetch", form}).run())["state"], "paid");
  }
  EXPECT_EQ(stripe.targets(), std::vector<std::string>(forms.size(), target_of_a1));
}

TEST(Fetch, TheParameterIsAnOption) {
  stripe_server stripe(always(session_response(session_document())));
  const std::string query = "session_id=cs_test_other&sid=cs_test_a1";
  expect_outcome(stripe.call({"fetch", query, "--param", "sid"}).run());
  EXPECT_THAT(stripe.targets(), ElementsAre(target_of_a1));
  expect_error(stripe.call({"fetch", query, "--param", "id"}).run(), "missing_session_id");
}

TEST(Fetch, TheOrderKeyIsAnOption) {
  const json metadata = {{"out_trade_no", "A1"}, {"order", "B2"}};
  stripe_server stripe(always(session_response(session_document({{"metadata", metadata}}))));
  const json outcome =
      expect_outcome(stripe.call({"fetch", "cs_test_a1", "--order-key", "order"}).run());
  EXPECT_EQ(outcome["out_trade_no"], "B2");
}

TEST(Fetch, TheAccountIsSent) {
  stripe_server stripe(always(session_response(session_document())));
  expect_outcome(stripe.call({"fetch", "cs_test_a1", "--account", "acct_1A"}).run());
  ASSERT_EQ(stripe.server().requests(), 1);
  EXPECT_EQ(stripe.server().received()[0].header("stripe-account"), "acct_1A");
}

TEST(Fetch, TheSessionIsHeldAgainstTheOrder) {
  stripe_server stripe(always(session_response(session_document())));
  const std::vector<std::string> order = {"--expect",   "out_trade_no=A1", "--expect",
                                          "amount=400", "--expect",        "currency=cny"};
  const json same = expect_outcome(stripe.call({"fetch", "cs_test_a1"}).with(order).run());
  EXPECT_EQ(same["state"], "paid");
  EXPECT_EQ(same["reasons"], json::array());
  const json other =
      expect_outcome(stripe.call({"fetch", "cs_test_a1", "--expect", "amount=401"}).run());
  EXPECT_EQ(other["state"], "needs_review");
  EXPECT_EQ(other["may_fulfill"], false);
  EXPECT_EQ(other["reasons"], json({"amount_mismatch"}));
}

TEST(Fetch, NowIsTheTimeOfStripesAnswer) {
  stripe_server before(always(open_session_at(expires_at - 1)));
  const json awaiting = expect_outcome(before.call({"fetch", "cs_test_a1"}).run());
  EXPECT_EQ(awaiting["state"], "awaiting_payment");
  EXPECT_EQ(awaiting["reasons"], json({"not_checked_against_order"}));

  stripe_server after(always(open_session_at(expires_at)));
  const json expired = expect_outcome(after.call({"fetch", "cs_test_a1"}).run());
  EXPECT_EQ(expired["state"], "expired");
  EXPECT_EQ(expired["confirmed_by_stripe"], false);
  EXPECT_EQ(expired["may_release"], false);
  EXPECT_EQ(expired["reasons"], json({"expiry_not_confirmed", "not_checked_against_order"}));
}

TEST(Fetch, WithoutStripesTimeTheClockIsNamed) {
  for (const char* date : {"", "yesterday"}) {
    loopback::response response = open_session_at(0);
    if (*date == '\0') {
      response.headers.erase(response.headers.begin() + 1);
    } else {
      response.headers[1].second = date;
    }
    stripe_server stripe(always(response));
    const json outcome = expect_outcome(stripe.call({"fetch", "cs_test_a1"}).run());
    EXPECT_EQ(outcome["state"], "expired");
    EXPECT_EQ(outcome["confirmed_by_stripe"], false);
    EXPECT_EQ(outcome["reasons"],
              json({"expiry_not_confirmed", "local_clock", "not_checked_against_order"}));
  }
}

TEST(Fetch, AnExpandedPaymentIntentTellsAFailedPayment) {
  const json intent = {
      {"id", "pi_1"}, {"object", "payment_intent"}, {"status", "requires_payment_method"}};
  stripe_server stripe(always(session_response(
      session_document({{"payment_status", "unpaid"}, {"payment_intent", intent}}))));
  const json outcome = expect_outcome(stripe.call({"fetch", "cs_test_a1"}).run());
  EXPECT_EQ(outcome["state"], "failed");
  EXPECT_EQ(outcome["payment_intent"], "pi_1");
}

TEST(Fetch, AKeyThatMayNotReadPaymentIntentsStillGetsAnOutcome) {
  stripe_server stripe([](const request& asked) {
    return asked.target.find("expand") == std::string::npos ? session_response(session_document())
                                                            : error_response(403, "");
  });
  const json outcome = expect_outcome(stripe.call({"fetch", "cs_test_a1"}).run());
  EXPECT_EQ(outcome["state"], "paid");
  EXPECT_EQ(outcome["reasons"],
            json({"not_checked_against_order", "payment_intent_not_permitted"}));
  EXPECT_THAT(stripe.targets(), ElementsAre(target_of_a1, "/v1/checkout/sessions/cs_test_a1"));
}

TEST(Fetch, APassingFailureIsAskedAgain) {
  stripe_server stripe([](const request& asked) {
    return asked.number == 1 ? loopback::response{503} : session_response(session_document());
  });
  EXPECT_EQ(expect_outcome(stripe.call({"fetch", "cs_test_a1"}).run())["state"], "paid");
  EXPECT_EQ(stripe.server().requests(), 2);
}

TEST(Fetch, TheRecordedSessionsAsStripeGoWritesThem) {
  loopback::response paid = session_response(nullptr);
  paid.body = data_file("paid.json");
  stripe_server stripe(always(paid));
  const json outcome = expect_outcome(stripe.call({"fetch", "session_id=cs_test_www"}).run());
  EXPECT_EQ(outcome["state"], "paid");
  EXPECT_EQ(outcome["out_trade_no"], "1774256382025448500");

  loopback::response unpaid = session_response(nullptr);
  unpaid.body = data_file("unpaid.json");
  stripe_server other(always(unpaid));
  EXPECT_EQ(expect_outcome(other.call({"fetch", "session_id=cs_test_wwww"}).run())["state"],
            "awaiting_payment");
}

TEST(Fetch, TheEnvironmentChangesNothingElse) {
  const loopback::refusing_port nobody;
  const std::string proxy = "http://127.0.0.1:" + std::to_string(nobody.port());
  for (const scheme how : {scheme::http, scheme::https}) {
    stripe_server stripe(always(session_response(session_document())), how);
    program_call call = stripe.call({"fetch", "cs_test_a1"});
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      call.variable(name, proxy);
    for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"})
      call.variable(name, "/dev/null");
    expect_outcome(call.run());
  }
}

} // namespace
