#pragma once

#include "dom_field.hpp"

#include <string>
#include <string_view>
#include <vector>

// Which keys of a Checkout Session are read, what they hold and where that goes, written down once
// more: from checkout_session.hpp and from Stripe's documentation, not from the reader.
namespace fuzz {

struct shape;

struct member {
  std::string key;
  kind holds;
  dom_field field = {};          // of the struct; none where dom_decoder.hpp says more than that
  const shape* inside = nullptr; // of the object, or of the list's elements: none for texts
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
  const shape& inside(std::string_view key) const { return *find(key)->inside; }
};

inline const shape& line_item_shape() {
  using item = stripe_return::line_item;
  static const shape id_only{{{"id", kind::text}}};
  static const shape price{
      {{"id", kind::text}, {"product", kind::id_or_object, in<&item::product>, &id_only}}};
  static const shape line_item{{{"id", kind::text, in<&item::id>},
                                {"description", kind::text, in<&item::description>},
                                {"quantity", kind::integer, in<&item::quantity>},
                                {"amount_subtotal", kind::integer, in<&item::amount_subtotal>},
                                {"amount_total", kind::integer, in<&item::amount_total>},
                                {"currency", kind::text, in<&item::currency>},
                                {"price", kind::id_or_object, in<&item::price>, &price}}};
  return line_item;
}

inline const shape& payment_intent_shape() {
  using charge = stripe_return::session_charge;
  using intent = stripe_return::session_payment_intent;
  static const shape map{{}, true};
  static const shape latest_charge{
      {{"object", kind::text},
       {"amount_refunded", kind::integer, in<&charge::amount_refunded>},
       {"disputed", kind::boolean, in<&charge::disputed>}}};
  static const shape payment_intent{
      {{"id", kind::text, in<&intent::id>},
       {"object", kind::text},
       {"status", kind::text, in<&intent::status>},
       {"amount", kind::integer, in<&intent::amount>},
       {"amount_received", kind::integer, in<&intent::amount_received>},
       {"metadata", kind::object, {}, &map},
       {"latest_charge", kind::id_or_object, {}, &latest_charge}}};
  return payment_intent;
}

inline const shape& session_shape() {
  using namespace stripe_return;
  using conversion = session_currency_conversion;
  using session = checkout_session;
  static const shape map{{}, true};
  static const shape id_only{{{"id", kind::text}}};
  static const shape page{{{"object", kind::text},
                           {"data", kind::list, {}, &line_item_shape()},
                           {"has_more", kind::boolean, in<&line_item_page::has_more>}}};
  static const shape currency_conversion{
      {{"amount_subtotal", kind::integer, in<&conversion::amount_subtotal>},
       {"amount_total", kind::integer, in<&conversion::amount_total>},
       {"source_currency", kind::text, in<&conversion::source_currency>}}};
  static const shape recovery{{{"url", kind::text, in<&session_recovery::url>},
                               {"expires_at", kind::time, in<&session_recovery::expires_at>}}};
  static const shape after_expiration{{{"recovery", kind::object, {}, &recovery}}};
  static const shape whole{
      {{"id", kind::text, in<&session::id>},
       {"object", kind::text, in<&session::object>},
       {"status", kind::text, in<&session::status>},
       {"payment_status", kind::text, in<&session::payment_status>},
       {"mode", kind::text, in<&session::mode>},
       {"livemode", kind::boolean, in<&session::livemode>},
       {"created", kind::time, in<&session::created>},
       {"expires_at", kind::time, in<&session::expires_at>},
       {"amount_subtotal", kind::integer, in<&session::amount_subtotal>},
       {"amount_total", kind::integer, in<&session::amount_total>},
       {"currency", kind::text, in<&session::currency>},
       {"currency_conversion", kind::object, {}, &currency_conversion},
       {"client_reference_id", kind::text, in<&session::client_reference_id>},
       {"metadata", kind::object, {}, &map},
       {"payment_intent", kind::id_or_object, {}, &payment_intent_shape()},
       {"setup_intent", kind::id_or_object, in<&session::setup_intent>, &id_only},
       {"subscription", kind::id_or_object, in<&session::subscription>, &id_only},
       {"recovered_from", kind::text, in<&session::recovered_from>},
       {"after_expiration", kind::object, {}, &after_expiration},
       {"line_items", kind::object, {}, &page},
       {"url", kind::text, in<&session::url>},
       {"client_secret", kind::text, in<&session::client_secret>}}};
  return whole;
}

// Of the event around it, what must be readable: https://docs.stripe.com/api/events/object.
inline const shape& event_shape() {
  static const shape event{{{"id", kind::text},
                            {"object", kind::text},
                            {"type", kind::text},
                            {"created", kind::time},
                            {"livemode", kind::boolean},
                            {"account", kind::text},
                            {"context", kind::text},
                            {"data", kind::object},
                            {"related_object", kind::object},
                            {"snapshot_event", kind::text}}};
  return event;
}

} // namespace fuzz
