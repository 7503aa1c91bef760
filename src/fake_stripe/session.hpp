// A Checkout Session, with all that hangs on it.
#pragma once

#include "fake_stripe/session_state.hpp"

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/time.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

using metadata_map = std::map<std::string, std::string>;

struct bought_item {
  std::string id;
  std::string price_id;
  std::string product_id;
  std::string name;
  std::optional<std::string> description;
  std::vector<std::string> images;
  metadata_map product_metadata;
  std::int64_t unit_amount = 0;
  std::int64_t quantity = 1;

  std::int64_t amount() const { return unit_amount * quantity; }
};

struct charge {
  std::string id;
  unix_seconds created = 0;
  std::string status; // succeeded, pending, failed
  std::int64_t amount_refunded = 0;
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

// What a merchant asks for when creating one; a recovered session asks for the same again.
struct session_request {
  std::string success_url;
  std::optional<std::string> cancel_url;
  std::string currency;
  std::vector<bought_item> items;
  metadata_map metadata;
  std::optional<std::string> client_reference_id;
  std::optional<std::string> customer_email;
  std::optional<std::string> locale;
  std::optional<std::string> submit_type;
  std::optional<std::string> billing_address_collection;
  std::vector<std::string> payment_method_types;
  metadata_map intent_metadata;
  std::optional<std::string> intent_description;
  std::optional<unix_seconds> expires_at;
  bool recoverable = false;
  bool recovery_takes_promotion_codes = false;

  std::int64_t total() const;
};

struct session {
  std::string id;
  session_request asked;
  session_state state;
  unix_seconds created = 0;
  unix_seconds expires_at = 0;
  std::string url;
  std::optional<payment_intent> intent;
  std::optional<std::string> recovered_from;
  std::string recovery_url; // since it expired, if recoverable
  unix_seconds recovery_expires_at = 0;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
