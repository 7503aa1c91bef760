#include "testkit/fake_stripe/session_state.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace stripe_return::fake;

constexpr session_action all_actions[] = {
    session_action::pay,     session_action::authorize,      session_action::pay_later,
    session_action::decline, session_action::succeed,        session_action::fail,
    session_action::capture, session_action::cancel_payment, session_action::expire};

std::string text_of(const session_state& state) {
  return std::string(to_string(state.status)) + " " + std::string(to_string(state.payment)) + " " +
         (state.intent ? std::string(to_string(*state.intent)) : "-");
}

// Everything that can be reached, with each step on the way there.
struct exploration {
  std::set<std::string> states;
  std::set<std::string> steps; // before > after: events
};

exploration explore(const session_state& start) {
  exploration found;
  std::vector<session_state> to_visit = {start};
  found.states.insert(text_of(start));
  while (!to_visit.empty()) {
    const session_state state = to_visit.back();
    to_visit.pop_back();
    for (const session_action what : all_actions) {
      const std::optional<session_state> then = after(state, what);
      if (!then) continue;
      if (found.states.insert(text_of(*then)).second) to_visit.push_back(*then);
      std::string step = text_of(state) + " > " + text_of(*then) + ":";
      for (const std::string_view event : events_of(state, what))
        step.append(" ").append(event);
      found.steps.insert(step);
    }
  }
  return found;
}

TEST(SessionState, OfAPaymentReachesTheDocumentedOnesAlone) {
  const exploration found = explore({});
  EXPECT_EQ(found.states, (std::set<std::string>{
                              "open unpaid -",
                              "open unpaid requires_payment_method",
                              "complete paid succeeded",
                              "complete unpaid processing",
                              "complete unpaid requires_payment_method",
                              "complete unpaid requires_capture",
                              "complete unpaid canceled",
                              "expired unpaid -",
                              "expired unpaid canceled",
                          }));
}

TEST(SessionState, TellsOfEachStepByTheDocumentedEvents) {
  const std::string completed = " checkout.session.completed";
  const std::string paid = ": payment_intent.succeeded" + completed;
  const std::string held = ": payment_intent.amount_capturable_updated" + completed;
  const std::string tried = "open unpaid requires_payment_method";
  EXPECT_EQ(explore({}).steps,
            (std::set<std::string>{
                "open unpaid - > complete paid succeeded" + paid,
                "open unpaid - > complete unpaid requires_capture" + held,
                "open unpaid - > complete unpaid processing:" + completed,
                "open unpaid - > " + tried + ":", // Stripe tells nobody
                "open unpaid - > expired unpaid -: checkout.session.expired",
                tried + " > complete paid succeeded" + paid,
                tried + " > complete unpaid requires_capture" + held,
                tried + " > complete unpaid processing:" + completed,
                tried + " > " + tried + ":",
                tried + " > expired unpaid canceled: payment_intent.canceled"
                        " checkout.session.expired",
                "complete unpaid processing > complete paid succeeded: payment_intent.succeeded"
                " checkout.session.async_payment_succeeded",
                "complete unpaid processing > complete unpaid requires_payment_method:"
                " checkout.session.async_payment_failed",
                "complete unpaid requires_payment_method > complete unpaid canceled:"
                " payment_intent.canceled",
                "complete unpaid requires_capture > complete paid succeeded:"
                " payment_intent.succeeded",
                "complete unpaid requires_capture > complete unpaid canceled:"
                " payment_intent.canceled",
            }));
}

TEST(SessionState, OfAnOrderThatCostsNothingHasNoPaymentIntent) {
  const session_state free{session_status::open, payment_status::no_payment_required, {}};
  const exploration found = explore(free);
  EXPECT_EQ(found.states, (std::set<std::string>{
                              "open no_payment_required -",
                              "complete no_payment_required -",
                              "expired no_payment_required -",
                          }));
  EXPECT_FALSE(after(free, session_action::decline));
  EXPECT_FALSE(after(free, session_action::pay_later));
  EXPECT_FALSE(after(free, session_action::authorize));
}

TEST(SessionState, IsFinalOncePaidCanceledOrExpired) {
  const session_state ends[] = {
      {session_status::complete, payment_status::paid, intent_status::succeeded},
      {session_status::complete, payment_status::unpaid, intent_status::canceled},
      {session_status::complete, payment_status::no_payment_required, {}},
      {session_status::expired, payment_status::unpaid, {}},
      {session_status::expired, payment_status::unpaid, intent_status::canceled},
  };
  for (const session_state& end : ends) {
    for (const session_action what : all_actions)
      EXPECT_FALSE(after(end, what)) << text_of(end);
  }
}

} // namespace
