/// @file
/// What Stripe tells by itself.
#pragma once

#include <stripe_return/core/decide.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {

/// The four events about a Checkout Session:
/// https://docs.stripe.com/api/events/types#event_types-checkout.session.completed
enum class event_type : unsigned char {
  absent,
  unrecognized, ///< any other: accept it, and do nothing
  checkout_session_completed,
  checkout_session_async_payment_succeeded,
  checkout_session_async_payment_failed,
  checkout_session_expired
};

/// What a genuine event is to this endpoint. Stripe is answered 200 for each of them: sending it
/// again would change nothing.
enum class event_relevance : unsigned char {
  handled,        ///< one of the four, with its session
  other_type,     ///< not about a Checkout Session
  other_livemode, ///< a test event for a live endpoint, or the reverse
  other_account,  ///< of another account than expected
};

/// An event, from a webhook whose signature was verified.
struct event {
  std::string id; ///< the same when Stripe sends the event again
  open_enum<event_type> type;
  event_relevance relevance = event_relevance::other_type;
  std::optional<unix_seconds> created;
  std::optional<bool> livemode;
  std::string account;                     ///< `acct_...` at a Connect endpoint, else empty
  std::optional<checkout_session> session; ///< as it was when the event happened; set if handled
};

STRIPE_RETURN_EXPORT std::string_view to_string(event_relevance relevance) noexcept;

/// decide() for the event's session, together with what the event alone tells: that a delayed
/// payment failed. The session is a snapshot, and events come in any order: a word of an earlier
/// one never outweighs a later `paid`. The event must have a session.
STRIPE_RETURN_EXPORT order_outcome decide(const event& event, const expected_order& expected,
                                          unix_seconds now, decide_options options = {});
/// The same without an order to hold it against.
STRIPE_RETURN_EXPORT order_outcome decide(const event& event, unix_seconds now,
                                          decide_options options = {});

} // namespace v0
} // namespace stripe_return
