#include "stripe_go_form.hpp"

#include <nlohmann/json.hpp>

// The differences were found by running stripe-go v71 to v86 on the same sessions; they follow from
// Go's encoding/json and from the struct tags in
// https://github.com/stripe/stripe-go/blob/master/checkout_session.go.
namespace {

using nlohmann::json;

const char* const texts[] = {"billing_address_collection",
                             "cancel_url",
                             "client_reference_id",
                             "client_secret",
                             "currency",
                             "customer_account",
                             "customer_creation",
                             "customer_email",
                             "id",
                             "integration_identifier",
                             "locale",
                             "mode",
                             "object",
                             "origin_context",
                             "payment_method_collection",
                             "payment_status",
                             "recovered_from",
                             "redirect_on_completion",
                             "return_url",
                             "shipping_rate",
                             "status",
                             "submit_type",
                             "success_url",
                             "ui_mode",
                             "url"};
const char* const integers[] = {"amount_subtotal", "amount_total", "created", "expires_at"};
const char* const booleans[] = {"allow_promotion_codes", "livemode"};
const char* const expandables[] = {"customer",     "invoice",      "payment_intent",
                                   "payment_link", "setup_intent", "subscription"};
const char* const objects[] = {"adaptive_pricing",
                               "after_expiration",
                               "automatic_tax",
                               "branding_settings",
                               "collected_information",
                               "consent",
                               "consent_collection",
                               "currency_conversion",
                               "custom_fields",
                               "custom_text",
                               "customer_details",
                               "discounts",
                               "display_items",
                               "excluded_payment_method_types",
                               "invoice_creation",
                               "line_items",
                               "managed_payments",
                               "metadata",
                               "name_collection",
                               "optional_items",
                               "payment_method_options",
                               "payment_method_types",
                               "permissions",
                               "phone_number_collection",
                               "presentment_details",
                               "saved_payment_method_options",
                               "shipping",
                               "shipping_address_collection",
                               "shipping_cost",
                               "shipping_details",
                               "shipping_options",
                               "tax_id_collection",
                               "total_details",
                               "wallet_options"};

// Each id becomes the zero value of the whole struct around it.
json around_id(const json& id) {
  return {{"amount", 0},
          {"capture_method", ""},
          {"client_secret", ""},
          {"created", 0},
          {"currency", ""},
          {"email", ""},
          {"id", id},
          {"last_payment_error", nullptr},
          {"livemode", false},
          {"metadata", nullptr},
          {"object", ""},
          {"status", ""}};
}

json recovery_of(json after_expiration) {
  if (!after_expiration.is_object() || !after_expiration["recovery"].is_object())
    return after_expiration;
  json& recovery = after_expiration["recovery"];
  if (recovery["url"].is_null()) recovery["url"] = "";
  if (recovery["expires_at"].is_null()) recovery["expires_at"] = 0;
  return after_expiration;
}

} // namespace

std::string stripe_go_form(const std::string& raw, const stripe_go_sdk& sdk) {
  const json session = json::parse(raw);
  json written = json::object();
  const auto write = [&](const char* key, const json& zero) {
    if (sdk.without.count(key) != 0) return;
    const auto found = session.find(key);
    const bool absent = found == session.end();
    if (absent && sdk.omits_empty) return;
    written[key] = absent || found->is_null() ? zero : *found;
  };
  for (const char* key : texts)
    write(key, "");
  for (const char* key : integers)
    write(key, 0);
  for (const char* key : booleans)
    write(key, false);
  for (const char* key : objects)
    write(key, nullptr);
  for (const char* key : expandables) {
    write(key, nullptr);
    if (written.contains(key) && written[key].is_string()) written[key] = around_id(written[key]);
  }
  if (written.contains("after_expiration"))
    written["after_expiration"] = recovery_of(written["after_expiration"]);
  return written.dump(2) + '\n';
}
