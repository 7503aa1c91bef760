#include "an_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;

sr::order_record order_with_everything() {
  sr::order_record order = order_a1();
  order.expected->amounts.emplace_back(9007199254740993, "jpy"); // no double holds it
  order.expected->amount_rule = sr::amount_rule::subtotal_exact;
  order.expected->mode = sr::session_mode::subscription;
  order.expected->livemode = sr::livemode::test;
  order.expected->account = "acct_1";
  order.expected->session_ids = {"cs_test_1", "cs_test_2"};
  order.stage = sr::order_stage::due;
  order.attempts = 2;
  order.attempt_at = noon - 9;
  order.sessions = {{"cs_test_1", 1, sr::order_state::paid, true, noon - 8, true},
                    {"cs_test_2", 2, sr::order_state::awaiting_payment, false, 0, false}};
  order.paid_session = "cs_test_1";
  order.review = {sr::reason::duplicate_payment, sr::reason::unrecognized_status};
  order.held = true;
  order.token = 18446744073709551615u;
  order.lease = noon + 1;
  order.tries = 3;
  order.due_at = noon + 2;
  order.due_since = noon - 3;
  order.asks = 4;
  order.ask_at = noon + 5;
  order.version = 77;
  return order;
}

TEST(OrderText, ComesBackAsItWas) {
  for (const sr::order_record& order : {order_with_everything(), order_a1(), sr::order_record()}) {
    const std::string text = to_text(order);
    const auto read = sr::parse_order_record(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_text(*read), text);
  }
  const auto read = sr::parse_order_record(to_text(order_with_everything())).value();
  EXPECT_EQ(read.expected->out_trade_no, "A1");
  EXPECT_EQ(read.expected->amounts, order_with_everything().expected->amounts);
  EXPECT_EQ(read.expected->amount_rule, sr::amount_rule::subtotal_exact);
  EXPECT_EQ(read.expected->mode, sr::session_mode::subscription);
  EXPECT_EQ(read.expected->livemode, sr::livemode::test);
  EXPECT_EQ(read.sessions.at(0).state, sr::order_state::paid);
  EXPECT_TRUE(read.sessions.at(0).reviewed);
  EXPECT_EQ(read.review, order_with_everything().review);
  EXPECT_EQ(read.token, 18446744073709551615u);
  EXPECT_FALSE(sr::parse_order_record(to_text(sr::order_record()))->expected);
}

TEST(OrderText, ThatIsNoneIsCorrupt) {
  const std::string good = to_text(order_with_everything());
  const auto code_of = [](const std::string& text) {
    const auto read = sr::parse_order_record(text);
    return read ? sr::error_code::unreadable_file : read.error().code;
  };
  EXPECT_EQ(code_of(""), sr::error_code::store_corrupt);
  EXPECT_EQ(code_of("{}"), sr::error_code::store_corrupt);
  EXPECT_EQ(code_of("[]"), sr::error_code::store_corrupt);
  EXPECT_EQ(code_of(good.substr(0, good.size() - 1)), sr::error_code::store_corrupt);
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"due\"", "\"sent\""},
                                 {"\"paid\"", "\"payed\""},
                                 {"\"subscription\"", "\"gift\""},
                                 {"\"subtotal_exact\"", "\"about\""},
                                 {"duplicate_payment", "twice"},
                                 {"\"version\":77", "\"version\":\"77\""},
                                 {"\"version\":77", "\"version\":-1"},
                                 {"\"tries\":3", "\"tries\":3.5"},
                                 {"\"tries\":3", "\"tries\":2147483648"},
                                 {"\"tries\":3", "\"tries\":-2147483649"},
                                 {"9007199254740993", "9223372036854775808"},
                                 {"9007199254740993", "1e3"},
                                 {"18446744073709551615", "18446744073709551616"},
                                 {"\"sessions\":[", "\"sessions\":null,\"more\":["},
                                 {"\"amounts\":[", "\"amounts\":{},\"more\":["}}) {
    std::string bad = good;
    ASSERT_NE(bad.find(from), std::string::npos) << from;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_EQ(code_of(bad), sr::error_code::store_corrupt) << to;
  }
}

TEST(OrderText, HoldsReasonsAsWords) {
  EXPECT_EQ(sr::to_text(std::vector<sr::reason>{}), "");
  EXPECT_EQ(sr::to_text({sr::reason::duplicate_payment, sr::reason::fulfill_gave_up}),
            "duplicate_payment fulfill_gave_up");
  EXPECT_EQ(sr::parse_reasons("duplicate_payment fulfill_gave_up").value(),
            (std::vector<sr::reason>{sr::reason::duplicate_payment, sr::reason::fulfill_gave_up}));
  EXPECT_TRUE(sr::parse_reasons("").value().empty());
  for (const char* bad : {" ", "twice", "duplicate_payment  fulfill_gave_up", "duplicate_payment "})
    EXPECT_FALSE(sr::parse_reasons(bad)) << bad;
}

TEST(OrderIndex, SaysWhoHasToLookAtIt) {
  sr::order_record order = order_a1();
  EXPECT_FALSE(sr::index_of(order).claimable_at);
  EXPECT_FALSE(sr::index_of(order).due_since);
  EXPECT_FALSE(sr::index_of(order).ask_at);
  order.ask_at = noon;
  EXPECT_EQ(sr::index_of(order).ask_at, noon);
  order.stage = sr::order_stage::due;
  order.due_since = noon - 5;
  order.lease = noon;
  order.due_at = noon + 1;
  EXPECT_EQ(sr::index_of(order).claimable_at, noon + 1);
  EXPECT_EQ(sr::index_of(order).leased_until, noon);
  EXPECT_EQ(sr::index_of(order).due_since, noon - 5);
  order.held = true;
  EXPECT_FALSE(sr::index_of(order).claimable_at);
  EXPECT_EQ(sr::index_of(order).due_since, noon - 5);
  EXPECT_FALSE(sr::index_of(order).in_review);
  order.review = {sr::reason::amount_mismatch};
  EXPECT_TRUE(sr::index_of(order).in_review);
}

} // namespace
