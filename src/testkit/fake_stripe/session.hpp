// A Checkout Session, with all that hangs on it.
#pragma once

#include "testkit/fake_stripe/session_state.hpp"

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

using metadata_map = std::map<std::string, std::string>;

struct product {
  std::string id;
  unix_seconds created = 0;
  bool active = true;
  std::string name;
  std::optional<std::string> description;
  std::vector<std::string> images;
  metadata_map metadata;
};

struct price {
  std::string id;
  unix_seconds created = 0;
  bool active = true;
  std::string product_id;
  std::string currency;
  std::int64_t unit_amount = 0;
  std::optional<std::string> interval; // of a subscription: day, week, month, year
  std::optional<std::string> lookup_key;
  std::optional<std::string> nickname;
  metadata_map metadata;
};

struct customer {
  std::string id;
  unix_seconds created = 0;
  std::optional<std::string> email;
  std::optional<std::string> name;
  std::optional<std::string> description;
  metadata_map metadata;
};

struct bought_item {
  std::string id;
  price bought;
  std::optional<product> own_product; // of a price that is made along with the session
  std::string name;                   // the product's, as it was then
  std::int64_t quantity = 1;

  std::int64_t amount() const { return bought.unit_amount * quantity; }
};

struct refund {
  std::string id;
  unix_seconds created = 0;
  std::int64_t amount = 0;
  std::optional<std::string> reason;
  metadata_map metadata;
};

struct charge {
  std::string id;
  unix_seconds created = 0;
  std::string status; // succeeded, pending, failed
  std::int64_t amount = 0;
  std::int64_t amount_captured = 0;
  std::vector<refund> refunds;
  std::string dispute_id; // empty: nobody disputes it
  unix_seconds disputed_at = 0;

  std::int64_t amount_refunded() const;
};

struct payment_intent {
  std::string id;
  std::string client_secret;
  unix_seconds created = 0;
  std::string payment_method;
  std::string error_code; // of the last attempt; empty: it did not fail
  unix_seconds canceled_at = 0;
  std::vector<charge> charges; // one an attempt
};

enum class checkout_mode { payment, setup, subscription };
enum class ui_mode { hosted_page, embedded_page, elements, form };

// What a merchant asks for when creating one; a recovered session asks for the same again.
struct session_request {
  checkout_mode mode = checkout_mode::payment;
  ui_mode ui = ui_mode::hosted_page;
  std::string success_url;
  std::optional<std::string> cancel_url;
  std::optional<std::string> return_url;
  std::optional<std::string> redirect_on_completion; // always, if_required, never
  std::string currency;
  std::vector<bought_item> items;
  metadata_map metadata;
  std::optional<std::string> client_reference_id;
  std::optional<std::string> customer_id;
  std::optional<std::string> customer_email;
  std::optional<std::string> locale;
  std::optional<std::string> submit_type;
  std::optional<std::string> billing_address_collection;
  std::vector<std::string> allowed_payment_methods;
  std::vector<std::string> excluded_payment_methods;
  metadata_map intent_metadata;
  std::optional<std::string> intent_description;
  bool manual_capture = false;
  std::int64_t trial_days = 0;
  std::optional<bool> takes_promotion_codes;
  std::optional<bool> adaptive_pricing;
  std::optional<unix_seconds> expires_at;
  bool recoverable = false;
  bool recovery_takes_promotion_codes = false;
};

// What the customer's country and choices did to the amount.
struct amount_changes {
  std::int64_t discount = 0;
  std::int64_t shipping = 0;
  std::int64_t tax = 0;
};

// https://docs.stripe.com/payments/currencies/localize-prices/adaptive-pricing
struct presentment {
  std::string currency; // the customer's
  std::int64_t amount = 0;
  std::string rate;
  // As before 2025-03-31: the session's own amount and currency are the customer's, and
  // currency_conversion tells the merchant's.
  bool converts = false;
};

struct STRIPE_RETURN_EXPORT session {
  std::string id;
  // Shared with the events about it, which keep the session as it was.
  std::shared_ptr<const session_request> asked;
  session_state state;
  metadata_map metadata;
  amount_changes changes;
  std::optional<presentment> presented;
  unix_seconds created = 0;
  unix_seconds expires_at = 0;
  std::string url;
  std::string client_secret;
  std::optional<payment_intent> intent;
  std::string setup_intent_id;
  std::string subscription_id;
  std::string invoice_id;
  std::string recovered_from;
  std::string recovery_url; // since it expired, if recoverable
  unix_seconds recovery_expires_at = 0;

  std::int64_t subtotal() const; // what is to be paid now: nothing in a trial
  std::int64_t total() const;
  // As the PaymentIntent has them.
  std::int64_t paid_amount() const;
  const std::string& paid_currency() const;
};

STRIPE_RETURN_EXPORT std::string_view to_string(checkout_mode mode);
STRIPE_RETURN_EXPORT std::string_view to_string(ui_mode mode);

} // namespace fake
} // namespace v0
} // namespace stripe_return
