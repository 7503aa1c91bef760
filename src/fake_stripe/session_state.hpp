// What can happen to a Checkout Session in payment mode, and to nothing else.
#pragma once

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class session_status { open, complete, expired };
enum class payment_status { unpaid, paid, no_payment_required };
enum class intent_status { requires_payment_method, processing, succeeded, canceled };

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

enum class happening {
  pay,       // the customer pays, and the money is there at once
  pay_later, // the customer pays by a delayed method
  decline,   // the customer tries to pay, and may try again
  succeed,   // the delayed payment arrives
  fail,      // it does not
  expire,
};

// Where it leads, or nothing where it cannot happen.
std::optional<session_state> after(const session_state& state, happening what);

// The event that Stripe sends of this step; empty where it sends none.
std::string_view event_type_of(const session_state& before, const session_state& then);

std::string_view to_string(session_status status);
std::string_view to_string(payment_status status);
std::string_view to_string(intent_status status);

} // namespace fake
} // namespace v0
} // namespace stripe_return
