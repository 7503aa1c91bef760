// An event of Stripe's as its JSON has it: https://docs.stripe.com/api/events/object, or for thin
// ones https://docs.stripe.com/api/v2/core/events/object
#pragma once

#include <stripe_return/core/event.hpp>

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct event_reading {
  stripe_return::event event; // what can be read of it; unreadable where that is not enough
  bool is_event = false;
  // Why it is unreadable: unreadable_event where it is about a Checkout Session, else not_an_event
  // or one of parse_checkout_session().
  std::optional<error> fault;
};

STRIPE_RETURN_EXPORT event_reading read_event(std::string_view json);

struct event_accounts {
  std::string_view expected; // empty: any
  std::string_view own;      // what an event that names no account is of; empty: not known
};

// Says what the event is to somebody who expects that mode, or any where none is given, and those
// accounts, and takes away what such a one is not to use. What cannot be read of an unreadable
// event is taken for what was expected.
STRIPE_RETURN_EXPORT void judge_relevance(event& event, std::optional<livemode> expected,
                                          event_accounts accounts);

} // namespace v0
} // namespace stripe_return
