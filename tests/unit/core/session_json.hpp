// The JSON text of a Checkout Session, field by field.
#pragma once

#include <stripe_return/core/checkout_session.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

inline std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

// Begins as a paid order of 4.00 yuan in Stripe's own form, reduced to what decides.
class session_json {
public:
  static constexpr stripe_return::unix_seconds created = 1774256386;
  static constexpr stripe_return::unix_seconds expires_at = 1774342786;

  session_json()
      : fields_{{"id", quoted("cs_test_a1")},
                {"object", quoted("checkout.session")},
                {"amount_subtotal", "400"},
                {"amount_total", "400"},
                {"created", std::to_string(created)},
                {"currency", quoted("cny")},
                {"expires_at", std::to_string(expires_at)},
                {"livemode", "false"},
                {"metadata", R"({"out_trade_no":"A1"})"},
                {"mode", quoted("payment")},
                {"payment_status", quoted("paid")},
                {"status", quoted("complete")}} {}

  // `value` is JSON.
  session_json& set(const std::string& key, const std::string& value) {
    drop(key);
    fields_.emplace_back(key, value);
    return *this;
  }
  session_json& words(const std::string& status, const std::string& payment_status) {
    return set("status", quoted(status)).set("payment_status", quoted(payment_status));
  }
  session_json& payment_intent(const std::string& status) {
    return set("payment_intent",
               R"({"id":"pi_1","object":"payment_intent","status":)" + quoted(status) + "}");
  }
  session_json& drop(const std::string& key) {
    fields_.erase(std::remove_if(fields_.begin(), fields_.end(),
                                 [&](const auto& field) { return field.first == key; }),
                  fields_.end());
    return *this;
  }

  std::string text() const {
    std::string json;
    for (const auto& [key, value] : fields_)
      json += (json.empty() ? '{' : ',') + quoted(key) + ':' + value;
    return json + '}';
  }
  stripe_return::checkout_session decoded() const {
    auto session = stripe_return::parse_checkout_session(text());
    if (!session) throw std::logic_error(session.error().message + " In: " + text());
    return *std::move(session);
  }

private:
  std::vector<std::pair<std::string, std::string>> fields_;
};
