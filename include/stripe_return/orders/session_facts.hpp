/// @file
/// session_facts: all that is known about a Checkout Session, from all observations of it.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/open_enum.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// When something was observed, and by which clock. A time by Stripe's clock counts as newer than
/// any time by the application's.
struct observed_at {
  unix_seconds time = 0;
  clock_source clock = clock_source::local;
};

/// What one of Stripe's responses says about the session itself. It always comes from one response;
/// two responses are never mixed.
struct checkout_facts {
  observed_at at;
  open_enum<session_status> status;
  open_enum<session_payment_status> payment_status;
  open_enum<session_mode> mode;
  std::optional<unix_seconds> created;
  std::optional<unix_seconds> expires_at;
  std::optional<std::int64_t> amount_subtotal;
  std::optional<std::int64_t> amount_total;
  std::string currency;
  std::optional<session_currency_conversion> currency_conversion;
  std::string out_trade_no;        ///< from the session's own metadata
  std::string shop;                ///< from the session's own metadata
  std::string checkout_attempt;    ///< from the session's own metadata
  std::string client_reference_id; ///< only if order_naming::client_reference_id is set
  std::string recovered_from;
  std::string payment_intent;                      ///< its id
  bool has_recovery_url = false;                   ///< a customer with that URL can start again
  std::optional<unix_seconds> recovery_expires_at; ///< when the URL stops working
  std::string account;
  bool of_own_account = false;
  std::optional<stripe_return::livemode> livemode;
  std::optional<stripe_return::livemode> key_livemode; ///< the mode of the key or verifier
};

/// The charge of a payment: what was refunded, and whether it is disputed.
struct charge_facts {
  observed_at at;
  std::int64_t amount_refunded = 0; ///< in minor units
  bool disputed = false;
};

/// A PaymentIntent of the session, from the newest response that contained it.
struct payment_intent_facts {
  std::string id;
  observed_at at; ///< of the fields below, unless `status` is absent
  open_enum<payment_intent_status> status;
  std::optional<std::int64_t> amount;
  std::optional<std::int64_t> amount_received;
  std::string out_trade_no; ///< from its metadata
  std::string shop;         ///< from its metadata
  std::optional<charge_facts> latest_charge;
};

/// Whether the key could read the session's PaymentIntent at the last attempt.
struct permission_facts {
  observed_at at;
  bool payment_intent_permitted = true;
};

/// Everything about a session that decide() reads, joined from all observations, without anything
/// secret or personal. The facts depend only on the observations, not on their order: join() is
/// commutative, associative and idempotent.
struct session_facts {
  std::string id;
  /// The furthest state: complete and paid (or nothing to pay), else complete and unpaid, else
  /// open. Among observations that are equally far, the newest.
  std::optional<checkout_facts> checkout;
  /// The newest observation of an expired session. If `checkout` is complete, the two contradict
  /// each other.
  std::optional<checkout_facts> expired;
  /// The newest observation with an enum value that this library does not recognize. It changes no
  /// state.
  std::optional<checkout_facts> unrecognized;
  /// The earliest observation of a complete session. If the PaymentIntent has not been observed
  /// since then, it cannot show that the payment failed.
  std::optional<observed_at> complete_since;
  std::vector<payment_intent_facts> payment_intents; ///< sorted by id
  bool async_payment_failed = false;                 ///< an event reported it
  std::optional<permission_facts> permission;
  std::vector<std::string> recovery_chain; ///< see observation::recovery_chain; sorted
  std::optional<observed_at> not_found; ///< when Stripe last responded that it has no such session
};

/// Returns the facts of one observation. `naming` says where a session names its order.
STRIPE_RETURN_EXPORT session_facts facts_of(const observation& observed,
                                            const order_naming& naming = {});

/// Returns the fact that Stripe has no such session.
STRIPE_RETURN_EXPORT session_facts not_found_facts(std::string session_id, observed_at at);

/// Joins the facts of two observations, or of several, of the same session.
STRIPE_RETURN_EXPORT session_facts join(const session_facts& a, const session_facts& b);

/// Converts facts to an observation for decide(), with the time of the response that counts, or
/// with `now` by the application's clock if that is later. For the facts of a single observation,
/// decide() returns the same outcome as for that observation.
STRIPE_RETURN_EXPORT observation observation_of(const session_facts& facts,
                                                const order_naming& naming = {},
                                                std::optional<unix_seconds> now = std::nullopt);

STRIPE_RETURN_EXPORT bool operator==(const session_facts& a, const session_facts& b);
inline bool operator!=(const session_facts& a, const session_facts& b) {
  return !(a == b);
}

} // namespace v0
} // namespace stripe_return
