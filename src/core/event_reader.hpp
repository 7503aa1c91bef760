// An event of Stripe's as its JSON has it: https://docs.stripe.com/api/events/object
#pragma once

#include <stripe_return/core/event.hpp>

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// The session is there where data.object is one, whatever the event's type; the relevance is not
// judged.
//
// Errors: not_an_event, thin_event, and those of parse_checkout_session().
STRIPE_RETURN_EXPORT result<event> read_event(std::string_view json);

// Says what the event is to somebody who expects that mode and that account, or any where none is
// given, and takes the session away unless the event is handled.
STRIPE_RETURN_EXPORT void judge_relevance(event& event, std::optional<bool> livemode,
                                          std::string_view account);

} // namespace v0
} // namespace stripe_return
