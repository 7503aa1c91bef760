#include "fake_stripe/session_state.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

std::optional<session_state> after_open(const session_state& state, happening what) {
  const bool costs_nothing = state.payment == payment_status::no_payment_required;
  switch (what) {
  case happening::pay:
    // An order that costs nothing never gets a PaymentIntent.
    if (costs_nothing) return session_state{session_status::complete, state.payment, std::nullopt};
    return session_state{session_status::complete, payment_status::paid, intent_status::succeeded};
  case happening::pay_later:
    if (costs_nothing) return std::nullopt;
    return session_state{session_status::complete, payment_status::unpaid,
                         intent_status::processing};
  case happening::decline:
    if (costs_nothing) return std::nullopt;
    return session_state{session_status::open, payment_status::unpaid,
                         intent_status::requires_payment_method};
  case happening::expire:
    // Expiring the session is how its PaymentIntent is canceled, says the object's payment_intent.
    return session_state{session_status::expired, state.payment,
                         state.intent ? std::optional<intent_status>(intent_status::canceled)
                                      : std::nullopt};
  case happening::succeed:
  case happening::fail: break;
  }
  return std::nullopt;
}

} // namespace

std::optional<session_state> after(const session_state& state, happening what) {
  if (state.status == session_status::open) return after_open(state, what);
  const bool under_way = state.status == session_status::complete &&
                         state.payment == payment_status::unpaid &&
                         state.intent == intent_status::processing;
  if (under_way && what == happening::succeed) {
    return session_state{session_status::complete, payment_status::paid, intent_status::succeeded};
  }
  if (under_way && what == happening::fail) {
    // The session itself does not tell: https://docs.stripe.com/checkout/fulfillment
    return session_state{session_status::complete, payment_status::unpaid,
                         intent_status::requires_payment_method};
  }
  return std::nullopt;
}

std::string_view event_type_of(const session_state& before, const session_state& then) {
  if (before.status == session_status::open) {
    if (then.status == session_status::complete) return "checkout.session.completed";
    if (then.status == session_status::expired) return "checkout.session.expired";
    return {};
  }
  return then.payment == payment_status::paid ? "checkout.session.async_payment_succeeded"
                                              : "checkout.session.async_payment_failed";
}

std::string_view to_string(session_status status) {
  switch (status) {
  case session_status::open: return "open";
  case session_status::complete: return "complete";
  case session_status::expired: break;
  }
  return "expired";
}

std::string_view to_string(payment_status status) {
  switch (status) {
  case payment_status::unpaid: return "unpaid";
  case payment_status::paid: return "paid";
  case payment_status::no_payment_required: break;
  }
  return "no_payment_required";
}

std::string_view to_string(intent_status status) {
  switch (status) {
  case intent_status::requires_payment_method: return "requires_payment_method";
  case intent_status::processing: return "processing";
  case intent_status::succeeded: return "succeeded";
  case intent_status::canceled: break;
  }
  return "canceled";
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
