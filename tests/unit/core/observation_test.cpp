#include <stripe_return/core/observation.hpp>

#include <stripe_return/core/decide.hpp>

#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

namespace sr = stripe_return;
using sr::order_state;
using sr::reason;

sr::event event_with(const std::string& type, const char* status, const char* payment_status) {
  sr::event event;
  event.id = "evt_1";
  event.type = sr::open_enum<sr::event_type>(type);
  event.relevance = sr::event_relevance::handled;
  event.created = session_json::created;
  event.livemode = sr::livemode::test;
  event.session = session_json().words(status, payment_status).decoded();
  return event;
}

sr::expected_order order() {
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}};
  return expected;
}

TEST(Observation, OfAnEventFeedsTheSameDecision) {
  const struct {
    const char* type;
    const char* status;
    const char* payment_status;
    order_state state;
  } rows[] = {
      {"checkout.session.completed", "complete", "paid", order_state::paid},
      {"checkout.session.completed", "complete", "unpaid", order_state::processing},
      {"checkout.session.async_payment_succeeded", "complete", "paid", order_state::paid},
      {"checkout.session.async_payment_failed", "complete", "unpaid", order_state::failed},
      {"checkout.session.async_payment_failed", "complete", "paid", order_state::paid},
      {"checkout.session.expired", "expired", "unpaid", order_state::expired},
  };
  for (const auto& each : rows) {
    const auto seen = sr::observation_of(event_with(each.type, each.status, each.payment_status));
    ASSERT_TRUE(seen);
    EXPECT_EQ(sr::decide_unchecked(*seen).state(), each.state) << each.type;
    EXPECT_EQ(sr::decide(*seen, order()).state(), each.state) << each.type;
    sr::expected_order dearer = order();
    dearer.amounts = {{401, "cny"}};
    EXPECT_EQ(sr::decide(*seen, dearer).state(), order_state::needs_review);
  }
}

TEST(Observation, OfAnEventSaysWhichAndWhen) {
  sr::event event = event_with("checkout.session.completed", "complete", "paid");
  const auto seen = sr::observation_of(event);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->source, sr::observation_source::event);
  EXPECT_EQ(seen->event_id, "evt_1");
  EXPECT_EQ(seen->event_type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(seen->time, session_json::created);
  EXPECT_EQ(seen->clock, sr::clock_source::stripe);
  EXPECT_EQ(seen->livemode, sr::livemode::test);
  event.created.reset();
  EXPECT_EQ(sr::observation_of(event)->clock, sr::clock_source::local);
}

TEST(Observation, OfAnEventWithoutASessionIsNone) {
  EXPECT_FALSE(sr::observation_of(sr::event()));
}

TEST(Observation, IsDecidedAtItsTime) {
  const auto open = session_json().words("open", "unpaid").decoded();
  const struct {
    sr::unix_seconds time;
    order_state expected;
  } rows[] = {{session_json::expires_at - 1, order_state::awaiting_payment},
              {session_json::expires_at, order_state::expired}};
  for (const auto& each : rows) {
    EXPECT_EQ(sr::decide_unchecked(observed(open, each.time)).state(), each.expected);
    EXPECT_EQ(sr::decide(observed(open, each.time), order()).state(), each.expected);
    EXPECT_EQ(sr::decide(open, order(), each.time).state(), each.expected);
  }
}

TEST(Observation, SaysThatThePaymentIntentWasNotToBeSeen) {
  auto seen = observed(session_json().words("complete", "unpaid").decoded(), session_json::created);
  EXPECT_FALSE(sr::decide(seen, order()).has(reason::payment_intent_not_permitted));
  seen.payment_intent_permitted = false;
  for (const sr::order_outcome& outcome : {sr::decide_unchecked(seen), sr::decide(seen, order())}) {
    EXPECT_TRUE(outcome.has(reason::payment_intent_not_permitted));
    // A failed delayed payment cannot be told from one under way, so nothing else changes.
    EXPECT_EQ(outcome.state(), order_state::processing);
    EXPECT_FALSE(outcome.final());
  }
}

// An order that leaves the mode open is fulfilled by none but the key's.
TEST(Observation, HoldsTheSessionAgainstTheModeOfTheKey) {
  auto seen = observed(session_json().decoded(), session_json::created); // livemode false
  seen.livemode = sr::livemode::test;
  EXPECT_TRUE(sr::decide(seen, order()).may_fulfill("A1"));
  EXPECT_TRUE(sr::decide_unchecked(seen).may_fulfill("A1"));
  using mode = std::optional<sr::livemode>;
  for (const mode of_session : {mode(sr::livemode::test), mode()}) {
    seen.livemode = sr::livemode::live;
    seen.session.livemode = of_session;
    for (const auto& outcome : {sr::decide(seen, order()), sr::decide_unchecked(seen)}) {
      EXPECT_EQ(outcome.state(), order_state::needs_review);
      EXPECT_TRUE(outcome.has(reason::livemode_mismatch));
    }
  }
  sr::expected_order live = order();
  live.livemode = sr::livemode::live;
  seen.session.livemode = seen.livemode = sr::livemode::test;
  EXPECT_TRUE(sr::decide(seen, live).has(reason::livemode_mismatch));
}

TEST(Observation, WithoutAnIdDeterminesNothingWhateverElseItSays) {
  auto seen = observed(session_json().decoded(), session_json::created);
  seen.session.id.clear();
  sr::order_naming naming;
  naming.shop = "north"; // which the session does not name either
  for (const auto& outcome :
       {sr::decide(seen, order()), sr::decide_unchecked(seen), sr::decide(seen, order(), naming)}) {
    EXPECT_EQ(outcome.state(), order_state::undetermined);
    EXPECT_TRUE(outcome.has(reason::session_id_missing));
    EXPECT_FALSE(outcome.final());
    EXPECT_FALSE(outcome.may_fulfill("A1"));
    EXPECT_EQ(outcome.pay_again(), sr::pay_again::no); // complete and paid, it says
    EXPECT_EQ(outcome.next_step(), sr::next_step::ask_again);
  }
}

// 50.00 authorized, 20.00 captured: Stripe calls the session paid.
TEST(Observation, OfAPartThatWasCapturedNeedsAPerson) {
  const struct {
    std::optional<std::int64_t> amount, received;
    bool partial;
  } rows[] = {{5000, 2000, true},
              {5000, 0, true},
              {5000, 5000, false},
              {5000, 5001, false},
              {0, 0, false},
              {std::nullopt, 2000, false},
              {5000, std::nullopt, false},
              {INT64_MAX, INT64_MIN, true}};
  for (const auto& each : rows) {
    for (const char* payment_status : {"paid", "unpaid"}) {
      auto seen = observed(
          session_json().words("complete", payment_status).payment_intent("succeeded").decoded(),
          session_json::created);
      seen.session.payment_intent->amount = each.amount;
      seen.session.payment_intent->amount_received = each.received;
      const auto outcome = sr::decide(seen, order());
      EXPECT_EQ(outcome.has(reason::partially_captured), each.partial);
      EXPECT_EQ(outcome.state() == order_state::needs_review, each.partial);
      EXPECT_EQ(outcome.pay_again(), sr::pay_again::no);
      seen.session.payment_intent->status =
          sr::open_enum<sr::payment_intent_status>("requires_capture");
      EXPECT_FALSE(sr::decide(seen, order()).has(reason::partially_captured));
    }
  }
}

TEST(Observation, WithAWordThatIsNotKnownIsNoPersonsBusinessForAPartThatWasCaptured) {
  auto seen =
      observed(session_json().words("complete", "later").payment_intent("succeeded").decoded(),
               session_json::created);
  seen.session.payment_intent->amount = 5000;
  seen.session.payment_intent->amount_received = 2000;
  const auto outcome = sr::decide(seen, order());
  EXPECT_EQ(outcome.state(), order_state::undetermined);
  EXPECT_FALSE(outcome.has(reason::partially_captured));
}

// A customer whose recovered session expires, too, gets another link.
TEST(Observation, ContinuesTheOrdersSessionHoweverLongTheChain) {
  auto seen = observed(session_json().decoded(), session_json::created);
  seen.session.id = "cs_test_d";
  seen.session.recovered_from = "cs_test_c";
  sr::expected_order expected = order();
  expected.session_ids = {"cs_test_a"};
  EXPECT_TRUE(sr::decide(seen, expected).has(reason::session_not_issued));
  seen.recovery_chain = {"cs_test_b"};
  EXPECT_TRUE(sr::decide(seen, expected).has(reason::session_not_issued));
  seen.recovery_chain = {"cs_test_b", "cs_test_a"};
  EXPECT_TRUE(sr::decide(seen, expected).may_fulfill("A1"));
}

} // namespace
