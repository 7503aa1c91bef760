// Fields and nulls: https://docs.stripe.com/api/checkout/sessions/object,
// https://docs.stripe.com/api/payment_intents/object and https://docs.stripe.com/api/charges/object

#include "fake_stripe/object_json.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

template <class T> json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json time_or_null(unix_seconds time) {
  return time == 0 ? json(nullptr) : json(time);
}

json object_with_nulls(std::initializer_list<const char*> names) {
  json object = json::object();
  for (const char* name : names)
    object[name] = nullptr;
  return object;
}

json no_address() {
  return object_with_nulls({"city", "country", "line1", "line2", "postal_code", "state"});
}

// Somebody, so that what must not be logged or shown is there to be found.
json customer_details(const session& session) {
  if (session.state.status != session_status::complete) {
    if (!session.asked.customer_email) return nullptr;
    return {{"address", nullptr},
            {"business_name", nullptr},
            {"email", *session.asked.customer_email},
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
          {"email", session.asked.customer_email.value_or("jenny.rosen@example.com")},
          {"individual_name", nullptr},
          {"name", "Jenny Rosen"},
          {"phone", nullptr},
          {"tax_exempt", "none"},
          {"tax_ids", json::array()}};
}

json after_expiration(const session& session) {
  if (!session.asked.recoverable) return nullptr;
  return {{"recovery",
           {{"allow_promotion_codes", session.asked.recovery_takes_promotion_codes},
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

json last_payment_error(const payment_intent& intent) {
  if (intent.error_code.empty()) return nullptr;
  json error = {{"charge", intent.charges.back().id}, {"code", intent.error_code}};
  if (intent.error_code == "card_declined") {
    error["decline_code"] = "generic_decline";
    error["doc_url"] = "https://stripe.com/docs/error-codes/card-declined";
    error["message"] = "Your card was declined.";
    error["type"] = "card_error";
  } else {
    error["message"] = "The payment failed.";
    error["type"] = "invalid_request_error";
  }
  return error;
}

} // namespace

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json session_json(const session& session) {
  const session_request& asked = session.asked;
  const bool is_open = session.state.status == session_status::open;
  json object = object_with_nulls({"allow_promotion_codes",
                                   "allowed_payment_method_types",
                                   "client_secret",
                                   "collected_information",
                                   "consent",
                                   "consent_collection",
                                   "currency_conversion",
                                   "customer",
                                   "customer_account",
                                   "integration_identifier",
                                   "invoice",
                                   "origin_context",
                                   "payment_link",
                                   "payment_method_configuration_details",
                                   "permissions",
                                   "saved_payment_method_options",
                                   "setup_intent",
                                   "shipping_address_collection",
                                   "shipping_cost",
                                   "subscription",
                                   "wallet_options"});
  object["id"] = session.id;
  object["object"] = "checkout.session";
  object["adaptive_pricing"] = {{"enabled", false}};
  object["after_expiration"] = after_expiration(session);
  object["amount_subtotal"] = asked.total();
  object["amount_total"] = asked.total();
  object["automatic_tax"] = {
      {"enabled", false}, {"liability", nullptr}, {"provider", nullptr}, {"status", nullptr}};
  object["billing_address_collection"] = or_null(asked.billing_address_collection);
  object["branding_settings"] = branding_settings();
  object["cancel_url"] = or_null(asked.cancel_url);
  object["client_reference_id"] = or_null(asked.client_reference_id);
  object["created"] = session.created;
  object["currency"] = asked.currency;
  object["custom_fields"] = json::array();
  object["custom_text"] = object_with_nulls(
      {"after_submit", "shipping_address", "submit", "terms_of_service_acceptance"});
  object["customer_creation"] = "if_required";
  object["customer_details"] = customer_details(session);
  object["customer_email"] = or_null(asked.customer_email);
  object["discounts"] = json::array();
  object["expires_at"] = session.expires_at;
  object["invoice_creation"] = {
      {"enabled", false},
      {"invoice_data", object_with_nulls({"account_tax_ids", "custom_fields", "description",
                                          "footer", "issuer", "rendering_options"})}};
  object["invoice_creation"]["invoice_data"]["metadata"] = json::object();
  object["livemode"] = false;
  object["locale"] = or_null(asked.locale);
  object["managed_payments"] = {{"enabled", false}};
  object["metadata"] = asked.metadata;
  object["mode"] = "payment";
  object["payment_intent"] = session.intent ? json(session.intent->id) : json(nullptr);
  object["payment_method_collection"] = "if_required";
  object["payment_method_options"] = {{"card", {{"request_three_d_secure", "automatic"}}}};
  object["payment_method_types"] = asked.payment_method_types;
  object["payment_status"] = to_string(session.state.payment);
  object["phone_number_collection"] = {{"enabled", false}};
  object["recovered_from"] = or_null(session.recovered_from);
  object["shipping_options"] = json::array();
  object["status"] = to_string(session.state.status);
  object["submit_type"] = or_null(asked.submit_type);
  object["success_url"] = asked.success_url;
  object["total_details"] = {{"amount_discount", 0}, {"amount_shipping", 0}, {"amount_tax", 0}};
  object["ui_mode"] = "hosted_page";
  object["url"] = is_open ? json(session.url) : json(nullptr);
  return object;
}

json payment_intent_json(const session& session) {
  const payment_intent& intent = *session.intent;
  const intent_status status = *session.state.intent;
  const std::int64_t amount = session.asked.total();
  json object = object_with_nulls(
      {"application", "application_fee_amount", "automatic_payment_methods", "customer",
       "customer_account", "next_action", "on_behalf_of", "payment_method_configuration_details",
       "processing", "receipt_email", "review", "setup_future_usage", "shipping", "source",
       "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"});
  object["id"] = intent.id;
  object["object"] = "payment_intent";
  object["amount"] = amount;
  object["amount_capturable"] = 0;
  object["amount_details"] = {{"tip", json::object()}};
  object["amount_received"] = status == intent_status::succeeded ? amount : 0;
  object["canceled_at"] = time_or_null(intent.canceled_at);
  object["cancellation_reason"] = nullptr;
  object["capture_method"] = "automatic_async";
  object["client_secret"] = intent.client_secret;
  object["confirmation_method"] = "automatic";
  object["created"] = intent.created;
  object["currency"] = session.asked.currency;
  object["description"] = or_null(session.asked.intent_description);
  object["last_payment_error"] = last_payment_error(intent);
  object["latest_charge"] = intent.charges.back().id;
  object["livemode"] = false;
  object["metadata"] = session.asked.intent_metadata;
  object["payment_method"] = text_or_null(intent.payment_method);
  object["payment_method_options"] = json::object();
  object["payment_method_types"] = session.asked.payment_method_types;
  object["status"] = to_string(status);
  return object;
}

json charge_json(const session& session, const charge& charge) {
  const std::int64_t amount = session.asked.total();
  const bool succeeded = charge.status == "succeeded";
  const bool failed = charge.status == "failed";
  json object = object_with_nulls(
      {"application", "application_fee", "application_fee_amount", "balance_transaction",
       "customer", "failure_balance_transaction", "on_behalf_of", "payment_method_details",
       "receipt_email", "receipt_number", "receipt_url", "review", "shipping", "source",
       "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
       "transfer_group"});
  object["id"] = charge.id;
  object["object"] = "charge";
  object["amount"] = amount;
  object["amount_captured"] = succeeded ? amount : 0;
  object["amount_refunded"] = charge.amount_refunded;
  object["billing_details"] = {{"address", no_address()},
                               {"email", "jenny.rosen@example.com"},
                               {"name", "Jenny Rosen"},
                               {"phone", nullptr},
                               {"tax_id", nullptr}};
  object["calculated_statement_descriptor"] = "FAKE-STRIPE";
  object["captured"] = succeeded;
  object["created"] = charge.created;
  object["currency"] = session.asked.currency;
  object["description"] = or_null(session.asked.intent_description);
  object["disputed"] = false;
  object["failure_code"] = failed ? json(session.intent->error_code) : json(nullptr);
  object["failure_message"] = failed ? json("The payment failed.") : json(nullptr);
  object["fraud_details"] = json::object();
  object["livemode"] = false;
  object["metadata"] = session.asked.intent_metadata;
  object["outcome"] = nullptr;
  object["paid"] = succeeded;
  object["payment_intent"] = session.intent->id;
  object["payment_method"] = text_or_null(session.intent->payment_method);
  object["refunded"] = charge.amount_refunded == amount;
  object["status"] = charge.status;
  return object;
}

json line_item_json(const session& session, const bought_item& item) {
  const json price = {{"id", item.price_id},
                      {"object", "price"},
                      {"active", false},
                      {"billing_scheme", "per_unit"},
                      {"created", session.created},
                      {"currency", session.asked.currency},
                      {"custom_unit_amount", nullptr},
                      {"livemode", false},
                      {"lookup_key", nullptr},
                      {"metadata", json::object()},
                      {"nickname", nullptr},
                      {"product", item.product_id},
                      {"recurring", nullptr},
                      {"tax_behavior", "unspecified"},
                      {"tiers_mode", nullptr},
                      {"transform_quantity", nullptr},
                      {"type", "one_time"},
                      {"unit_amount", item.unit_amount},
                      {"unit_amount_decimal", std::to_string(item.unit_amount)}};
  return {{"id", item.id},
          {"object", "item"},
          {"adjustable_quantity", nullptr},
          {"amount_discount", 0},
          {"amount_subtotal", item.amount()},
          {"amount_tax", 0},
          {"amount_total", item.amount()},
          {"currency", session.asked.currency},
          {"description", item.name},
          {"metadata", json::object()},
          {"price", price},
          {"quantity", item.quantity}};
}

json product_json(const session& session, const bought_item& item) {
  return {{"id", item.product_id},
          {"object", "product"},
          {"active", false},
          {"attributes", json::array()},
          {"created", session.created},
          {"default_price", nullptr},
          {"description", or_null(item.description)},
          {"images", item.images},
          {"livemode", false},
          {"marketing_features", json::array()},
          {"metadata", item.product_metadata},
          {"name", item.name},
          {"package_dimensions", nullptr},
          {"shippable", nullptr},
          {"statement_descriptor", nullptr},
          {"tax_code", nullptr},
          {"type", "service"},
          {"unit_label", nullptr},
          {"updated", session.created},
          {"url", nullptr}};
}

json list_json(json data, bool has_more, const std::string& url) {
  return {{"object", "list"}, {"data", std::move(data)}, {"has_more", has_more}, {"url", url}};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
