// The types of events that are known, which session_client::events_since() asks for:
// https://docs.stripe.com/api/events/types
#pragma once

#include <stripe_return/core/event.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

// What an event's `data.object` is.
enum class event_object : unsigned char { checkout_session, payment_intent, charge, dispute };

struct known_event {
  std::string_view raw;
  event_type word;
  event_object about;
};

inline constexpr known_event known_events[] = {
    {"checkout.session.completed", event_type::checkout_session_completed,
     event_object::checkout_session},
    {"checkout.session.async_payment_succeeded",
     event_type::checkout_session_async_payment_succeeded, event_object::checkout_session},
    {"checkout.session.async_payment_failed", event_type::checkout_session_async_payment_failed,
     event_object::checkout_session},
    {"checkout.session.expired", event_type::checkout_session_expired,
     event_object::checkout_session},
    {"payment_intent.succeeded", event_type::payment_intent_succeeded,
     event_object::payment_intent},
    {"payment_intent.canceled", event_type::payment_intent_canceled, event_object::payment_intent},
    {"payment_intent.amount_capturable_updated",
     event_type::payment_intent_amount_capturable_updated, event_object::payment_intent},
    {"charge.refunded", event_type::charge_refunded, event_object::charge},
    {"charge.dispute.created", event_type::charge_dispute_created, event_object::dispute},
};

// Null where the type is absent or unrecognized.
inline const known_event* find_known_event(event_type type) noexcept {
  for (const known_event& each : known_events) {
    if (each.word == type) return &each;
  }
  return nullptr;
}

} // namespace v0
} // namespace stripe_return
