// `stripe-return order`: why is this order stuck?
#include "order_fixture.hpp"

#include <fstream>
#include <iterator>

namespace {

namespace sr = stripe_return;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(OrderCommands, AnOrderIsShownWithAllThatIsKeptOfIt) {
  const std::string session = open().at("id");
  const json open = shown();
  EXPECT_EQ(open["out_trade_no"], "A1");
  EXPECT_EQ(open["stage"], "open");
  EXPECT_EQ(open["waits_for"], "customer");
  EXPECT_EQ(open["pay_again"], "yes");
  EXPECT_EQ(open["may_release"], false);
  EXPECT_EQ(open["expected"]["amounts"], json::parse(R"([{"amount":400,"currency":"cny"}])"));
  EXPECT_EQ(open["checkout_attempts"], 1);
  EXPECT_EQ(open["retry_count"], 0);
  EXPECT_EQ(open["claim"], nullptr);
  EXPECT_EQ(open["due_since_utc"], nullptr);
  EXPECT_EQ(open["sessions"][0]["session_id"], session);
  EXPECT_EQ(open["sessions"][0]["state"], "awaiting_payment");
  EXPECT_EQ(open["sessions"][0]["checkout_attempt"], 1);
  EXPECT_EQ(open["history"].front()["action"], "expected");

  shop_.apply({{"id", session}}, "pay");
  learn();
  const json due = shown();
  EXPECT_EQ(due["stage"], "due");
  EXPECT_EQ(due["waits_for"], "worker");
  EXPECT_EQ(due["pay_again"], "no");
  EXPECT_EQ(due["sessions"][0]["state"], "paid");
  EXPECT_EQ(due["sessions"][0]["payment_intents"][0]["amount_received"], 400);
  EXPECT_EQ(due["paid_session"], session);
  EXPECT_EQ(due["fulfilled_by"], nullptr);
  EXPECT_TRUE(due["due_since"].is_number());

  work([&] {
    const json claimed = shown();
    EXPECT_EQ(claimed["waits_for"], "lease");
    EXPECT_EQ(claimed["claim"]["task"], "fulfill");
    EXPECT_EQ(claimed["claim"]["worker"], "worker");
  });
  const json fulfilled = shown();
  EXPECT_EQ(fulfilled["stage"], "fulfilled");
  EXPECT_EQ(fulfilled["waits_for"], "nothing");
  EXPECT_EQ(fulfilled["fulfilled_by"], "worker");
  EXPECT_EQ(fulfilled["history"].back()["action"], "fulfilled");
}

TEST_F(OrderCommands, AnOrderIsFoundByWhateverNamesIt) {
  const std::string session = sell().at("id");
  const json by_number = shown("A1");
  const std::string intent = by_number["sessions"][0]["payment_intents"][0]["payment_intent"];
  EXPECT_EQ(shown(session), by_number);
  EXPECT_EQ(shown(intent), by_number);
  const json refused = expect_error(call({"order", "A2"}).run(), "order_not_found");
  EXPECT_NE(refused.dump().find("check it, and the store"), std::string::npos) << refused;
  expect_error(call({"order", session + "_secret_1"}).run(), "order_not_found");
}

TEST_F(OrderCommands, WhatMayBeReleasedIsTold) {
  const json session = open();
  shop_.apply(session, "expire");
  learn();
  EXPECT_EQ(shown()["may_release"], true);
  EXPECT_EQ(shown()["waits_for"], "checkout");
}

TEST_F(OrderCommands, APaymentWithoutAnOrderIsShownToo) {
  ASSERT_TRUE(orders_.expect(order("A1")));
  const json session = made_elsewhere("B7");
  shop_.apply(session, "pay");
  come_back(session);
  const json unmatched = shown(session.at("id"));
  EXPECT_EQ(unmatched["stage"], "unmatched");
  EXPECT_EQ(unmatched["out_trade_no"], nullptr);
  EXPECT_EQ(unmatched["pay_again"], "unknown");
  EXPECT_EQ(unmatched["review_items"].size(), 1u);
  EXPECT_GE(unmatched["history"].size(), 1u);
}

TEST_F(OrderCommands, TimesAreToldInUtcAsWell) {
  sell();
  const json due = shown();
  const sr::unix_seconds since = due["due_since"];
  const std::time_t time = since;
  char expected[32];
  std::strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
  EXPECT_EQ(due["due_since_utc"], expected);
  EXPECT_EQ(due["history"][0]["at_utc"].get<std::string>().size(), 20u);
  EXPECT_FALSE(due["sessions"][0].contains("expires_at_utc")); // Stripe's own
}

TEST_F(OrderCommands, NothingAboutTheCustomerIsShown) {
  ASSERT_TRUE(orders_.expect(order("A1")));
  for (const char* number : {"A1", "B7"}) {
    const json session = shop_.create("&metadata[out_trade_no]=" + std::string(number) +
                                      "&metadata[note]=CANARY&customer_email=CANARY@mail.example");
    shop_.apply(session, "pay");
    come_back(session);
  }
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"order", "A1"}, {"list"}, {"refresh", "A1"}}) {
    const program_run run = call_with_key(command).run();
    EXPECT_THAT(run.output, HasSubstr("\"A1\""));
    EXPECT_THAT(run.output, Not(HasSubstr("CANARY")));
    EXPECT_THAT(run.output, Not(HasSubstr("://")));
    EXPECT_THAT(run.output, Not(HasSubstr("_secret_")));
  }
}

TEST_F(OrderCommands, MakesNoFileOfAMistypedPath) {
  const std::string mistyped = folder_ + "/order.db";
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"order", "A1"}, {"list"}}) {
    expect_error(program_call(command).with({"--store", "sqlite:" + mistyped}).run(),
                 "unreadable_file");
  }
  EXPECT_FALSE(std::filesystem::exists(mistyped));
}

// Which mode a store is of, the application's first order says and nobody else.
TEST_F(OrderCommands, AStoreThatNobodyHasUsedStaysSo) {
  ASSERT_FALSE(orders_.stats()->livemode); // makes the file
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"order", "A1"},
                                             {"list"},
                                             {"refresh", "A1"},
                                             {"resolve", "cs_test_1:1", "accept", "--by", "ann"},
                                             {"cancel", "A1", "--by", "ann"},
                                             {"close", "A1", "--by", "ann"},
                                             {"mark-fulfilled", "A1", "--by", "ann", "--unknown"},
                                             {"mark-refunded", "cs_test_1", "--by", "ann"}}) {
    SCOPED_TRACE(words[0]);
    const json error = expect_error(call_with_key(words).run(), "wrong_store");
    EXPECT_THAT(error["message"], HasSubstr("has no orders yet"));
  }
  call_with_key({"doctor"}).run();
  EXPECT_FALSE(orders_.stats()->livemode);
  sell();
  EXPECT_EQ(shown()["stage"], "due");
}

TEST_F(OrderCommands, AStoreOfTheOtherModeIsNotChanged) {
  const json session = sell();
  const json before = shown();
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"refresh", "A1"},
                                             {"resolve", "cs_test_1:1", "accept", "--by", "ann"},
                                             {"cancel", "A1", "--by", "ann"},
                                             {"close", "A1", "--by", "ann"},
                                             {"mark-fulfilled", "A1", "--by", "ann", "--unknown"},
                                             {"mark-refunded", session.at("id"), "--by", "ann"}}) {
    SCOPED_TRACE(words[0]);
    expect_error(call(words).variable("STRIPE_SECRET_KEY", "sk_live_1").run(), "wrong_store");
    expect_error(call(words).run(), "missing_secret_key");
  }
  EXPECT_EQ(shown(), before);
}

TEST_F(OrderCommands, NeverWritesItsOutputIntoTheDatabase) {
  sell();
  const json before = shown();
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"order", "A1"}, {"list"}, {"refresh", "A1"}, {"close", "A1", "--by", "ann"}}) {
    for (const std::vector<int>& closed :
         std::vector<std::vector<int>>{{1}, {1, 2}, {0, 1}, {0, 1, 2}}) {
      SCOPED_TRACE(command[0] + ::testing::PrintToString(closed));
      program_call without = call_with_key(command);
      for (const int each : closed)
        without.without(each);
      EXPECT_EQ(without.run().exit_code, 3);
    }
    EXPECT_EQ(call_with_key(command).output_to("/dev/full").run().exit_code, 3);
    EXPECT_EQ(call_with_key(command).without(STDIN_FILENO).run().exit_code, 0);
    EXPECT_EQ(call_with_key(command).without(STDERR_FILENO).run().exit_code, 0);
  }
  std::ifstream file(path(), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(bytes.substr(0, 15), "SQLite format 3");
  EXPECT_THAT(bytes, Not(HasSubstr("checkout_attempts\"")));
  EXPECT_EQ(shown()["stage"], before["stage"]);
}

TEST_F(OrderCommands, ARowThatCannotBeReadIsAnError) {
  sell();
  sr::order_change broken;
  broken.row.key = sr::order_key("A2");
  broken.row.text = "?";
  broken.row.index.stage = "open";
  broken.row.index.waits_for = "customer";
  broken.row.index.time(sr::order_list::all) = 1774267200;
  broken.row.index.time(sr::order_list::waiting) = 1774267200;
  broken.history = "?";
  ASSERT_EQ(store_.put(broken, {}).value(), sr::put_result::done);
  expect_error(call({"order", "A2"}).run(), "store_corrupt");
  expect_error(call({"order", "A1"}).with({"--order-key", ""}).run(), "invalid_option");
  const json list = listed();
  EXPECT_THAT(numbers(list), ElementsAre("A1"));
  EXPECT_EQ(list["unreadable"], json::parse(R"(["order:A2"])"));
}

} // namespace
