// The events that session_builder writes, from the signature to the decision.
#include <stripe_return/core/decide.hpp>
#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include "unit/core/printing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using sr::testkit::session_builder;
using sr::testkit::sign_webhook;
using state = sr::order_state;

constexpr sr::unix_seconds now = 1774256500;
const session_builder order = session_builder().out_trade_no("A1");

sr::result<sr::event> verified(const std::string& body, sr::livemode livemode = sr::livemode::test,
                               sr::webhook_options options = {}) {
  const sr::webhook_verifier verifier({{"current", "whsec_1"}}, livemode, std::move(options));
  return verifier.verify(body, sign_webhook(body, "whsec_1", now), now);
}

TEST(SessionEvent, OfEachStateIsVerifiedAndDecided) {
  const struct {
    session_builder session;
    const char* type;
    sr::order_state state;
  } cases[] = {
      {order.paid(), "checkout.session.completed", state::paid},
      {order.processing(), "checkout.session.completed", state::processing},
      {order.no_payment_required(), "checkout.session.completed", state::no_payment_required},
      {order.setup(), "checkout.session.completed", state::no_payment_required},
      {order.paid(), "checkout.session.async_payment_succeeded", state::paid},
      {order.failed(), "checkout.session.async_payment_failed", state::failed},
      {order.expired(), "checkout.session.expired", state::expired},
  };
  for (const auto& each : cases) {
    const auto event = verified(each.session.event(each.type));
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->type.raw(), each.type);
    EXPECT_EQ(event->relevance, sr::event_relevance::handled);
    ASSERT_TRUE(event->session);
    EXPECT_EQ(decide_unchecked(*observation_of(*event)).state(), each.state) << each.type;
    EXPECT_EQ(decide_unchecked(*observation_of(*event)).out_trade_no(), "A1");
  }
}

// Else a test would pass on a word that Stripe never sends.
TEST(SessionEvent, ExpandsNothing) {
  const auto event =
      verified(order.failed().payment_intent("canceled").event("checkout.session.completed"));
  ASSERT_TRUE(event && event->session && event->session->payment_intent);
  EXPECT_EQ(event->session->payment_intent->id, "pi_1");
  EXPECT_FALSE(event->session->payment_intent->expanded());
  EXPECT_EQ(decide_unchecked(*observation_of(*event)).state(), state::processing);
}

TEST(SessionEvent, NamesItsIdItsModeAndItsAccount) {
  const session_builder live = order.paid().id("cs_live_a1").account("acct_1");
  sr::webhook_options options;
  options.account = "acct_1";
  const auto event =
      verified(live.event("checkout.session.completed", "evt_\"2"), sr::livemode::live, options);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, "evt_\"2");
  EXPECT_EQ(event->livemode, sr::livemode::live);
  EXPECT_EQ(event->account, "acct_1");
  EXPECT_EQ(event->created, 1774256446);
  EXPECT_EQ(event->relevance, sr::event_relevance::handled);
  EXPECT_EQ(event->session->account, "acct_1");

  const std::string first = order.paid().event("checkout.session.completed");
  EXPECT_EQ(verified(first)->id, "evt_1");
  EXPECT_EQ(first.find("\"account\""), std::string::npos);
  EXPECT_EQ(verified(first, sr::livemode::live)->relevance, sr::event_relevance::other_livemode);
}

TEST(SessionEvent, IsThinWhereTheEndpointIsForThinEvents) {
  const session_builder live = order.paid().id("cs_live_a1").account("acct_1");
  const auto event =
      verified(live.thin_event("checkout.session.completed", "evt_2"), sr::livemode::live);
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_TRUE(event->thin);
  EXPECT_EQ(event->id, "evt_2");
  EXPECT_EQ(event->type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(event->created, 1774256446);
  EXPECT_EQ(event->session_id, "cs_live_a1");
  EXPECT_EQ(account_of(*event), "acct_1");
  EXPECT_EQ(event->relevance, sr::event_relevance::handled);
  EXPECT_FALSE(event->session);
}

TEST(SessionEvent, OfAnotherTypeIsNotHandled) {
  const auto event = verified(order.paid().event("checkout.session.a_new_word"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->relevance, sr::event_relevance::other_type);
  EXPECT_FALSE(event->session);
}

} // namespace
