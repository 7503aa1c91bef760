/// @file
/// What Stripe has said of a Checkout Session so far.
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

/// When something was so, and by whose clock. A time by Stripe's clock is newer than any by the
/// application's own.
struct observed_at {
  unix_seconds time = 0;
  clock_source clock = clock_source::local;
};

/// Everything that one of Stripe's answers says of the session itself. It is kept as one: no two
/// answers are ever mixed in it.
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
  std::string out_trade_no;        ///< as its own metadata name it
  std::string shop;                ///< likewise
  std::string checkout_attempt;    ///< likewise
  std::string client_reference_id; ///< only where order_naming says that it counts
  std::string recovered_from;
  std::string payment_intent;                      ///< its id
  bool has_recovery_url = false;                   ///< whoever has that URL may begin again
  std::optional<unix_seconds> recovery_expires_at; ///< until then
  std::string account;
  bool of_own_account = false;
  std::optional<stripe_return::livemode> livemode;
  std::optional<stripe_return::livemode> key_livemode; ///< of the key or verifier that observed it
};

/// What became of a payment after it was made.
struct charge_facts {
  observed_at at;
  std::int64_t amount_refunded = 0; ///< minor units
  bool disputed = false;
};

/// A PaymentIntent of the session, by the newest answer that showed it.
struct payment_intent_facts {
  std::string id;
  observed_at at; ///< of what follows, while `status` is not absent
  open_enum<payment_intent_status> status;
  std::optional<std::int64_t> amount;
  std::optional<std::int64_t> amount_received;
  std::string out_trade_no; ///< as its metadata name it
  std::string shop;         ///< likewise
  std::optional<charge_facts> latest_charge;
};

/// Whether the key might read the session's PaymentIntent when that was last tried.
struct permission_facts {
  observed_at at;
  bool payment_intent_permitted = true;
};

/// Everything that decide() reads of a session, from all that was observed of it, and nothing
/// secret or personal. Which facts are kept depends on the observations alone, not on their order:
/// join() is commutative, associative and idempotent.
struct session_facts {
  std::string id;
  /// The furthest of open, complete and unpaid, complete and paid (or nothing to pay); of those as
  /// far as each other the newest.
  std::optional<checkout_facts> checkout;
  /// The newest that says expired. Beside a complete one it is a contradiction.
  std::optional<checkout_facts> expired;
  /// The newest with a word that this library does not know. It moves nothing.
  std::optional<checkout_facts> unrecognized;
  /// The earliest that said complete. A PaymentIntent that has not been seen since then says
  /// nothing of a failure.
  std::optional<observed_at> complete_since;
  std::vector<payment_intent_facts> payment_intents; ///< by their ids
  bool async_payment_failed = false;                 ///< an event said so
  std::optional<permission_facts> permission;
  std::vector<std::string> recovery_chain; ///< see observation::recovery_chain; sorted
  std::optional<observed_at> not_found;    ///< when Stripe last answered that there is none
};

/// What this one observation says. `naming` tells where the session names its order.
STRIPE_RETURN_EXPORT session_facts facts_of(const observation& observed,
                                            const order_naming& naming = {});

/// That Stripe has no such session.
STRIPE_RETURN_EXPORT session_facts not_found_facts(std::string session_id, observed_at at);

/// Both together. Their ids are the same.
STRIPE_RETURN_EXPORT session_facts join(const session_facts& a, const session_facts& b);

/// The facts as decide() takes them, as if all of it had been observed at once, when the newest of
/// it was, or at `now` by the application's clock if that is later. Of one observation's facts,
/// decide() says the same as of the observation.
STRIPE_RETURN_EXPORT observation observation_of(const session_facts& facts,
                                                const order_naming& naming = {},
                                                std::optional<unix_seconds> now = std::nullopt);

STRIPE_RETURN_EXPORT bool operator==(const session_facts& a, const session_facts& b);
inline bool operator!=(const session_facts& a, const session_facts& b) {
  return !(a == b);
}

} // namespace v0
} // namespace stripe_return
