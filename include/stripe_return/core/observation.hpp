/// @file
/// What Stripe said of a Checkout Session, when, and by which way it came.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/open_enum.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// By which way an observation came.
enum class observation_source : unsigned char {
  fetched, ///< the answer of a call for this one session
  listed,  ///< from a page of sessions; no PaymentIntent is expanded there
  event,   ///< from an event: the session as it was when the event happened
};

/// Whose time a time is.
enum class clock_source : unsigned char {
  local,  ///< the application's: an expiry that rests on it says so with reason::local_clock
  stripe, ///< Stripe's: from a `Date` header, or an event's `created`
};

STRIPE_RETURN_EXPORT std::string_view to_string(observation_source source) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(clock_source clock) noexcept;

/// What Stripe said of a session. A client and observation_of() make it; decide() says what it
/// means for an order.
struct observation {
  checkout_session session;
  unix_seconds time = 0; ///< when Stripe said it
  clock_source clock = clock_source::local;
  observation_source source = observation_source::fetched;
  std::string event_id;                            ///< of an event, else empty
  open_enum<stripe_return::event_type> event_type; ///< likewise
  /// An event said that a delayed payment failed, which the session itself never says.
  bool async_payment_failed = false;
  /// False: the secret key may not read PaymentIntents, so a failed delayed payment looks as if it
  /// were still processing.
  bool payment_intent_permitted = true;
  /// The mode of the secret key or of the webhook_verifier. A session of the other one is never an
  /// order's, whatever the order leaves open.
  std::optional<stripe_return::livemode> livemode;
  /// Sessions that this one continues besides its `recovered_from`, as far as who observed it has
  /// looked: the one before that, and so on.
  std::vector<std::string> recovery_chain;
  std::string request_id; ///< Stripe's `Request-Id`; may be empty
};

/// What the event says of its session; nothing where it holds none. Events come in any order, and
/// an event's session is a snapshot: an earlier one never outweighs a later `paid`.
STRIPE_RETURN_EXPORT std::optional<observation> observation_of(event of);

} // namespace v0
} // namespace stripe_return
