#include <stripe_return/client/session_client.hpp>

#include "unit/core/printing.hpp"
#include "unit/core/session_json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using sr::order_state;
using sr::reason;

sr::fetched_session fetched(const session_json& json,
                            sr::unix_seconds time = session_json::created) {
  sr::fetched_session made;
  made.session = json.decoded();
  made.time = time;
  made.clock = sr::clock_source::stripe;
  return made;
}

sr::expected_order order() {
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {sr::money(400, "cny")};
  return expected;
}

TEST(FetchedSession, IsDecidedAsTheSessionItHolds) {
  const sr::fetched_session paid = fetched(session_json());
  EXPECT_EQ(sr::decide(paid).state(), order_state::paid);
  EXPECT_TRUE(sr::decide(paid).has(reason::not_checked_against_order));
  EXPECT_EQ(sr::decide(paid, order()).state(), order_state::paid);
  EXPECT_TRUE(sr::decide(paid, order()).may_fulfill("A1"));
  EXPECT_TRUE(sr::decide(paid, order()).reasons().empty());
}

TEST(FetchedSession, IsDecidedAtTheTimeOfTheAnswer) {
  const session_json open = session_json().words("open", "unpaid");
  struct row {
    sr::unix_seconds time;
    order_state expected;
  };
  for (const row& each : {row{session_json::expires_at - 1, order_state::awaiting_payment},
                          row{session_json::expires_at, order_state::expired}}) {
    EXPECT_EQ(sr::decide(fetched(open, each.time)).state(), each.expected) << each.time;
    EXPECT_EQ(sr::decide(fetched(open, each.time), order()).state(), each.expected) << each.time;
  }
}

TEST(FetchedSession, SaysWhoseClockItWas) {
  for (const auto& [status, payment_status] :
       {std::pair{"complete", "paid"}, std::pair{"open", "unpaid"}}) {
    sr::fetched_session made = fetched(session_json().words(status, payment_status));
    EXPECT_FALSE(sr::decide(made).has(reason::local_clock));
    EXPECT_FALSE(sr::decide(made, order()).has(reason::local_clock));
    made.clock = sr::clock_source::local;
    EXPECT_TRUE(sr::decide(made).has(reason::local_clock));
    EXPECT_TRUE(sr::decide(made, order()).has(reason::local_clock));
  }
}

// The answer's own clock counts, not the one that the options begin with.
TEST(FetchedSession, OverridesTheClockOfTheOptions) {
  sr::fetched_session made =
      fetched(session_json().words("open", "unpaid"), session_json::expires_at);
  sr::decide_options options;
  options.clock = sr::clock_source::local;
  EXPECT_FALSE(sr::decide(made, options).has(reason::local_clock));
  EXPECT_FALSE(sr::decide(made, order(), options).has(reason::local_clock));
  made.clock = sr::clock_source::local;
  options.clock = sr::clock_source::stripe;
  EXPECT_TRUE(sr::decide(made, options).has(reason::local_clock));
  EXPECT_TRUE(sr::decide(made, order(), options).has(reason::local_clock));
}

TEST(FetchedSession, SaysThatThePaymentIntentWasNotToBeSeen) {
  sr::fetched_session made = fetched(session_json().words("complete", "unpaid"));
  EXPECT_FALSE(sr::decide(made).has(reason::payment_intent_not_permitted));
  EXPECT_FALSE(sr::decide(made, order()).has(reason::payment_intent_not_permitted));
  made.payment_intent_permitted = false;
  for (const sr::order_outcome& outcome : {sr::decide(made), sr::decide(made, order())}) {
    EXPECT_TRUE(outcome.has(reason::payment_intent_not_permitted));
    // A failed delayed payment cannot be told from one under way, so nothing else changes.
    EXPECT_EQ(outcome.state(), order_state::processing);
    EXPECT_FALSE(outcome.final());
  }
}

TEST(FetchedSession, PassesTheOtherOptionsOn) {
  const sr::fetched_session made =
      fetched(session_json().words("complete", "unpaid").set("metadata", R"({"order":"A1"})"));
  sr::decide_options options;
  options.order_key = "order";
  options.async_payment_failed = true;
  for (const sr::order_outcome& outcome :
       {sr::decide(made, options), sr::decide(made, order(), options)}) {
    EXPECT_EQ(outcome.out_trade_no(), "A1");
    EXPECT_EQ(outcome.state(), order_state::failed);
  }
}

// A session that was fetched from another account than the order's is not the order's.
TEST(FetchedSession, KeepsTheAccountItCameFrom) {
  sr::fetched_session made = fetched(session_json());
  sr::expected_order expected = order();
  expected.account = "acct_1";
  EXPECT_TRUE(sr::decide(made, expected).has(reason::account_mismatch));
  made.session.account = "acct_1";
  EXPECT_FALSE(sr::decide(made, expected).has(reason::account_mismatch));
}

} // namespace
