// An event of Stripe's as its JSON has it: https://docs.stripe.com/api/events/object
#pragma once

#include <stripe_return/core/checkout_session.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct event_envelope {
  std::string id;
  std::string object; // "event"
  std::string type;
  std::string account; // of a Connect endpoint
  std::optional<unix_seconds> created;
  std::optional<bool> livemode;
  std::optional<checkout_session> session; // where data.object is one
};

// Errors: not_an_event, thin_event, and those of parse_checkout_session().
STRIPE_RETURN_EXPORT result<event_envelope> read_event(std::string_view json);

} // namespace v0
} // namespace stripe_return
