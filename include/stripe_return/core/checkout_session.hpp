/// @file
/// The Checkout Session: the fields of it that the library reads, and its parser.
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

/// `status` of a session:
/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-status
enum class STRIPE_RETURN_EXPORT session_status : unsigned char {
  absent,
  unrecognized,
  open,
  complete,
  expired
};

/// `payment_status` of a session:
/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_status
enum class STRIPE_RETURN_EXPORT session_payment_status : unsigned char {
  absent,
  unrecognized,
  paid,
  unpaid,
  no_payment_required
};

/// `mode` of a session:
/// https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-mode
enum class STRIPE_RETURN_EXPORT session_mode : unsigned char {
  absent,
  unrecognized,
  payment,
  setup,
  subscription
};

/// `status` of a PaymentIntent:
/// https://docs.stripe.com/api/payment_intents/object#payment_intent_object-status
enum class STRIPE_RETURN_EXPORT payment_intent_status : unsigned char {
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

/// Returns the value in Stripe's spelling, or "absent" or "unrecognized".
STRIPE_RETURN_EXPORT std::string_view to_string(session_status status) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(session_payment_status status) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(session_mode mode) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(payment_intent_status status) noexcept;

/// Stripe's metadata: a map from strings to strings in which each key is unique.
class STRIPE_RETURN_EXPORT metadata {
public:
  using entry = std::pair<std::string, std::string>;

  metadata() = default;
  /// Makes the map from `entries`. If a key occurs more than once, its first value is kept.
  explicit metadata(std::vector<entry> entries);

  /// Returns the value of `key`, or "" if there is no such key. Stripe stores no empty values.
  std::string_view get(std::string_view key) const& noexcept;
  std::string_view get(std::string_view key) const&& = delete; // it would dangle
  /// Returns all entries, sorted by key.
  const std::vector<entry>& entries() const& noexcept { return entries_; }
  std::vector<entry> entries() && noexcept;

  STRIPE_RETURN_EXPORT friend bool operator==(const metadata& a, const metadata& b) noexcept;
  friend bool operator!=(const metadata& a, const metadata& b) noexcept { return !(a == b); }

private:
  std::vector<entry> entries_;
};

/// The charge of a payment, with what happened to it afterwards:
/// https://docs.stripe.com/api/charges/object#charge_object-amount_refunded
struct session_charge {
  std::int64_t amount_refunded = 0; ///< in minor units
  bool disputed = false;            ///< the customer has disputed the charge with their bank
};

STRIPE_RETURN_EXPORT bool operator==(const session_charge& a, const session_charge& b) noexcept;
inline bool operator!=(const session_charge& a, const session_charge& b) noexcept {
  return !(a == b);
}

/// The session's PaymentIntent: only its id, or the whole object if it was expanded.
struct session_payment_intent {
  std::string id;
  open_enum<payment_intent_status> status; ///< absent unless expanded
  std::optional<std::int64_t> amount;      ///< in minor units; absent unless expanded
  /// In minor units; absent unless expanded. Less than `amount` if only a part was captured.
  std::optional<std::int64_t> amount_received;
  stripe_return::metadata metadata;            ///< empty unless expanded
  std::optional<session_charge> latest_charge; ///< absent unless it was expanded as well

  /// Returns whether the response contained the PaymentIntent itself and not only its id.
  bool expanded() const noexcept { return status != payment_intent_status::absent; }
};

STRIPE_RETURN_EXPORT bool operator==(const session_payment_intent& a,
                                     const session_payment_intent& b) noexcept;
inline bool operator!=(const session_payment_intent& a, const session_payment_intent& b) noexcept {
  return !(a == b);
}

/// The amounts in the shop's own currency. Only sessions that were created before 2025-03-31, for
/// customers who paid in another currency, have them:
/// https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
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

/// The link with which the customer can start again after the session has expired:
/// https://docs.stripe.com/payments/checkout/abandoned-carts
struct session_recovery {
  /// Opens the customer's cart: give it only to that customer.
  secret url;
  std::optional<unix_seconds> expires_at; ///< when the link stops working
};

/// A Checkout Session: https://docs.stripe.com/api/checkout/sessions/object. The fields have
/// Stripe's names and meanings. An empty string means that Stripe sent null, "" or no such field; a
/// missing number is never represented as 0. The customer's name, address, e-mail address and
/// telephone number are never read.
struct checkout_session {
  std::string id;
  std::string object; ///< "checkout.session" or empty: the parser rejects anything else
  open_enum<session_status> status;
  open_enum<session_payment_status> payment_status;
  open_enum<session_mode> mode;
  std::optional<stripe_return::livemode> livemode;
  std::optional<unix_seconds> created;    ///< also absent if the JSON has 0, as stripe-go writes it
  std::optional<unix_seconds> expires_at; ///< likewise; only meaningful while the session is open
  std::optional<std::int64_t> amount_subtotal;
  std::optional<std::int64_t> amount_total; ///< in minor units; null in setup mode
  std::string currency;                     ///< in lower case; null in setup mode
  std::optional<session_currency_conversion> currency_conversion;
  std::string client_reference_id;
  stripe_return::metadata metadata;
  std::optional<session_payment_intent> payment_intent;
  std::string setup_intent;   ///< the SetupIntent's id
  std::string subscription;   ///< the Subscription's id
  std::string recovered_from; ///< the id of the expired session that this one continues
  std::optional<session_recovery> recovery; ///< Stripe's `after_expiration.recovery`
  std::optional<line_item_page> line_items; ///< absent unless expanded
  secret url;                               ///< the hosted payment page, while the session is open
  secret client_secret;                     ///< mounts an embedded checkout
  /// The connected account that owns the session; empty if the secret key's own account does. It is
  /// not part of Stripe's JSON: the client and the webhook_verifier set this field and the next.
  std::string account;
  /// Whether `account` is the account that the client or the webhook_verifier was configured for.
  /// An order that names no account belongs to that account.
  bool of_own_account = false;
};

/// Parses a Checkout Session. It accepts Stripe's JSON of any API version, and the JSON that
/// stripe-go produces when it marshals a session again, in which "" and 0 stand for null and an
/// object stands for an id. It also accepts `{}` and stripe-go's zero value; decide() calls them
/// undetermined.
///
/// Errors: not_json, wrong_object, unexpected_type, number_out_of_range, repeated_key.
STRIPE_RETURN_EXPORT result<checkout_session> parse_checkout_session(std::string_view json);

/// One page of a list of sessions, the newest first.
struct session_page {
  std::vector<checkout_session> data;
  bool has_more = false; ///< there are older sessions: request those after the last id of this page
};

/// Parses the response to `GET /v1/checkout/sessions`. A session that cannot be parsed does not
/// hide the others: `data` then has it with its `id` and `created` alone, and an empty `object`.
///
/// Errors: not_json; wrong_object, also for a list of other objects; unexpected_type and
/// repeated_key, of the list itself.
STRIPE_RETURN_EXPORT result<session_page> parse_session_page(std::string_view json);

} // namespace v0
} // namespace stripe_return
