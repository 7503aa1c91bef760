// What can happen to a Checkout Session and its payment, and to nothing else.
#pragma once

#include <stripe_return/export.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class session_status { open, complete, expired };
enum class payment_status { unpaid, paid, no_payment_required };
enum class intent_status {
  requires_payment_method,
  processing,
  requires_capture,
  succeeded,
  canceled
};

// https://docs.stripe.com/api/checkout/sessions/object, beside the PaymentIntent, which there is
// once the customer has confirmed: https://docs.stripe.com/api/payment_intents/object
struct session_state {
  session_status status = session_status::open;
  payment_status payment = payment_status::unpaid;
  std::optional<intent_status> intent;

  bool operator==(const session_state& other) const {
    return status == other.status && payment == other.payment && intent == other.intent;
  }
};

enum class session_action {
  pay,            // the customer pays, and the money is there at once
  authorize,      // the customer pays, and the merchant is to capture it
  pay_later,      // the customer pays by a delayed method
  decline,        // the customer tries to pay, and may try again
  succeed,        // the delayed payment arrives
  fail,           // it does not
  capture,        // the merchant takes what was authorized
  cancel_payment, // the merchant, or the time, gives it up
  expire,
};

// Where it leads, or nothing where it cannot happen.
std::optional<session_state> after(const session_state& state, session_action what);

// The types of the events that Stripe sends of it, in their order.
std::vector<std::string_view> events_of(const session_state& before, session_action what);

STRIPE_RETURN_EXPORT std::string_view to_string(session_status status);
STRIPE_RETURN_EXPORT std::string_view to_string(payment_status status);
STRIPE_RETURN_EXPORT std::string_view to_string(intent_status status);

} // namespace fake
} // namespace v0
} // namespace stripe_return
