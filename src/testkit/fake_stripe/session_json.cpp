// Fields and nulls: https://docs.stripe.com/api/checkout/sessions/object

#include "testkit/fake_stripe/object_json.hpp"

#include "testkit/fake_stripe/json_parts.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

// Somebody, so that what must not be logged or shown is there to be found.
json customer_details(const session& session) {
  if (session.state.status != session_status::complete) {
    if (!session.asked->customer_email) return nullptr;
    return {{"address", nullptr},
            {"business_name", nullptr},
            {"email", *session.asked->customer_email},
            {"individual_name", nullptr},
            {"name", nullptr},
            {"phone", nullptr},
            {"tax_exempt", "none"},
            {"tax_ids", nullptr}};
  }
  json address = no_address();
  address["country"] = "DE";
  return {{"address", std::move(address)},
          {"business_name", nullptr},
          {"email", session.asked->customer_email.value_or("jenny.rosen@example.com")},
          {"individual_name", nullptr},
          {"name", "Jenny Rosen"},
          {"phone", nullptr},
          {"tax_exempt", "none"},
          {"tax_ids", json::array()}};
}

json after_expiration(const session& session) {
  if (!session.asked->recoverable) return nullptr;
  return {{"recovery",
           {{"allow_promotion_codes", session.asked->recovery_takes_promotion_codes},
            {"enabled", true},
            {"expires_at", time_or_null(session.recovery_expires_at)},
            {"url", text_or_null(session.recovery_url)}}}};
}

json branding_settings() {
  return {{"background_color", "#ffffff"},
          {"border_style", "rounded"},
          {"button_color", "#0074d4"},
          {"display_name", "fake-stripe"},
          {"font_family", "default"},
          {"icon", nullptr},
          {"logo", nullptr}};
}

json invoice_creation() {
  json data = object_with_nulls(
      {"account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options"});
  data["metadata"] = json::object();
  return {{"enabled", false}, {"invoice_data", std::move(data)}};
}

// Adaptive Pricing shows the customer's amount in one of two ways:
// https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
void set_amounts(json& object, const session& session) {
  object["currency_conversion"] = nullptr;
  if (session.asked->mode == checkout_mode::setup) {
    object["amount_subtotal"] = nullptr;
    object["amount_total"] = nullptr;
    object["currency"] = text_or_null(session.asked->currency);
    object["total_details"] = nullptr;
    return;
  }
  const amount_changes& changes = session.changes;
  object["amount_subtotal"] = session.subtotal();
  object["amount_total"] = session.total();
  object["currency"] = session.asked->currency;
  object["total_details"] = {{"amount_discount", changes.discount},
                             {"amount_shipping", changes.shipping},
                             {"amount_tax", changes.tax}};
  if (!session.presented) return;
  const presentment& shown = *session.presented;
  if (!shown.converts) {
    object["presentment_details"] = {{"presentment_amount", shown.amount},
                                     {"presentment_currency", shown.currency}};
    return;
  }
  object["currency_conversion"] = {{"amount_subtotal", session.subtotal()},
                                   {"amount_total", session.total()},
                                   {"fx_rate", shown.rate},
                                   {"source_currency", session.asked->currency}};
  object["amount_subtotal"] = shown.amount;
  object["amount_total"] = shown.amount;
  object["currency"] = shown.currency;
}

} // namespace

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

std::vector<std::string> offered_methods(const session_request& asked) {
  std::vector<std::string> types = asked.allowed_payment_methods;
  if (types.empty()) types = {"card", "alipay", "wechat_pay"};
  const std::vector<std::string>& excluded = asked.excluded_payment_methods;
  types.erase(std::remove_if(types.begin(), types.end(),
                             [&excluded](const std::string& type) {
                               return std::find(excluded.begin(), excluded.end(), type) !=
                                      excluded.end();
                             }),
              types.end());
  return types;
}

json session_json(const session& session) {
  const session_request& asked = *session.asked;
  const bool is_open = session.state.status == session_status::open;
  json object = object_with_nulls(
      {"collected_information", "consent", "consent_collection", "customer_account",
       "integration_identifier", "origin_context", "payment_link",
       "payment_method_configuration_details", "permissions", "saved_payment_method_options",
       "shipping_address_collection", "shipping_cost", "wallet_options"});
  object["id"] = session.id;
  object["object"] = "checkout.session";
  object["adaptive_pricing"] = {{"enabled", asked.adaptive_pricing.value_or(false)}};
  object["allow_promotion_codes"] = or_null(asked.takes_promotion_codes);
  object["allowed_payment_method_types"] =
      asked.allowed_payment_methods.empty() ? json(nullptr) : json(asked.allowed_payment_methods);
  object["after_expiration"] = after_expiration(session);
  set_amounts(object, session);
  object["automatic_tax"] = {
      {"enabled", false}, {"liability", nullptr}, {"provider", nullptr}, {"status", nullptr}};
  object["billing_address_collection"] = or_null(asked.billing_address_collection);
  object["branding_settings"] = branding_settings();
  object["cancel_url"] = or_null(asked.cancel_url);
  object["client_reference_id"] = or_null(asked.client_reference_id);
  object["client_secret"] = is_open ? text_or_null(session.client_secret) : json(nullptr);
  object["created"] = session.created;
  object["custom_fields"] = json::array();
  object["custom_text"] = object_with_nulls(
      {"after_submit", "shipping_address", "submit", "terms_of_service_acceptance"});
  object["customer"] = or_null(asked.customer_id);
  object["customer_creation"] =
      asked.mode == checkout_mode::payment ? json("if_required") : json(nullptr);
  object["customer_details"] = customer_details(session);
  object["customer_email"] = or_null(asked.customer_email);
  object["discounts"] = json::array();
  object["expires_at"] = session.expires_at;
  object["invoice"] = text_or_null(session.invoice_id);
  object["invoice_creation"] =
      asked.mode == checkout_mode::payment ? invoice_creation() : json(nullptr);
  object["livemode"] = false;
  object["locale"] = or_null(asked.locale);
  object["managed_payments"] = {{"enabled", false}};
  object["metadata"] = session.metadata;
  object["mode"] = to_string(asked.mode);
  object["payment_intent"] = session.intent && asked.mode == checkout_mode::payment
                                 ? json(session.intent->id)
                                 : json(nullptr);
  object["payment_method_collection"] =
      asked.mode == checkout_mode::subscription ? "always" : "if_required";
  object["payment_method_options"] = {{"card", {{"request_three_d_secure", "automatic"}}}};
  object["payment_method_types"] = offered_methods(asked);
  object["payment_status"] = to_string(session.state.payment);
  object["phone_number_collection"] = {{"enabled", false}};
  object["recovered_from"] = text_or_null(session.recovered_from);
  object["setup_intent"] = text_or_null(session.setup_intent_id);
  object["shipping_options"] = json::array();
  object["status"] = to_string(session.state.status);
  object["submit_type"] = or_null(asked.submit_type);
  object["subscription"] = text_or_null(session.subscription_id);
  object["success_url"] = text_or_null(asked.success_url);
  object["ui_mode"] = to_string(asked.ui);
  object["url"] = is_open ? text_or_null(session.url) : json(nullptr);
  if (asked.redirect_on_completion)
    object["redirect_on_completion"] = *asked.redirect_on_completion;
  if (asked.return_url) object["return_url"] = *asked.return_url;
  if (!asked.excluded_payment_methods.empty())
    object["excluded_payment_method_types"] = asked.excluded_payment_methods;
  return object;
}

json line_item_json(const session& session, const bought_item& item) {
  return {{"id", item.id},
          {"object", "item"},
          {"adjustable_quantity", nullptr},
          {"amount_discount", 0},
          {"amount_subtotal", item.amount()},
          {"amount_tax", 0},
          {"amount_total", item.amount()},
          {"currency", session.asked->currency},
          {"description", item.name},
          {"metadata", json::object()},
          {"price", price_json(item.bought)},
          {"quantity", item.quantity}};
}

json list_json(json data, bool has_more, const std::string& url) {
  return {{"object", "list"}, {"data", std::move(data)}, {"has_more", has_more}, {"url", url}};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
