#include <stripe_return/testkit/session_builder.hpp>

#include "core/ascii.hpp"
#include "testkit/stripe_go_form.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <ctime>
#include <stdexcept>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

using document = nlohmann::ordered_json; // Stripe's own order: `id` and `object` come first

constexpr char api_version[] = "2026-09-30.endive";
constexpr unix_seconds one_day = 24 * 60 * 60;
constexpr unix_seconds one_minute = 60;

// What is the same in every state, with null where the state says more.
constexpr char hosted_session[] = R"({
  "id": null,
  "object": "checkout.session",
  "adaptive_pricing": {"enabled": true},
  "after_expiration": null,
  "allow_promotion_codes": null,
  "allowed_payment_method_types": null,
  "amount_subtotal": null,
  "amount_total": null,
  "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
  "billing_address_collection": null,
  "branding_settings": {
    "background_color": "#ffffff", "border_style": "rounded", "button_color": "#0074d4",
    "display_name": "Shop", "font_family": "default", "icon": null, "logo": null
  },
  "cancel_url": null,
  "client_reference_id": null,
  "client_secret": null,
  "collected_information": null,
  "consent": null,
  "consent_collection": null,
  "created": null,
  "currency": null,
  "currency_conversion": null,
  "custom_fields": [],
  "custom_text": {
    "after_submit": null, "shipping_address": null, "submit": null,
    "terms_of_service_acceptance": null
  },
  "customer": null,
  "customer_account": null,
  "customer_creation": "if_required",
  "customer_details": null,
  "customer_email": null,
  "discounts": [],
  "excluded_payment_method_types": [],
  "expires_at": null,
  "integration_identifier": null,
  "invoice": null,
  "invoice_creation": {
    "enabled": false,
    "invoice_data": {
      "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
      "issuer": null, "metadata": {}, "rendering_options": null
    }
  },
  "livemode": null,
  "locale": null,
  "managed_payments": {"enabled": false},
  "metadata": {},
  "mode": "payment",
  "name_collection": {"business": {"enabled": false}, "individual": {"enabled": false}},
  "optional_items": [],
  "origin_context": null,
  "payment_intent": null,
  "payment_link": null,
  "payment_method_collection": "if_required",
  "payment_method_configuration_details": {"id": "pmc_1", "parent": null},
  "payment_method_options": {},
  "payment_method_types": ["card", "alipay", "wechat_pay"],
  "payment_status": null,
  "permissions": null,
  "phone_number_collection": {"enabled": false},
  "recovered_from": null,
  "saved_payment_method_options": null,
  "setup_intent": null,
  "shipping_address_collection": null,
  "shipping_cost": null,
  "shipping_options": [],
  "status": null,
  "submit_type": null,
  "subscription": null,
  "success_url": "https://shop.example/stripe_return?session_id={CHECKOUT_SESSION_ID}",
  "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
  "ui_mode": "hosted_page",
  "url": null,
  "wallet_options": null
})";

// https://docs.stripe.com/api/payment_intents/object
constexpr char expanded_payment_intent[] = R"({
  "id": "pi_1",
  "object": "payment_intent",
  "amount": null,
  "amount_capturable": 0,
  "amount_received": 0,
  "application": null,
  "automatic_payment_methods": null,
  "canceled_at": null,
  "cancellation_reason": null,
  "capture_method": "automatic_async",
  "client_secret": "pi_1_secret_1",
  "confirmation_method": "automatic",
  "created": null,
  "currency": null,
  "customer": null,
  "description": null,
  "last_payment_error": null,
  "latest_charge": null,
  "livemode": null,
  "metadata": {},
  "next_action": null,
  "payment_method": null,
  "payment_method_types": ["card", "alipay", "wechat_pay"],
  "processing": null,
  "receipt_email": null,
  "shipping": null,
  "status": null
})";

constexpr char customer_details[] = R"({
  "address": null, "business_name": null, "email": "customer@example.com", "individual_name": null,
  "name": null, "phone": null, "tax_exempt": "none", "tax_ids": []
})";

bool is_live(const std::string& id) {
  return starts_with(id, "cs_live_");
}

std::string text(const document& written) {
  return written.dump(2, ' ', false, document::error_handler_t::replace);
}

} // namespace

session_builder::session_builder()
    : created_(1774256386),
      id_("cs_test_a1Q0Q1Q2Q3Q4Q5Q6Q7Q8Q9R0R1R2R3R4R5R6R7R8R9S0S1S2S3S4S5S6S7") {}

session_builder session_builder::in(state which) const {
  session_builder changed = *this;
  changed.state_ = which;
  return changed;
}

session_builder session_builder::awaiting_payment() const {
  return in(state::awaiting_payment);
}
session_builder session_builder::paid() const {
  return in(state::paid);
}
session_builder session_builder::no_payment_required() const {
  return in(state::no_payment_required);
}
session_builder session_builder::processing() const {
  return in(state::processing);
}
session_builder session_builder::failed() const {
  return in(state::failed);
}
session_builder session_builder::expired() const {
  return in(state::expired);
}
session_builder session_builder::setup() const {
  return in(state::setup);
}

session_builder session_builder::id(std::string_view session_id) const {
  session_builder changed = *this;
  changed.id_ = session_id;
  return changed;
}

session_builder session_builder::amount(std::int64_t minor_units, std::string_view currency) const {
  session_builder changed = *this;
  changed.minor_units_ = minor_units;
  changed.currency_ = currency;
  return changed;
}

session_builder session_builder::out_trade_no(std::string_view order) const {
  session_builder changed = *this;
  changed.out_trade_no_ = order;
  return changed;
}

session_builder session_builder::created(unix_seconds time) const {
  session_builder changed = *this;
  changed.created_ = time;
  return changed;
}

session_builder session_builder::payment_intent(std::string_view status) const {
  session_builder changed = *this;
  changed.payment_intent_status_ = status;
  return changed;
}

session_builder session_builder::account(std::string_view id) const {
  session_builder changed = *this;
  changed.account_ = id;
  return changed;
}

session_builder session_builder::set(std::string_view field, std::string_view value) const {
  if (!document::accept(value)) throw std::invalid_argument("the field's value is no JSON");
  session_builder changed = *this;
  changed.fields_.emplace_back(field, value);
  return changed;
}

std::string session_builder::write(form where) const {
  const bool open = state_ == state::awaiting_payment;
  const bool free = state_ == state::no_payment_required || state_ == state::setup;
  const bool complete = !open && state_ != state::expired;
  const bool live = is_live(id_);

  document session = document::parse(hosted_session);
  session["id"] = id_;
  session["created"] = created_;
  session["expires_at"] = created_ + one_day;
  session["livemode"] = live;
  if (!out_trade_no_.empty()) session["metadata"]["out_trade_no"] = out_trade_no_;
  session["status"] = open ? "open" : complete ? "complete" : "expired";
  session["payment_status"] = state_ == state::paid ? "paid"
                              : free                ? "no_payment_required"
                                                    : "unpaid";
  if (open) session["url"] = "https://checkout.stripe.com/c/pay/" + id_;
  if (complete) session["customer_details"] = document::parse(customer_details);
  if (state_ == state::setup) {
    session["mode"] = "setup";
    session["setup_intent"] = "seti_1";
    session["customer_creation"] = nullptr;
    session["total_details"] = nullptr;
  } else {
    session["currency"] = currency_;
    session["amount_subtotal"] = session["amount_total"] = free ? 0 : minor_units_;
  }

  const std::string status = state_ == state::failed && payment_intent_status_.empty()
                                 ? "requires_payment_method"
                                 : payment_intent_status_;
  if ((complete && !free) || !status.empty()) session["payment_intent"] = "pi_1";
  if (where == form::as_fetched && !status.empty()) {
    document intent = document::parse(expanded_payment_intent);
    intent["amount"] = minor_units_;
    intent["amount_received"] = status == "succeeded" ? minor_units_ : 0;
    intent["created"] = created_ + one_minute;
    intent["currency"] = currency_;
    intent["livemode"] = live;
    intent["status"] = status;
    session["payment_intent"] = std::move(intent);
  }
  for (const auto& [field, value] : fields_)
    session[field] = document::parse(value);
  return text(session);
}

std::string session_builder::json() const {
  return write(form::as_fetched);
}

std::string session_builder::stripe_go_json() const {
  return stripe_go_form(json());
}

std::string session_builder::event(std::string_view type, std::string_view event_id) const {
  document session = document::parse(write(form::in_event));
  document event = {{"id", event_id}, {"object", "event"}};
  if (!account_.empty()) event["account"] = account_;
  event["api_version"] = api_version;
  event["created"] = created_ + one_minute;
  event["livemode"] = session["livemode"];
  event["data"]["object"] = std::move(session);
  event["pending_webhooks"] = 1;
  event["request"] = {{"id", nullptr}, {"idempotency_key", nullptr}};
  event["type"] = type;
  return text(event);
}

std::string session_builder::thin_event(std::string_view type, std::string_view event_id) const {
  const std::time_t created = created_ + one_minute;
  std::tm utc{};
  gmtime_r(&created, &utc);
  std::array<char, sizeof "9999-12-31T23:59:59.000Z"> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%S.000Z", &utc);
  return text(
      {{"id", event_id},
       {"object", "v2.core.event"},
       {"type", "v1." + std::string(type)},
       {"created", time.data()},
       {"livemode", is_live(id_)},
       {"context", account_.empty() ? document() : document(account_)},
       {"reason", nullptr},
       {"related_object",
        {{"id", id_}, {"type", "checkout.session"}, {"url", "/v1/checkout/sessions/" + id_}}},
       {"snapshot_event", std::string(event_id) + "_snapshot"}});
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
