/// @file
/// A Checkout Session, as much of it as the return needs.
#pragma once

#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/open_enum.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-status
enum class session_status : unsigned char { absent, unrecognized, open, complete, expired };

/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_status
enum class session_payment_status : unsigned char {
  absent,
  unrecognized,
  paid,
  unpaid,
  no_payment_required
};

/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-mode
enum class session_mode : unsigned char { absent, unrecognized, payment, setup, subscription };

/// https://docs.stripe.com/api/payment_intents/object#payment_intent_object-status
enum class payment_intent_status : unsigned char {
  absent,
  unrecognized,
  canceled,
  processing,
  requires_action,
  requires_capture,
  requires_confirmation,
  requires_payment_method,
  succeeded
};

/// Stripe's own spelling; "absent" and "unrecognized" for those two.
STRIPE_RETURN_EXPORT std::string_view to_string(session_status status) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(session_payment_status status) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(session_mode mode) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(payment_intent_status status) noexcept;

/// Stripe's string map, with each key once.
class STRIPE_RETURN_EXPORT metadata {
public:
  using entry = std::pair<std::string, std::string>;

  metadata() = default;
  /// Of a key that stands there twice the first value is kept.
  explicit metadata(std::vector<entry> entries);

  /// The key's value, or "" when it is not there: Stripe has no empty values.
  std::string_view get(std::string_view key) const& noexcept;
  std::string_view get(std::string_view key) const&& = delete; // it would dangle
  /// Sorted by key.
  const std::vector<entry>& entries() const& noexcept { return entries_; }
  std::vector<entry> entries() && noexcept;

  STRIPE_RETURN_EXPORT friend bool operator==(const metadata& a, const metadata& b) noexcept;
  friend bool operator!=(const metadata& a, const metadata& b) noexcept { return !(a == b); }

private:
  std::vector<entry> entries_;
};

/// What became of a payment after it was made:
/// https://docs.stripe.com/api/charges/object#charge_object-amount_refunded
struct session_charge {
  std::int64_t amount_refunded = 0; ///< minor units
  bool disputed = false;            ///< the customer's bank wants the money back
};

STRIPE_RETURN_EXPORT bool operator==(const session_charge& a, const session_charge& b) noexcept;
inline bool operator!=(const session_charge& a, const session_charge& b) noexcept {
  return !(a == b);
}

/// The session's PaymentIntent: an id, or the object where it was expanded.
struct session_payment_intent {
  std::string id;
  open_enum<payment_intent_status> status; ///< absent unless expanded
  std::optional<std::int64_t> amount;      ///< minor units; absent unless expanded
  std::optional<std::int64_t>
      amount_received;              ///< less than `amount` where only a part was captured
  stripe_return::metadata metadata; ///< empty unless expanded
  std::optional<session_charge> latest_charge; ///< only where it was expanded as well

  bool expanded() const noexcept { return status != payment_intent_status::absent; }
};

STRIPE_RETURN_EXPORT bool operator==(const session_payment_intent& a,
                                     const session_payment_intent& b) noexcept;
inline bool operator!=(const session_payment_intent& a, const session_payment_intent& b) noexcept {
  return !(a == b);
}

/// The amounts in the shop's own currency, in sessions created before 2025-03-31 for customers who
/// paid in another: https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
struct session_currency_conversion {
  std::optional<std::int64_t> amount_subtotal;
  std::optional<std::int64_t> amount_total;
  std::string source_currency;
};

STRIPE_RETURN_EXPORT bool operator==(const session_currency_conversion& a,
                                     const session_currency_conversion& b) noexcept;
inline bool operator!=(const session_currency_conversion& a,
                       const session_currency_conversion& b) noexcept {
  return !(a == b);
}

/// Where a customer can begin again after the session expired:
/// https://docs.stripe.com/payments/checkout/abandoned-carts
struct session_recovery {
  secret url; ///< opens the customer's cart, so it goes to that customer alone
  std::optional<unix_seconds> expires_at;
};

/// https://docs.stripe.com/api/checkout/sessions/object. Fields keep Stripe's names and meaning.
/// Empty text means that Stripe sent null, "" or nothing; an absent number is never a zero. The
/// customer's name, address, e-mail and telephone number are not read at all.
struct checkout_session {
  std::string id;
  std::string object; ///< "checkout.session", or empty: parsing refuses any other
  open_enum<session_status> status;
  open_enum<session_payment_status> payment_status;
  open_enum<session_mode> mode;
  std::optional<stripe_return::livemode> livemode;
  std::optional<unix_seconds> created;    ///< absent also where Stripe or stripe-go sent 0
  std::optional<unix_seconds> expires_at; ///< likewise; says something only while open
  std::optional<std::int64_t> amount_subtotal;
  std::optional<std::int64_t> amount_total; ///< minor units; null in setup mode
  std::string currency;                     ///< lower case; null in setup mode
  std::optional<session_currency_conversion> currency_conversion;
  std::string client_reference_id;
  stripe_return::metadata metadata;
  std::optional<session_payment_intent> payment_intent;
  std::string setup_intent;                 ///< its id
  std::string subscription;                 ///< its id
  std::string recovered_from;               ///< id of the expired session that this one continues
  std::optional<session_recovery> recovery; ///< `after_expiration.recovery`
  std::optional<line_item_page> line_items; ///< only where they were expanded
  secret url;                               ///< the hosted page, while the session is open
  secret client_secret;                     ///< remounts an embedded checkout
  /// The connected account that it belongs to; empty: the secret key's own. Not in Stripe's JSON:
  /// client and verifier set both.
  std::string account;
  /// Whether `account` is the one that the client or the verifier was made for, which an order that
  /// names no account means.
  bool of_own_account = false;
};

/// Reads a Checkout Session: Stripe's own JSON of any API version, or what stripe-go writes when a
/// session is marshalled again (it writes "" and 0 for null, and an object for an id). `{}` and
/// stripe-go's zero value are read too; decide() finds them undetermined.
///
/// Errors: not_json, wrong_object, unexpected_type, number_out_of_range, repeated_key.
STRIPE_RETURN_EXPORT result<checkout_session> parse_checkout_session(std::string_view json);

/// Some of the sessions that were asked for, the newest first.
struct session_page {
  std::vector<checkout_session> data;
  bool has_more = false; ///< there are older ones; ask for those after the last id
};

/// Reads the answer of `GET /v1/checkout/sessions`.
///
/// Errors: those of parse_checkout_session().
STRIPE_RETURN_EXPORT result<session_page> parse_session_page(std::string_view json);

} // namespace v0
} // namespace stripe_return
