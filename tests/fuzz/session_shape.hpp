#pragma once

#include <string>
#include <string_view>
#include <vector>

// Which keys of a Checkout Session are read, and what they hold, written down once more: from
// checkout_session.hpp and from Stripe's documentation, not from the reader.
namespace fuzz {

enum class kind { text, integer, time, boolean, object, id_or_object, list };

struct shape;

struct member {
  std::string key;
  kind holds;
  const shape* inside = nullptr; // of the object, or of the list's elements
};

struct shape {
  std::vector<member> members;
  bool any_key = false; // a string map

  const member* find(std::string_view key) const {
    for (const member& each : members) {
      if (each.key == key) return &each;
    }
    return nullptr;
  }
};

inline const shape& session_shape() {
  static const shape map{{}, true};
  static const shape id_only{{{"id", kind::text}}};
  static const shape price{{{"id", kind::text}, {"product", kind::id_or_object, &id_only}}};
  static const shape item{{{"id", kind::text},
                           {"description", kind::text},
                           {"quantity", kind::integer},
                           {"amount_subtotal", kind::integer},
                           {"amount_total", kind::integer},
                           {"currency", kind::text},
                           {"price", kind::id_or_object, &price}}};
  static const shape page{
      {{"object", kind::text}, {"data", kind::list, &item}, {"has_more", kind::boolean}}};
  static const shape charge{
      {{"object", kind::text}, {"amount_refunded", kind::integer}, {"disputed", kind::boolean}}};
  static const shape payment_intent{{{"id", kind::text},
                                     {"object", kind::text},
                                     {"status", kind::text},
                                     {"metadata", kind::object, &map},
                                     {"latest_charge", kind::id_or_object, &charge}}};
  static const shape conversion{{{"amount_subtotal", kind::integer},
                                 {"amount_total", kind::integer},
                                 {"source_currency", kind::text}}};
  static const shape recovery{{{"url", kind::text}, {"expires_at", kind::time}}};
  static const shape after_expiration{{{"recovery", kind::object, &recovery}}};
  static const shape session{{{"id", kind::text},
                              {"object", kind::text},
                              {"status", kind::text},
                              {"payment_status", kind::text},
                              {"mode", kind::text},
                              {"livemode", kind::boolean},
                              {"created", kind::time},
                              {"expires_at", kind::time},
                              {"amount_subtotal", kind::integer},
                              {"amount_total", kind::integer},
                              {"currency", kind::text},
                              {"currency_conversion", kind::object, &conversion},
                              {"client_reference_id", kind::text},
                              {"metadata", kind::object, &map},
                              {"payment_intent", kind::id_or_object, &payment_intent},
                              {"setup_intent", kind::id_or_object, &id_only},
                              {"subscription", kind::id_or_object, &id_only},
                              {"recovered_from", kind::text},
                              {"after_expiration", kind::object, &after_expiration},
                              {"line_items", kind::object, &page},
                              {"url", kind::text},
                              {"client_secret", kind::text}}};
  return session;
}

// Of the event around it: https://docs.stripe.com/api/events/object.
inline const shape& event_shape() {
  static const shape data{{{"object", kind::object, &session_shape()}}};
  static const shape event{{{"id", kind::text},
                            {"object", kind::text},
                            {"type", kind::text},
                            {"created", kind::time},
                            {"livemode", kind::boolean},
                            {"account", kind::text},
                            {"context", kind::text},
                            {"data", kind::object, &data}}};
  return event;
}

} // namespace fuzz
