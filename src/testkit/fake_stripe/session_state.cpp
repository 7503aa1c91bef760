#include "testkit/fake_stripe/session_state.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

std::optional<session_state> after_open(const session_state& state, session_action what) {
  const bool costs_nothing = state.payment == payment_status::no_payment_required;
  switch (what) {
  case session_action::pay:
    // An order that costs nothing never gets a PaymentIntent.
    if (costs_nothing) return session_state{session_status::complete, state.payment, std::nullopt};
    return session_state{session_status::complete, payment_status::paid, intent_status::succeeded};
  case session_action::authorize:
    if (costs_nothing) return std::nullopt;
    // "unpaid" until it is captured:
    // https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
    return session_state{session_status::complete, payment_status::unpaid,
                         intent_status::requires_capture};
  case session_action::pay_later:
    if (costs_nothing) return std::nullopt;
    return session_state{session_status::complete, payment_status::unpaid,
                         intent_status::processing};
  case session_action::decline:
    if (costs_nothing) return std::nullopt;
    return session_state{session_status::open, payment_status::unpaid,
                         intent_status::requires_payment_method};
  case session_action::expire:
    // Expiring the session is how its PaymentIntent is canceled, says the object's payment_intent.
    return session_state{session_status::expired, state.payment,
                         state.intent ? std::optional<intent_status>(intent_status::canceled)
                                      : std::nullopt};
  case session_action::succeed:
  case session_action::fail:
  case session_action::capture:
  case session_action::cancel_payment: break;
  }
  return std::nullopt;
}

// The session itself tells neither of the last two: https://docs.stripe.com/checkout/fulfillment
constexpr session_state complete_and_paid = {session_status::complete, payment_status::paid,
                                             intent_status::succeeded};
constexpr session_state complete_and_failed = {session_status::complete, payment_status::unpaid,
                                               intent_status::requires_payment_method};
constexpr session_state complete_and_canceled = {session_status::complete, payment_status::unpaid,
                                                 intent_status::canceled};

} // namespace

std::optional<session_state> after(const session_state& state, session_action what) {
  if (state.status == session_status::open) return after_open(state, what);
  if (state.status != session_status::complete || state.payment != payment_status::unpaid ||
      !state.intent) {
    return std::nullopt;
  }
  const bool processing = state.intent == intent_status::processing;
  const bool authorized = state.intent == intent_status::requires_capture;
  const bool failed = state.intent == intent_status::requires_payment_method;
  if (processing && what == session_action::succeed) return complete_and_paid;
  if (processing && what == session_action::fail) return complete_and_failed;
  if (authorized && what == session_action::capture) return complete_and_paid;
  if ((authorized || failed) && what == session_action::cancel_payment)
    return complete_and_canceled;
  return std::nullopt;
}

std::vector<std::string_view> events_of(const session_state& before, session_action what) {
  const bool has_intent = before.payment != payment_status::no_payment_required;
  switch (what) {
  case session_action::pay:
    if (!has_intent) return {"checkout.session.completed"};
    return {"payment_intent.succeeded", "checkout.session.completed"};
  case session_action::authorize:
    return {"payment_intent.amount_capturable_updated", "checkout.session.completed"};
  case session_action::pay_later: return {"checkout.session.completed"};
  case session_action::decline: return {};
  case session_action::succeed:
    return {"payment_intent.succeeded", "checkout.session.async_payment_succeeded"};
  case session_action::fail: return {"checkout.session.async_payment_failed"};
  case session_action::capture: return {"payment_intent.succeeded"};
  case session_action::cancel_payment: return {"payment_intent.canceled"};
  case session_action::expire: break;
  }
  if (before.intent) return {"payment_intent.canceled", "checkout.session.expired"};
  return {"checkout.session.expired"};
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
  case intent_status::requires_capture: return "requires_capture";
  case intent_status::succeeded: return "succeeded";
  case intent_status::canceled: break;
  }
  return "canceled";
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
