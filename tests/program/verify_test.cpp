// `stripe-return verify`: what a webhook becomes.
#include "output_contract.hpp"

#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

namespace {

using nlohmann::json;
using stripe_return::unix_seconds;
using stripe_return::testkit::session_builder;
using stripe_return::testkit::sign_webhook;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr unix_seconds signed_at = 1774256500;
const char completed[] = "checkout.session.completed";
const session_builder an_order = session_builder().out_trade_no("A1");
const std::string small_event = R"({"id":"evt_1","object":"event","livemode":false})";

// The webhook as it comes: its body, and the header over it by the secret whsec_1.
program_call verify(const std::string& body, unix_seconds time = signed_at) {
  program_call call({"verify", "--signature", sign_webhook(body, "whsec_1", time)});
  return call.input(body).variable("STRIPE_WEBHOOK_SECRET", "whsec_1");
}

json verified(const std::string& body, const std::vector<std::string>& arguments = {}) {
  SCOPED_TRACE(body);
  return expect_event(
      verify(body).with({"--now", std::to_string(signed_at)}).with(arguments).run());
}

json refused_webhook(const std::string& body, const std::string& code) {
  SCOPED_TRACE(body.substr(0, 200));
  return expect_refused_event(verify(body).with({"--now", std::to_string(signed_at)}).run(), code);
}

TEST(Verify, APaidEventIsTheOutcomeOfItsSession) {
  const json event = verified(an_order.paid().event(completed, "evt_42"));
  const json outcome =
      expect_outcome(program_call({"decide", "-"}).input(an_order.paid().json()).run());
  EXPECT_EQ(outcome["state"], "paid");
  EXPECT_EQ(outcome["may_fulfill"], true);
  const json expected = {{"event_id", "evt_42"},
                         {"event_type", completed},
                         {"livemode", false},
                         {"account", nullptr},
                         {"session_id", outcome["session_id"]},
                         {"thin", false},
                         {"answer", 200},
                         {"outcome", outcome}};
  EXPECT_EQ(event, expected);
}

TEST(Verify, AThinEventNamesTheSessionToFetch) {
  const json expected = {{"event_id", "evt_42"}, {"event_type", completed},    {"livemode", false},
                         {"account", "acct_1"},  {"session_id", "cs_test_b2"}, {"thin", true},
                         {"answer", 200},        {"outcome", nullptr}};
  EXPECT_EQ(
      verified(an_order.paid().id("cs_test_b2").account("acct_1").thin_event(completed, "evt_42")),
      expected);
}

TEST(Verify, EveryStateThatAnEventCanTell) {
  const struct {
    session_builder session;
    const char* type;
    const char* state;
  } cases[] = {
      {an_order.processing(), completed, "processing"},
      {an_order.no_payment_required(), completed, "no_payment_required"},
      {an_order.paid(), "checkout.session.async_payment_succeeded", "paid"},
      {an_order.failed(), "checkout.session.async_payment_failed", "failed"},
      {an_order.processing(), "checkout.session.async_payment_failed", "failed"},
      {an_order.paid(), "checkout.session.async_payment_failed", "paid"},
      {an_order.expired(), "checkout.session.expired", "expired"},
      {an_order.set("status", R"("a_new_word")"), completed, "undetermined"},
      {an_order.expired().paid().set("status", R"("expired")"), completed, "needs_review"},
  };
  for (const auto& each : cases) {
    const json event = verified(each.session.event(each.type));
    EXPECT_EQ(event["outcome"]["state"], each.state) << each.type;
    EXPECT_EQ(event["event_type"], each.type);
  }
}

TEST(Verify, AFailedPaymentSaysSo) {
  const json outcome =
      verified(an_order.processing().event("checkout.session.async_payment_failed"))["outcome"];
  EXPECT_EQ(outcome["final"], true);
  EXPECT_EQ(outcome["may_fulfill"], false);
  EXPECT_EQ(outcome["may_release"], true);
  EXPECT_EQ(outcome["pay_again"], "yes");
  EXPECT_TRUE(has_reason(outcome, "async_payment_failed"));
}

TEST(Verify, TheTimeOfTheDecisionIsTheEvents) {
  const std::string body = an_order.created(signed_at - 86400).event(completed);
  EXPECT_EQ(verified(body)["outcome"]["state"], "awaiting_payment");
  EXPECT_FALSE(has_reason(verified(body)["outcome"], "local_clock"));
}

TEST(Verify, AnEventWithoutASessionHasNoOutcome) {
  for (const std::string& body :
       {small_event, an_order.paid().event("checkout.session.a_new_word"),
        std::string(R"({"id":"evt_1","object":"event","livemode":false,"type":"charge.refunded",)"
                    R"("data":{"object":{"object":"charge","id":"ch_1","status":7}}})")}) {
    const json event = verified(body);
    EXPECT_EQ(event["outcome"], nullptr) << body;
    EXPECT_EQ(event["session_id"], nullptr) << body;
    EXPECT_EQ(event["thin"], false) << body;
  }
  const json nothing = verified(R"({"object":"event"})");
  for (const char* key : {"event_id", "event_type", "livemode", "account", "outcome"})
    EXPECT_EQ(nothing[key], nullptr) << key;
}

TEST(Verify, AnEventOfTheOtherModeHasNoOutcome) {
  const std::string test_event = an_order.paid().event(completed);
  const std::string live_event = an_order.paid().id("cs_live_a1").event(completed);
  EXPECT_EQ(verified(test_event)["outcome"]["livemode"], false);
  EXPECT_EQ(verified(live_event)["outcome"]["livemode"], true);
  EXPECT_EQ(verified(test_event, {"--livemode", "false"})["outcome"]["state"], "paid");
  EXPECT_EQ(verified(live_event, {"--livemode", "true"})["outcome"]["state"], "paid");
  EXPECT_EQ(verified(test_event, {"--livemode", "true"})["outcome"], nullptr);
  EXPECT_EQ(verified(test_event, {"--livemode", "true"})["livemode"], false);
  EXPECT_EQ(verified(live_event, {"--livemode", "false"})["outcome"], nullptr);
}

TEST(Verify, TheAccountOfAConnectEndpointIsNamed) {
  const json event = verified(an_order.paid().account("acct_1").event(completed));
  EXPECT_EQ(event["account"], "acct_1");
  EXPECT_EQ(event["outcome"]["state"], "needs_review");
  EXPECT_EQ(event["outcome"]["may_fulfill"], false);
}

TEST(Verify, TheAccountOfAnOrganizationsEventIsThatOfItsContext) {
  const std::string body = an_order.paid().event(completed);
  const json event = verified(R"({"context":"org_1/acct_1",)" + body.substr(body.find('{') + 1));
  EXPECT_EQ(event["account"], "acct_1");
  EXPECT_EQ(event["outcome"]["may_fulfill"], false);
}

// The small event, signed by one secret and held against others.
program_run held_against(const std::string& secrets, const std::string& signed_by) {
  SCOPED_TRACE(secrets);
  return program_call({"verify", "--signature", sign_webhook(small_event, signed_by, signed_at),
                       "--now", std::to_string(signed_at)})
      .input(small_event)
      .variable("STRIPE_WEBHOOK_SECRET", secrets)
      .run();
}

TEST(VerifySecret, AnyOfSeveralWillDo) {
  for (const char* right : {"whsec_2", "whsec_1,whsec_2", "whsec_2,whsec_1"})
    expect_event(held_against(right, "whsec_2"));
  for (const char* wrong : {"whsec_1", "whsec_1,whsec_3", "whsec_2whsec_1"})
    expect_refused_event(held_against(wrong, "whsec_2"), "signature_mismatch");
}

// They are pasted, and files that set variables end with a line break.
TEST(VerifySecret, WhiteSpaceAroundItIsNotOfIt) {
  for (const char* signed_by : {"whsec_a", "whsec_b"}) {
    for (const char* secrets :
         {"whsec_a, whsec_b ", " whsec_a,\twhsec_b\r\n", "whsec_a,,whsec_b", ", whsec_b, whsec_a,"})
      expect_event(held_against(secrets, signed_by));
  }
}

TEST(VerifySecret, WhiteSpaceIsNone) {
  expect_event(held_against("whsec_real, ", "whsec_real"));
  for (const char* guessed : {" ", "\t", "whsec_real, ", " whsec_real"})
    expect_refused_event(held_against("whsec_real, ", guessed), "signature_mismatch");
  for (const char* secrets : {"", " ", ",", " , ,", "\t\r\n", ",\n"})
    expect_refused_event(held_against(secrets, " "), "missing_webhook_secret", 500);
}

TEST(VerifySecret, OneThatAnybodyCouldWriteIsRefused) {
  const struct {
    const char* secrets;
    const char* signed_by;
    const char* number;
  } cases[] = {{"whsec_", "whsec_", "number 1"},
               {" whsec_ ", "whsec_", "number 1"},
               {"whsec_CANARY,whsec_", "whsec_CANARY", "number 2"},
               {"whsec_CANARY whsec_b", "whsec_CANARY", "number 1"},
               {",whsec_b, whsec_CANARY\twhsec_c", "whsec_b", "number 2"},
               {"whsec_CANARY\nwhsec_b", "whsec_b", "number 1"}};
  for (const auto& each : cases) {
    const program_run run = held_against(each.secrets, each.signed_by);
    const json error = expect_refused_event(run, "malformed_webhook_secret", 500);
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("STRIPE_WEBHOOK_SECRET"));
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr(each.number));
    EXPECT_THAT(run.output, Not(HasSubstr("CANARY")));
  }
}

TEST(VerifySecret, WithoutOneItNamesTheVariable) {
  const program_run run = program_call({"verify", "--signature", "t=1,v1="}).input("{}").run();
  const json error = expect_refused_event(run, "missing_webhook_secret", 500);
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("STRIPE_WEBHOOK_SECRET"));
  EXPECT_EQ(error["retryable"], false);
}

TEST(Verify, TheToleranceIsAnOption) {
  const auto at = [](unix_seconds now, const std::vector<std::string>& arguments = {}) {
    return verify(small_event).with({"--now", std::to_string(now)}).with(arguments).run();
  };
  expect_event(at(signed_at + 300));
  expect_event(at(signed_at - 300));
  expect_refused_event(at(signed_at + 301), "signature_too_old");
  expect_refused_event(at(signed_at - 301), "signature_in_future");
  expect_event(at(signed_at + 10, {"--tolerance", "10"}));
  expect_refused_event(at(signed_at + 11, {"--tolerance", "10"}), "signature_too_old");
  expect_event(at(signed_at, {"--tolerance", "0"}));
  expect_refused_event(at(signed_at - 1, {"--tolerance", "0"}), "signature_in_future");
  expect_event(at(signed_at + 86400, {"--tolerance", "86400"}));
  expect_refused_event(at(INT64_MAX), "signature_too_old");
}

TEST(Verify, WithoutNowItIsTheTimeOfDay) {
  expect_event(verify(small_event, std::time(nullptr)).run());
  expect_refused_event(verify(small_event, signed_at).run(), "signature_too_old");
}

// A byte more, less or other than what was signed would be a mismatch.
TEST(Verify, TheBodyIsReadAsItsBytes) {
  const std::string zoe = "{\"object\":\"event\",\"n\":\"Zo\xc3\xab \xf0\x9f\x98\x80\"}";
  for (const std::string& body : {small_event + "\n", "\r\n" + small_event + "\r\n", zoe,
                                  small_event + std::string(200000, ' ')}) {
    verified(body);
  }
  refused_webhook("", "not_json");
  refused_webhook(small_event + std::string(1, '\0'), "not_json");
  refused_webhook(std::string(1, '\0') + small_event, "not_json");
  refused_webhook("\xff\xfe", "not_json");
  const std::string nul(1, '\0');
  expect_refused_event(verify(small_event + nul + "a")
                           .input(small_event + nul + "b")
                           .with({"--now", std::to_string(signed_at)})
                           .run(),
                       "signature_mismatch");
}

TEST(VerifyRefusal, ASignatureThatIsNotOverThisBody) {
  const std::string good = sign_webhook(small_event, "whsec_1", signed_at);
  const auto with_header = [](const std::string& header, const char* code) {
    SCOPED_TRACE(header);
    expect_refused_event(program_call({"verify", "--signature", header})
                             .with({"--now", std::to_string(signed_at)})
                             .input(small_event)
                             .variable("STRIPE_WEBHOOK_SECRET", "whsec_1")
                             .run(),
                         code);
  };
  with_header("", "not_signed");
  with_header("signature", "malformed_signature");
  with_header(good + ",,", "malformed_signature");
  with_header("t=" + std::to_string(signed_at), "signature_mismatch");
  with_header("v1=" + good.substr(good.size() - 64), "malformed_signature");
  with_header(sign_webhook(small_event, "whsec_2", signed_at), "signature_mismatch");
  with_header(sign_webhook(small_event + " ", "whsec_1", signed_at), "signature_mismatch");
}

TEST(VerifyRefusal, ASignedBodyThatIsNoEvent) {
  refused_webhook(small_event + "+[", "not_json");
  refused_webhook("[]", "wrong_object");
  refused_webhook("{}", "not_an_event");
  refused_webhook(an_order.paid().json(), "not_an_event");
  refused_webhook(R"({"object":"event","id":"evt_1","id":"evt_2"})", "repeated_key");
  refused_webhook(small_event + std::string(1024 * 1024, ' '), "webhook_too_large");
}

TEST(VerifyRefusal, ACheckoutEventThatCannotBeReadIsToBeSentAgain) {
  for (const session_builder& session :
       {an_order.set("status", "7"), an_order.set("amount_total", "4.5"),
        an_order.set("object", "null"), an_order.set("object", R"("payment_intent")")}) {
    expect_refused_event(
        verify(session.event(completed)).with({"--now", std::to_string(signed_at)}).run(),
        "unreadable_event", 500);
  }
}

TEST(VerifyRefusal, ABodyThatCannotBeRead) {
  program_call call({"verify", "--signature", "t=1,v1="});
  expect_refused_event(call.input_from("/").variable("STRIPE_WEBHOOK_SECRET", "whsec_1").run(),
                       "unreadable_file");
}

TEST(VerifyUsage, IsCheckedBeforeAnythingIsRead) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"body.json"},
      {"--signature", "t=1", "-"},
      {"--signature", "t=1", "--signature", "t=1"},
      {"--signature", "t=1", "--livemode", "maybe"},
      {"--signature", "t=1", "--livemode", ""},
      {"--signature", "t=1", "--livemode", "1"},
      {"--signature", "t=1", "--now", "soon"},
      {"--signature", "t=1", "--now", ""},
      {"--signature", "t=1", "--tolerance", "-1"},
      {"--signature", "t=1", "--tolerance", "86401"},
      {"--signature", "t=1", "--tolerance", "5m"},
      {"--signature", "t=1", "--tolerance", "1.5"},
      {"--signature", "t=1", "--tolerance", "0x10"},
      {"--signature", "t=1", "--tolerance", ""},
  };
  for (const std::vector<std::string>& each : wrong) {
    SCOPED_TRACE(::testing::PrintToString(each));
    program_call call({"verify"});
    expect_usage(call.with(each).input(small_event).variable("STRIPE_WEBHOOK_SECRET", "x").run());
  }
}

} // namespace
