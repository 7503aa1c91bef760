// `stripe-return decide`: what a document becomes.
#include "output_contract.hpp"
#include "session_document.hpp"

#include "data/data_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string data_folder = STRIPE_RETURN_TEST_DATA "/";

json decided(const json& session, const std::vector<std::string>& arguments = {}) {
  return expect_outcome(program_call({"decide", "-"}).with(arguments).input(session.dump()).run());
}

json refused(const std::string& text, const std::string& code) {
  SCOPED_TRACE(text.substr(0, 200));
  return expect_error(program_call({"decide", "-"}).input(text).run(), code);
}

TEST(Decide, TheRecordedPaidSessionIsPaid) {
  const json expected = {{"state", "paid"},
                         {"final", true},
                         {"may_fulfill", true},
                         {"may_release", false},
                         {"pay_again", "no"},
                         {"out_trade_no", "1774256382025448500"},
                         {"session_id", "cs_test_www"},
                         {"status", "complete"},
                         {"payment_status", "paid"},
                         {"mode", "payment"},
                         {"amount_total", 400},
                         {"currency", "cny"},
                         {"livemode", false},
                         {"created", 1774256386},
                         {"expires_at", 1774342786},
                         {"payment_intent", "pi_3TE4L6GLfJRXFUwH0xPlsxYW"},
                         {"confirmed_by_stripe", true},
                         {"reasons", {"not_checked_against_order"}},
                         {"next_step", "fulfill"}};
  EXPECT_EQ(expect_outcome(program_call({"decide", data_folder + "paid.json"}).run()), expected);
}

TEST(Decide, TheRecordedUnpaidSessionAwaitsPaymentUntilItExpires) {
  const std::string file = data_folder + "unpaid.json";
  json expected = {{"state", "awaiting_payment"},
                   {"final", false},
                   {"may_fulfill", false},
                   {"may_release", false},
                   {"pay_again", "yes"},
                   {"out_trade_no", "1774256092603328600"},
                   {"session_id", "cs_test_wwww"},
                   {"status", "open"},
                   {"payment_status", "unpaid"},
                   {"mode", "payment"},
                   {"amount_total", 400},
                   {"currency", "cny"},
                   {"livemode", false},
                   {"created", 1774256096},
                   {"expires_at", 1774342496},
                   {"payment_intent", "pi_3TE4GJGLfJRXFUwH1Ylk7jjo"},
                   {"confirmed_by_stripe", true},
                   {"reasons", {"not_checked_against_order"}},
                   {"next_step", "resume"}};
  for (const char* now : {"0", "1774256096", "1774342495"}) {
    SCOPED_TRACE(now);
    EXPECT_EQ(expect_outcome(program_call({"decide", file, "--now", now}).run()), expected);
  }

  expected["state"] = "expired";
  expected["pay_again"] = "unknown";
  expected["confirmed_by_stripe"] = false;
  expected["reasons"] = {"expiry_not_confirmed", "local_clock", "not_checked_against_order"};
  expected["next_step"] = "ask_again";
  for (const char* now : {"1774342496", "1774342497", "4102444800"}) {
    SCOPED_TRACE(now);
    EXPECT_EQ(expect_outcome(program_call({"decide", file, "--now", now}).run()), expected);
  }
}

TEST(Decide, WithoutNowItIsTheTimeOfDay) {
  const json open = {{"status", "open"}, {"payment_status", "unpaid"}};
  json session = session_document(open);
  session["expires_at"] = 1577836800; // the first day of 2020
  EXPECT_EQ(decided(session)["state"], "expired");
  session["expires_at"] = 253402300799; // the last second of the year 9999
  EXPECT_EQ(decided(session)["state"], "awaiting_payment");
}

struct state_case {
  json changes;
  std::string now;
  json outcome; // what is to stand in it
};

TEST(Decide, EveryStateWithWhatMayBeDone) {
  const auto intent = [](const char* status) {
    return json{{"id", "pi_1"}, {"object", "payment_intent"}, {"status", status}};
  };
  const auto facts = [](const char* state, bool final, bool may_fulfill, bool may_release,
                        const char* pay_again, bool confirmed, const char* next_step) {
    return json{{"state", state},
                {"final", final},
                {"may_fulfill", may_fulfill},
                {"may_release", may_release},
                {"pay_again", pay_again},
                {"confirmed_by_stripe", confirmed},
                {"next_step", next_step}};
  };
  const std::vector<state_case> cases = {
      {json::object(), "0", facts("paid", true, true, false, "no", true, "fulfill")},
      {{{"payment_status", "no_payment_required"},
        {"amount_total", 0},
        {"payment_intent", nullptr}},
       "0",
       facts("no_payment_required", true, true, false, "no", true, "fulfill")},
      {{{"payment_status", "unpaid"}},
       "0",
       facts("processing", false, false, false, "no", true, "wait")},
      {{{"payment_status", "unpaid"}, {"payment_intent", intent("canceled")}},
       "0",
       facts("failed", true, false, true, "yes", true, "new_checkout")},
      {{{"status", "open"}, {"payment_status", "unpaid"}},
       "0",
       facts("awaiting_payment", false, false, false, "yes", true, "resume")},
      {{{"status", "open"}, {"payment_status", "unpaid"}},
       "1774342786",
       facts("expired", false, false, false, "unknown", false, "ask_again")},
      {{{"status", "expired"}, {"payment_status", "unpaid"}},
       "0",
       facts("expired", true, false, true, "yes", true, "new_checkout")},
      {{{"status", "paused"}, {"payment_status", "unpaid"}},
       "0",
       facts("undetermined", false, false, false, "unknown", false, "ask_again")},
      {{{"status", "open"}},
       "0",
       facts("undetermined", false, false, false, "no", false, "ask_again")},
      {{{"status", "expired"}},
       "0",
       facts("needs_review", false, false, false, "no", true, "contact_shop")},
  };
  for (const state_case& each : cases) {
    SCOPED_TRACE(each.changes.dump());
    const json outcome = decided(session_document(each.changes), {"--now", each.now});
    for (const auto& [key, value] : each.outcome.items())
      EXPECT_EQ(outcome[key], value) << key;
  }
}

TEST(Decide, WordsArePrintedAsStripeSentThem) {
  const json words = {{"id", "cs_test_" + std::string(58, 'x')},
                      {"status", "half \"open\"\\ \u00e9\u4e2d\n"},
                      {"payment_status", "PAID"},
                      {"mode", " payment"},
                      {"currency", "x-new"},
                      {"payment_intent", "pi-\u20ac"}};
  json outcome = decided(session_document(words));
  outcome["id"] = outcome["session_id"];
  for (const auto& [key, value] : words.items())
    EXPECT_EQ(outcome[key], value) << key;
  EXPECT_EQ(outcome["state"], "undetermined");
}

TEST(Decide, NullEmptyAndAbsentTextIsNull) {
  const std::vector<std::string> keys = {"id",   "status",   "payment_status",
                                         "mode", "currency", "payment_intent"};
  for (const std::string& key : keys) {
    SCOPED_TRACE(key);
    json absent = session_document();
    absent.erase(key);
    for (const json& session :
         {session_document({{key, nullptr}}), session_document({{key, ""}}), absent}) {
      EXPECT_EQ(decided(session)[key == "id" ? "session_id" : key], nullptr);
    }
  }
  for (const json& metadata : {json(nullptr), json::object(), json{{"out_trade_no", ""}},
                               json{{"out_trade_no", nullptr}}, json{{"other", "A1"}}}) {
    EXPECT_EQ(decided(session_document({{"metadata", metadata}}))["out_trade_no"], nullptr);
  }
}

TEST(Decide, AnAmountOfZeroIsZeroAndNotNull) {
  for (const json& amount : {json(0), json(nullptr), json(1), json(-5), json(INT64_MAX)}) {
    EXPECT_EQ(decided(session_document({{"amount_total", amount}}))["amount_total"], amount);
  }
  json absent = session_document();
  absent.erase("amount_total");
  EXPECT_EQ(decided(absent)["amount_total"], nullptr);
}

TEST(Decide, LivemodeIsStripesOwnOrNull) {
  for (const json& livemode : {json(true), json(false), json(nullptr)}) {
    EXPECT_EQ(decided(session_document({{"livemode", livemode}}))["livemode"], livemode);
  }
}

TEST(Decide, TimesAreStripesOwnAndNeverComputed) {
  json open = session_document({{"status", "open"}, {"payment_status", "unpaid"}});
  for (const char* key : {"created", "expires_at"}) {
    SCOPED_TRACE(key);
    for (const json& none : {json(0), json(nullptr)}) {
      open[key] = none;
      EXPECT_EQ(decided(open)[key], nullptr);
    }
    open.erase(key);
    EXPECT_EQ(decided(open)[key], nullptr);
    open[key] = 1774256386;
    EXPECT_EQ(decided(open)[key], 1774256386);
  }
}

TEST(Decide, WithoutExpiresAtASessionLivesForADayFromItsCreation) {
  const json open = {{"status", "open"}, {"payment_status", "unpaid"}, {"expires_at", 0}};
  const json session = session_document(open);
  const json before = decided(session, {"--now", "1774342785"});
  EXPECT_EQ(before["state"], "awaiting_payment");
  EXPECT_EQ(before["expires_at"], nullptr);
  EXPECT_EQ(decided(session, {"--now", "1774342786"})["state"], "expired");

  json timeless = session;
  timeless["created"] = nullptr;
  EXPECT_EQ(decided(timeless, {"--now", "4102444800"})["state"], "awaiting_payment");
}

TEST(Decide, ThePaymentIntentIsItsIdInEveryForm) {
  for (const json& intent :
       {json("pi_1"), json{{"id", "pi_1"}, {"object", "payment_intent"}, {"status", "succeeded"}},
        json{{"id", "pi_1"}, {"object", ""}, {"status", ""}}}) {
    EXPECT_EQ(decided(session_document({{"payment_intent", intent}}))["payment_intent"], "pi_1");
  }
}

TEST(Decide, TheEmptySessionIsUndeterminedAndAllNull) {
  for (const std::string& text : {std::string("{}"), data_file("stripe_go_zero.json")}) {
    const json outcome = expect_outcome(program_call({"decide", "-"}).input(text).run());
    EXPECT_EQ(outcome["state"], "undetermined");
    EXPECT_EQ(outcome["reasons"],
              json({"not_checked_against_order", "session_id_missing", "unrecognized_mode",
                    "unrecognized_payment_status", "unrecognized_status"}));
    for (const char* key : {"out_trade_no", "session_id", "status", "payment_status", "mode",
                            "currency", "created", "expires_at", "payment_intent"}) {
      EXPECT_EQ(outcome[key], nullptr) << key;
    }
  }
}

TEST(Decide, ReasonsAreAnEmptyListWhenThereAreNone) {
  const json outcome = decided(session_document(), {"--expect", "out_trade_no=A1", "--expect",
                                                    "amount=400", "--expect", "currency=cny"});
  EXPECT_EQ(outcome["reasons"], json::array());
}

TEST(Decide, TheOrderKeyIsAnOption) {
  const json session = session_document({{"metadata", {{"out_trade_no", "A1"}, {"order", "B2"}}}});
  EXPECT_EQ(decided(session)["out_trade_no"], "A1");
  EXPECT_EQ(decided(session, {"--order-key", "order"})["out_trade_no"], "B2");
  const json missing = decided(session, {"--order-key", "Order"});
  EXPECT_EQ(missing["out_trade_no"], nullptr);
  EXPECT_EQ(missing["state"], "needs_review");
  EXPECT_TRUE(has_reason(missing, "out_trade_no_missing"));
}

TEST(Decide, AFileAndTheStandardInputAreReadAlike) {
  const program_run file = program_call({"decide", data_folder + "paid.json"}).run();
  const program_run input = program_call({"decide", "-"}).input(data_file("paid.json")).run();
  EXPECT_EQ(file.output, input.output);
}

TEST(DecideRefusal, AFileThatCannotBeRead) {
  for (const std::string& file : {data_folder + "no_such_file.json", data_folder, std::string("/"),
                                  std::string(), std::string("/dev/zero")}) {
    SCOPED_TRACE(file);
    const json error = expect_error(program_call({"decide", file}).run(), "unreadable_file");
    EXPECT_EQ(error["http_status"], nullptr);
    EXPECT_EQ(error["stripe_code"], nullptr);
    EXPECT_EQ(error["request_id"], nullptr);
    EXPECT_EQ(error["retryable"], false);
  }
}

TEST(DecideRefusal, ADocumentThatIsNotOneWholeSession) {
  for (const char* text : {"", " ", "{", "{}{}", "session", "{\"id\":\"\xff\"}"})
    refused(text, "not_json");
  for (const char* text : {"[]", "null", "\"cs_test_a1\"", "1", "true"})
    refused(text, "wrong_object");
  refused(session_document({{"status", 1}}).dump(), "unexpected_type");
  refused(session_document({{"amount_total", "400"}}).dump(), "unexpected_type");
  refused(session_document({{"amount_total", 4.5}}).dump(), "number_out_of_range");
  refused(session_document({{"expires_at", -1}}).dump(), "number_out_of_range");
  refused(R"({"status":"open","status":"complete"})", "repeated_key");
  refused(R"({"metadata":{"out_trade_no":"A1","out_trade_no":"A2"}})", "repeated_key");
}

TEST(DecideRefusal, AnotherObjectOfStripes) {
  for (const char* object : {"payment_intent", "list", "checkout.session.v2", "v2.core.event"}) {
    refused(json{{"id", "x_1"}, {"object", object}}.dump(), "wrong_object");
  }
  const json event = {{"id", "evt_1"},         {"object", "event"},
                      {"created", 1774256386}, {"data", {{"object", session_document()}}},
                      {"livemode", false},     {"type", "checkout.session.completed"}};
  const json error = refused(event.dump(), "wrong_object");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("verify"));
}

// The order of the keys says nothing in JSON. Stripe's second kind of event has its time as text.
TEST(DecideRefusal, AnotherObjectWhereverItSaysSo) {
  refused(R"({"created":"2026-09-30T00:00:00Z","object":"v2.core.event"})", "wrong_object");
}

} // namespace
