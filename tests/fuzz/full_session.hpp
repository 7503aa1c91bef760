#pragma once

#include "session_shape.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace fuzz {

inline nlohmann::json value_of(const member& field) {
  switch (field.holds) {
  case kind::integer:
  case kind::time: return 7;
  case kind::boolean: return true;
  case kind::object: return nlohmann::json::object();
  case kind::list: return {"x"};
  case kind::text:
  case kind::id_or_object: break;
  }
  return "x";
}

// A session with a value in every field that is read: what leaks from it into its neighbor in a
// list shows.
inline const std::string& full_session() {
  static const std::string text = [] {
    nlohmann::json session = nlohmann::json::parse(
        R"({"id":"cs_full","object":"checkout.session","status":"complete","payment_status":"paid",)"
        R"("mode":"payment","livemode":false,"created":1,"expires_at":2,"amount_subtotal":3,)"
        R"("amount_total":4,"currency":"cny","currency_conversion":{"amount_total":5},)"
        R"("client_reference_id":"c","metadata":{"a":"b"},"payment_intent":{"object":"payment_intent",)"
        R"("id":"pi","status":"succeeded","metadata":{"c":"d"},)"
        R"("latest_charge":{"object":"charge","amount_refunded":7,"disputed":true}},"setup_intent":"si",)"
        R"("subscription":"su","recovered_from":"cs_0","after_expiration":{"recovery":{"url":"u",)"
        R"("expires_at":6}},"line_items":{"data":[{"id":"li"}],"has_more":true},"url":"u",)"
        R"("client_secret":"s"})");
    for (const member& each : session_shape().members)
      if (!session.contains(each.key)) session[each.key] = value_of(each);
    return session.dump();
  }();
  return text;
}

} // namespace fuzz
