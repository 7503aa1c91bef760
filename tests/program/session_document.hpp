// A paid Checkout Session of 4.00 yuan as Stripe writes it, reduced to what decides.
#pragma once

#include <nlohmann/json.hpp>

inline nlohmann::json session_document() {
  return {{"id", "cs_test_a1"},
          {"object", "checkout.session"},
          {"amount_subtotal", 400},
          {"amount_total", 400},
          {"created", 1774256386},
          {"currency", "cny"},
          {"expires_at", 1774342786},
          {"livemode", false},
          {"metadata", {{"out_trade_no", "A1"}}},
          {"mode", "payment"},
          {"payment_intent", "pi_1"},
          {"payment_status", "paid"},
          {"status", "complete"}};
}

// The same with other values for some of its keys.
inline nlohmann::json session_document(const nlohmann::json& changes) {
  nlohmann::json session = session_document();
  session.update(changes);
  return session;
}
