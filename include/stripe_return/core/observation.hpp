/// @file
/// observation: what Stripe said about a Checkout Session, when, and in which way.
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

/// How an observation reached the application.
enum class observation_source : unsigned char {
  fetched, ///< in the response to a request for this session
  listed,  ///< on a page of the list of sessions, which expands no PaymentIntent
  event,   ///< in an event, as a snapshot of the session at that time
};

/// Which clock a time comes from.
enum class clock_source : unsigned char {
  local,  ///< the application's: an expiry that depends on it has reason::local_clock
  stripe, ///< Stripe's: from the `Date` header, or from an event's `created`
};

STRIPE_RETURN_EXPORT std::string_view to_string(observation_source source) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(clock_source clock) noexcept;

/// What Stripe said about a session at one time. A client and observation_of() make observations;
/// decide() says what one means for an order.
struct observation {
  checkout_session session;
  unix_seconds time = 0; ///< when Stripe said it
  clock_source clock = clock_source::local;
  observation_source source = observation_source::fetched;
  std::string event_id;                            ///< of an event, else empty
  open_enum<stripe_return::event_type> event_type; ///< of an event, else absent
  /// An event reported that a delayed payment failed. The session itself never shows this.
  bool async_payment_failed = false;
  /// False if the secret key may not read PaymentIntents or, with retrieve_options::latest_charge,
  /// charges. A delayed payment that failed then looks as if it were still processing.
  bool payment_intent_permitted = true;
  /// The mode of the secret key or of the webhook_verifier. A session of the other mode never
  /// matches an order, even if the order does not set its own livemode.
  std::optional<stripe_return::livemode> livemode;
  /// The sessions that this one continues beyond its `recovered_from`: the session from which that
  /// one was recovered, and so on, as far as the client followed the chain.
  std::vector<std::string> recovery_chain;
  std::string request_id; ///< Stripe's `Request-Id`; may be empty
};

/// Returns what an event says about its session, or nothing if the event contains no session.
/// Events arrive in any order, and each contains a snapshot, so an earlier snapshot must never
/// overrule a later `paid`.
STRIPE_RETURN_EXPORT std::optional<observation> observation_of(event of);

} // namespace v0
} // namespace stripe_return
