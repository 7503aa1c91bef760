#include "testkit/stripe_go_form.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

using nlohmann::json; // with sorted keys, as Go's maps, and nearly as stripe-go's structs

// The fields of stripe-go v82's CheckoutSession, with their zero values: an object stands for a
// struct behind a pointer, null for what is written as it was sent. Of the structs around an id the
// PaymentIntent's is whole; the others have a few fields that stand for all.
// https://github.com/stripe/stripe-go/blob/master/checkout_session.go
constexpr char checkout_session_struct[] = R"({
  "adaptive_pricing": null,
  "after_expiration": {
    "recovery": {"allow_promotion_codes": false, "enabled": false, "expires_at": 0, "url": ""}
  },
  "allow_promotion_codes": false,
  "amount_subtotal": 0,
  "amount_total": 0,
  "automatic_tax": {"enabled": false, "liability": null, "provider": "", "status": ""},
  "billing_address_collection": "",
  "cancel_url": "",
  "client_reference_id": "",
  "client_secret": "",
  "collected_information": null,
  "consent": {"promotions": "", "terms_of_service": ""},
  "consent_collection": null,
  "created": 0,
  "currency": "",
  "currency_conversion": {
    "amount_subtotal": 0, "amount_total": 0, "fx_rate": "0", "source_currency": ""
  },
  "custom_fields": null,
  "custom_text": null,
  "customer": {
    "created": 0, "currency": "", "description": "", "email": "", "id": "", "livemode": false,
    "metadata": null, "name": "", "object": "", "phone": ""
  },
  "customer_creation": "",
  "customer_details": {
    "address": {
      "city": "", "country": "", "line1": "", "line2": "", "postal_code": "", "state": ""
    },
    "email": "", "name": "", "phone": "", "tax_exempt": "", "tax_ids": null
  },
  "customer_email": "",
  "discounts": null,
  "expires_at": 0,
  "id": "",
  "invoice": {"currency": "", "id": "", "metadata": null, "object": "", "status": "", "total": 0},
  "invoice_creation": {
    "enabled": false,
    "invoice_data": {
      "account_tax_ids": null, "custom_fields": null, "description": "", "footer": "",
      "issuer": null, "metadata": null, "rendering_options": null
    }
  },
  "line_items": null,
  "livemode": false,
  "locale": "",
  "metadata": null,
  "mode": "",
  "object": "",
  "optional_items": null,
  "origin_context": "",
  "payment_intent": {
    "amount": 0, "amount_capturable": 0, "amount_details": null, "amount_received": 0,
    "application": null, "application_fee_amount": 0, "automatic_payment_methods": null,
    "canceled_at": 0, "cancellation_reason": "", "capture_method": "", "client_secret": "",
    "confirmation_method": "", "created": 0, "currency": "", "customer": null, "description": "",
    "excluded_payment_method_types": null, "id": "", "last_payment_error": null,
    "latest_charge": null, "livemode": false, "metadata": null, "next_action": null, "object": "",
    "on_behalf_of": null, "payment_method": null, "payment_method_configuration_details": null,
    "payment_method_options": null, "payment_method_types": null, "presentment_details": null,
    "processing": null, "receipt_email": "", "review": null, "setup_future_usage": "",
    "shipping": null, "source": null, "statement_descriptor": "",
    "statement_descriptor_suffix": "", "status": "", "transfer_data": null, "transfer_group": ""
  },
  "payment_link": {"active": false, "id": "", "metadata": null, "object": "", "url": ""},
  "payment_method_collection": "",
  "payment_method_configuration_details": {"id": "", "parent": ""},
  "payment_method_options": null,
  "payment_method_types": null,
  "payment_status": "",
  "permissions": {"update_shipping_details": ""},
  "phone_number_collection": null,
  "presentment_details": null,
  "recovered_from": "",
  "redirect_on_completion": "",
  "return_url": "",
  "saved_payment_method_options": null,
  "setup_intent": {"client_secret": "", "id": "", "metadata": null, "object": "", "status": ""},
  "shipping_address_collection": null,
  "shipping_cost": null,
  "shipping_options": null,
  "status": "",
  "submit_type": "",
  "subscription": {"currency": "", "id": "", "metadata": null, "object": "", "status": ""},
  "success_url": "",
  "tax_id_collection": null,
  "total_details": {
    "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0, "breakdown": null
  },
  "ui_mode": "",
  "url": "",
  "wallet_options": null
})";

json marshalled(const json& go_struct, const json& sent) {
  json written = go_struct;
  for (auto& [key, zero] : written.items()) {
    const auto found = sent.find(key);
    const bool nothing = found == sent.end() || found->is_null();
    if (zero.is_object() && nothing) {
      zero = nullptr;
    } else if (zero.is_object() && found->is_string()) {
      zero["id"] = *found;
    } else if (zero.is_object()) {
      zero = marshalled(zero, *found);
    } else if (!nothing) {
      zero = *found;
    }
  }
  return written;
}

// Go's encoder writes these so that JSON may stand inside of HTML and JavaScript.
std::string escaped_for_html(const std::string& text) {
  static constexpr std::pair<std::string_view, std::string_view> escapes[] = {
      {"<", "\\u003c"},
      {">", "\\u003e"},
      {"&", "\\u0026"},
      {"\xe2\x80\xa8", "\\u2028"},
      {"\xe2\x80\xa9", "\\u2029"},
  };
  std::string escaped;
  for (std::size_t at = 0; at != text.size();) {
    const auto fits = [&](const auto& each) {
      return text.compare(at, each.first.size(), each.first) == 0;
    };
    const auto* found = std::find_if(std::begin(escapes), std::end(escapes), fits);
    const bool plain = found == std::end(escapes);
    escaped += plain ? std::string_view(text).substr(at, 1) : found->second;
    at += plain ? 1 : found->first.size();
  }
  return escaped;
}

} // namespace

std::string stripe_go_form(std::string_view session) {
  const json written = marshalled(json::parse(checkout_session_struct), json::parse(session));
  return escaped_for_html(written.dump(2)) + '\n';
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
