#include "fake_stripe/session_state.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace stripe_return::fake;

constexpr happening all_happenings[] = {happening::pay,     happening::pay_later,
                                        happening::decline, happening::succeed,
                                        happening::fail,    happening::expire};

std::string text_of(const session_state& state) {
  return std::string(to_string(state.status)) + " " + std::string(to_string(state.payment)) + " " +
         (state.intent ? std::string(to_string(*state.intent)) : "-");
}

// Everything that can be reached, with each step on the way there.
struct exploration {
  std::set<std::string> states;
  std::set<std::string> steps; // before > after: event
};

exploration explore(const session_state& start) {
  exploration found;
  std::vector<session_state> to_visit = {start};
  found.states.insert(text_of(start));
  while (!to_visit.empty()) {
    const session_state state = to_visit.back();
    to_visit.pop_back();
    for (const happening what : all_happenings) {
      const std::optional<session_state> then = after(state, what);
      if (!then) continue;
      if (found.states.insert(text_of(*then)).second) to_visit.push_back(*then);
      if (what == happening::decline) continue; // Stripe tells nobody
      found.steps.insert(text_of(state) + " > " + text_of(*then) + ": " +
                         std::string(event_type_of(state, *then)));
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
                              "expired unpaid -",
                              "expired unpaid canceled",
                          }));
}

TEST(SessionState, TellsOfEachStepByTheDocumentedEvent) {
  const std::string completed = ": checkout.session.completed";
  const std::string expired = ": checkout.session.expired";
  EXPECT_EQ(explore({}).steps,
            (std::set<std::string>{
                "open unpaid - > complete paid succeeded" + completed,
                "open unpaid - > complete unpaid processing" + completed,
                "open unpaid - > expired unpaid -" + expired,
                "open unpaid requires_payment_method > complete paid succeeded" + completed,
                "open unpaid requires_payment_method > complete unpaid processing" + completed,
                "open unpaid requires_payment_method > expired unpaid canceled" + expired,
                "complete unpaid processing > complete paid succeeded"
                ": checkout.session.async_payment_succeeded",
                "complete unpaid processing > complete unpaid requires_payment_method"
                ": checkout.session.async_payment_failed",
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
  EXPECT_FALSE(after(free, happening::decline));
  EXPECT_FALSE(after(free, happening::pay_later));
}

TEST(SessionState, IsFinalOncePaidFailedOrExpired) {
  const session_state ends[] = {
      {session_status::complete, payment_status::paid, intent_status::succeeded},
      {session_status::complete, payment_status::unpaid, intent_status::requires_payment_method},
      {session_status::complete, payment_status::no_payment_required, {}},
      {session_status::expired, payment_status::unpaid, {}},
      {session_status::expired, payment_status::unpaid, intent_status::canceled},
  };
  for (const session_state& end : ends) {
    for (const happening what : all_happenings)
      EXPECT_FALSE(after(end, what)) << text_of(end);
  }
}

} // namespace
