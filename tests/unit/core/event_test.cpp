#include <stripe_return/core/event.hpp>

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

sr::event event_with(const std::string& type, const std::string& status,
                     const std::string& payment_status) {
  sr::event event;
  event.type = sr::open_enum<sr::event_type>(type);
  event.relevance = sr::event_relevance::handled;
  event.session = *sr::parse_checkout_session(
      R"({"object":"checkout.session","id":"cs_test_a","mode":"payment","amount_total":400,)"
      R"("currency":"cny","metadata":{"out_trade_no":"1"},"payment_intent":"pi_1","status":")" +
      status + R"(","payment_status":")" + payment_status + R"("})");
  return event;
}

TEST(Event, FeedsTheSameDecision) {
  struct row {
    const char* type;
    const char* status;
    const char* payment_status;
    sr::order_state state;
  };
  const row rows[] = {
      {"checkout.session.completed", "complete", "paid", sr::order_state::paid},
      {"checkout.session.completed", "complete", "unpaid", sr::order_state::processing},
      {"checkout.session.async_payment_succeeded", "complete", "paid", sr::order_state::paid},
      {"checkout.session.async_payment_failed", "complete", "unpaid", sr::order_state::failed},
      {"checkout.session.async_payment_failed", "complete", "paid", sr::order_state::paid},
      {"checkout.session.expired", "expired", "unpaid", sr::order_state::expired},
  };
  for (const row& each : rows) {
    const auto event = event_with(each.type, each.status, each.payment_status);
    EXPECT_EQ(decide(event, 1700000000).state(), each.state) << each.type;

    sr::expected_order order;
    order.out_trade_no = "1";
    order.amounts = {{400, "cny"}};
    EXPECT_EQ(decide(event, order, 1700000000).state(), each.state) << each.type;
    order.amounts = {{401, "cny"}};
    EXPECT_EQ(decide(event, order, 1700000000).state(), sr::order_state::needs_review);
  }
}

// Another system may have told the host before.
TEST(Event, TakesTheHostsWordThatThePaymentFailed) {
  sr::decide_options told;
  told.async_payment_failed = true;
  const auto event = event_with("checkout.session.completed", "complete", "unpaid");
  EXPECT_EQ(decide(event, 1700000000, told).state(), sr::order_state::failed);
  sr::expected_order order;
  order.out_trade_no = "1";
  order.amounts = {{400, "cny"}};
  EXPECT_EQ(decide(event, order, 1700000000, told).state(), sr::order_state::failed);
}

TEST(Event, HasTheTypeThatStripeNames) {
  using type = sr::event_type;
  const std::pair<const char*, type> types[] = {
      {"checkout.session.completed", type::checkout_session_completed},
      {"checkout.session.async_payment_succeeded", type::checkout_session_async_payment_succeeded},
      {"checkout.session.async_payment_failed", type::checkout_session_async_payment_failed},
      {"checkout.session.expired", type::checkout_session_expired},
      {"checkout.session.Completed", type::unrecognized},
      {"charge.refunded", type::unrecognized},
      {"", type::absent}};
  for (const auto& [raw, known] : types)
    EXPECT_EQ(sr::open_enum<type>(raw).known(), known) << raw;
}

TEST(Event, WithoutASessionDeterminesNothing) {
  const sr::order_outcome outcome = decide(sr::event(), 1700000000);
  EXPECT_EQ(outcome.state(), sr::order_state::undetermined);
  EXPECT_FALSE(outcome.may_fulfill(""));
}

TEST(Event, HasAWordForEachRelevance) {
  EXPECT_EQ(to_string(sr::event_relevance::handled), "handled");
  EXPECT_EQ(to_string(sr::event_relevance::other_type), "other_type");
  EXPECT_EQ(to_string(sr::event_relevance::other_livemode), "other_livemode");
  EXPECT_EQ(to_string(sr::event_relevance::other_account), "other_account");
}

} // namespace
