// `stripe-return doctor`: a line for each check, `ok|warn|fail NAME TEXT`.
#include "doctor_checks.hpp"
#include "stripe_server.hpp"

#include "loopback/closed_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

namespace {

using loopback::request;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Stripe's answer to a session that does not exist, at this time.
loopback::response not_found(long long now = std::time(nullptr)) {
  loopback::response response = error_response(404, "resource_missing");
  response.headers[1].second = http_date(now);
  return response;
}

TEST(Doctor, AllIsWellWhereStripeKnowsTheKey) {
  stripe_server stripe(always(not_found()), scheme::https);
  program_call call = stripe.call({"doctor"});
  call.variable("STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_2");
  const program_run run = call.run();
  auto checks = examined(run);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  for (const char* name : {"ca_file", "webhook_secret", "secret_key", "sessions_read",
                           "sessions_write", "payment_intents", "charges", "events", "clock"}) {
    EXPECT_EQ(checks[name].word, "ok") << name << ' ' << checks[name].text;
  }
  EXPECT_THAT(checks["libcurl"].word, AnyOf("ok", "warn")); // it is this computer's
  EXPECT_THAT(checks["secret_key"].text, HasSubstr("test mode"));
}

TEST(Doctor, AsksForWhatCannotExist) {
  stripe_server stripe(always(not_found()));
  examined(stripe.call({"doctor", "--account", "acct_1A"}).run());
  std::vector<std::string> asked;
  for (const request& each : stripe.server().received()) {
    asked.push_back(each.method + ' ' + each.target.substr(0, each.target.find('?')));
    EXPECT_EQ(each.header("authorization"), "Bearer sk_test_1");
    EXPECT_EQ(each.header("stripe-account"), "acct_1A");
  }
  EXPECT_THAT(asked, ElementsAre("GET /v1/checkout/sessions/cs_test_doctor",
                                 "GET /v1/checkout/sessions/cs_test_doctor",
                                 "POST /v1/checkout/sessions/cs_test_doctor/expire",
                                 "GET /v1/payment_intents/pi_doctor", "GET /v1/charges/ch_doctor",
                                 "GET /v1/events/evt_doctor"));
}

TEST(Doctor, AKeyThatStripeDoesNotKnowFails) {
  stripe_server stripe(always(error_response(401, "")));
  auto checks = examined(stripe.call({"doctor"}).run());
  EXPECT_EQ(checks["secret_key"].word, "ok"); // well formed
  EXPECT_EQ(checks["sessions_read"].word, "fail");
  EXPECT_THAT(checks["sessions_read"].text, HasSubstr("unauthorized"));
  for (const char* name : {"sessions_write", "payment_intents", "charges", "events"})
    EXPECT_EQ(checks[name].text, "not asked") << name;
  EXPECT_EQ(stripe.server().requests(), 1);
}

// Whoever answers at once that there is none, and whoever looks at the right first.
TEST(Doctor, ARightThatTheKeyHasNotIsAWarning) {
  struct row {
    const char* name;
    const char* part; // of what is refused
    const char* allow;
  };
  for (const row& each : {row{"sessions_write", "/expire", "'Checkout Sessions: Write'"},
                          row{"payment_intents", "payment_intent", "'PaymentIntents: Read'"},
                          row{"payment_intents", "/v1/payment_intents", "'PaymentIntents: Read'"},
                          row{"charges", "latest_charge", "'Charges: Read'"},
                          row{"charges", "/v1/charges", "'Charges: Read'"},
                          row{"events", "/v1/events", "'Events: Read'"}}) {
    SCOPED_TRACE(each.part);
    stripe_server stripe([&](const request& asked) {
      return asked.target.find(each.part) == std::string::npos ? not_found()
                                                               : error_response(403, "");
    });
    const program_run run = stripe.call({"doctor"}).run();
    auto checks = examined(run);
    EXPECT_EQ(run.exit_code, 0) << run.output;
    for (const char* name :
         {"sessions_read", "sessions_write", "payment_intents", "charges", "events"})
      EXPECT_EQ(checks[name].word, std::string(each.name) == name ? "warn" : "ok") << name;
    EXPECT_THAT(checks[each.name].text, HasSubstr(each.allow));
  }
}

TEST(Doctor, WhatCannotBeAskedIsNotKnown) {
  stripe_server stripe([](const request& asked) {
    return asked.target.find("/v1/events") == std::string::npos ? not_found()
                                                                : error_response(500, "");
  });
  auto checks = examined(stripe.call({"doctor"}).run());
  EXPECT_EQ(checks["events"].word, "warn");
  EXPECT_THAT(checks["events"].text, HasSubstr("not known: stripe_unavailable"));
}

TEST(Doctor, AKeyThatMayReadNothingFails) {
  stripe_server stripe(always(error_response(403, "")));
  auto checks = examined(stripe.call({"doctor"}).run());
  EXPECT_EQ(checks["sessions_read"].word, "fail");
  EXPECT_THAT(checks["sessions_read"].text, HasSubstr("permission_denied"));
}

TEST(Doctor, AServerThatIsNotStripeFails) {
  const nlohmann::json made_up = session_document({{"id", "cs_test_doctor"}});
  for (const loopback::response& response :
       {session_response(made_up), error_response(500, ""), error_response(302, ""),
        loopback::response{200, {}, "hello"}}) {
    loopback::response at_once = response;
    stripe_server stripe(always(at_once));
    auto checks = examined(stripe.call({"doctor"}).run());
    EXPECT_EQ(checks["sessions_read"].word, "fail");
    EXPECT_EQ(checks["secret_key"].word, "ok");
  }
}

TEST(Doctor, ARefusedConnectionFails) {
  const loopback::refusing_port nobody;
  program_call call({"doctor", "--api-base", "http://127.0.0.1:" + std::to_string(nobody.port())});
  call.variable("STRIPE_SECRET_KEY", "sk_test_1");
  auto checks = examined(call.run());
  EXPECT_EQ(checks["sessions_read"].word, "fail");
  EXPECT_THAT(checks["sessions_read"].text, HasSubstr("connection_refused"));
  EXPECT_EQ(checks["clock"].word, "warn");
}

TEST(Doctor, AStallingServerFailsWithinTheDeadline) {
  loopback::response response = not_found();
  response.fault = loopback::fault::stall_before_response;
  stripe_server stripe(always(response));
  auto checks = examined(stripe.call({"doctor", "--deadline", "1"}).run());
  EXPECT_EQ(checks["sessions_read"].word, "fail");
  EXPECT_THAT(checks["sessions_read"].text, HasSubstr("timed_out_waiting"));
  EXPECT_EQ(stripe.server().requests(), 1);
}

TEST(Doctor, AMissingOrWrongKeyFailsAndIsNotSent) {
  stripe_server stripe(always(not_found()));
  auto missing = examined(stripe.call_without_key({"doctor"}).run());
  EXPECT_EQ(missing["secret_key"].word, "fail");
  EXPECT_THAT(missing["secret_key"].text, HasSubstr("STRIPE_SECRET_KEY"));
  for (const char* key : {"", "pk_test_1", "sk_test_1 ", "whsec_1"}) {
    SCOPED_TRACE(key);
    program_call call = stripe.call_without_key({"doctor"});
    EXPECT_EQ(examined(call.variable("STRIPE_SECRET_KEY", key).run())["secret_key"].word, "fail");
  }
  EXPECT_EQ(stripe.server().connections(), 0);
}

// Whatever else is wrong, a key that is missing or publishable is never called well formed.
TEST(Doctor, TheKeyIsExaminedForItself) {
  for (const char* key : {"", "pk_test_1"}) {
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"--account", "1A"},
          std::vector<std::string>{"--api-base", "http://192.0.2.1"}}) {
      SCOPED_TRACE(::testing::PrintToString(wrong) + key);
      program_call call({"doctor", "--deadline", "0.001"});
      call.with(wrong).variable("STRIPE_SECRET_KEY", key);
      EXPECT_EQ(examined(call.run())["secret_key"].word, "fail");
    }
  }
}

TEST(Doctor, TheKeysModeIsWhatItBeginsWith) {
  stripe_server stripe(always(not_found()));
  for (const char* key : {"rk_test_1", "sk_test_1_live_1"}) {
    SCOPED_TRACE(key);
    program_call call = stripe.call_without_key({"doctor"});
    auto checks = examined(call.variable("STRIPE_SECRET_KEY", key).run());
    EXPECT_THAT(checks["secret_key"].text, HasSubstr("test mode"));
    EXPECT_EQ(checks["sessions_read"].word, "ok") << checks["sessions_read"].text;
  }
}

TEST(Doctor, ALiveKeyIsNotSentElsewhere) {
  stripe_server stripe(always(not_found()));
  program_call call = stripe.call_without_key({"doctor"});
  auto checks = examined(call.variable("STRIPE_SECRET_KEY", "sk_live_1").run());
  EXPECT_EQ(checks["sessions_read"].word, "fail");
  EXPECT_EQ(stripe.server().connections(), 0);
}

TEST(Doctor, AWebhookSecretThatIsNoneFails) {
  stripe_server stripe(always(not_found()));
  for (const char* secrets : {"sk_test_1", "whsec_1,1", "whsec_1,whsec_", "whsec_1 whsec_2",
                              "whsec_1\nwhsec_2", "whsec_", "whsec_ ", " , ,", " "}) {
    SCOPED_TRACE(secrets);
    program_call call = stripe.call({"doctor"});
    auto checks = examined(call.variable("STRIPE_WEBHOOK_SECRET", secrets).run());
    EXPECT_EQ(checks["webhook_secret"].word, "fail");
    EXPECT_EQ(checks["sessions_read"].word, "ok"); // the other checks are made nevertheless
  }
}

TEST(Doctor, WebhookSecretsAreThoseThatVerifyTakes) {
  stripe_server stripe(always(not_found()));
  for (const char* secrets :
       {"whsec_1", "whsec_1, whsec_2", "whsec_1,,whsec_2", "whsec_1\n", " whsec_1 ,\twhsec_2,"}) {
    SCOPED_TRACE(secrets);
    program_call call = stripe.call({"doctor"});
    auto checks = examined(call.variable("STRIPE_WEBHOOK_SECRET", secrets).run());
    EXPECT_EQ(checks["webhook_secret"].word, "ok") << checks["webhook_secret"].text;
  }
}

TEST(Doctor, NoWebhookSecretIsAWarning) {
  stripe_server stripe(always(not_found()));
  const program_run run = stripe.call({"doctor"}).run();
  EXPECT_EQ(examined(run)["webhook_secret"].word, "warn");
  EXPECT_EQ(run.exit_code, 0) << run.output;
}

TEST(Doctor, AClockThatIsWrongIsAWarning) {
  for (const long long skew : {-3600, 3600}) {
    stripe_server stripe(always(not_found(std::time(nullptr) + skew)));
    const program_run run = stripe.call({"doctor"}).run();
    EXPECT_EQ(examined(run)["clock"].word, "warn");
    EXPECT_EQ(run.exit_code, 0) << run.output;
  }
  loopback::response timeless = not_found();
  timeless.headers.erase(timeless.headers.begin() + 1);
  stripe_server stripe(always(timeless));
  EXPECT_EQ(examined(stripe.call({"doctor"}).run())["clock"].word, "warn");
}

TEST(Doctor, ACaFileThatCannotBeReadFails) {
  stripe_server stripe(always(not_found()), scheme::https);
  program_call call({"doctor", "--api-base", stripe.base(), "--ca-file", "/no/such/file.pem"});
  auto checks = examined(call.variable("STRIPE_SECRET_KEY", "sk_test_1").run());
  EXPECT_EQ(checks["ca_file"].word, "fail");
  EXPECT_EQ(checks["sessions_read"].word, "fail");
}

} // namespace
