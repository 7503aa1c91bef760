/// @file
/// Stripe's events about Checkout Sessions and their payments, and the parser of Stripe's list.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/open_enum.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The types of events about a Checkout Session or its payment:
/// https://docs.stripe.com/api/events/types. src/core/DECISION.md lists them in Stripe's spelling.
enum class STRIPE_RETURN_EXPORT event_type : unsigned char {
  absent,
  unrecognized, ///< any other type: accept the event and do nothing
  checkout_session_completed,
  checkout_session_async_payment_succeeded,
  checkout_session_async_payment_failed,
  checkout_session_expired,
  payment_intent_succeeded,
  payment_intent_canceled,
  payment_intent_amount_capturable_updated,
  charge_refunded,       ///< in full or in part
  charge_dispute_created ///< the customer disputed the charge with their bank
};

/// Returns Stripe's spelling, such as `charge.refunded`, or "absent" or "unrecognized".
STRIPE_RETURN_EXPORT std::string_view to_string(event_type type) noexcept;

/// How a genuine event concerns its recipient. Answer a webhook with 200 for each of these values,
/// because it would not help if Stripe sent the event again.
enum class event_relevance : unsigned char {
  handled, ///< about a Checkout Session: see `session`, or `session_id` if it is a thin event
  payment_intent, ///< about the payment in `payment_intent`
  other_type,     ///< about something else
  other_livemode, ///< a test event while live ones are expected, or the reverse
  other_account,  ///< from another account than expected
  /// Only in lists: the event cannot be parsed, so fetch its session. For a webhook of this kind
  /// webhook_verifier::verify() fails with error_code::unreadable_event.
  unreadable,
};

/// An event, from a webhook whose signature was verified or from Stripe's list of events.
///
/// A thin event (https://docs.stripe.com/event-destinations#thin-events) contains no session: fetch
/// the session `session_id` from the account that account_of() returns.
struct event {
  std::string id;             ///< stays the same when Stripe sends the event again
  open_enum<event_type> type; ///< without the prefix `v1.` of thin events
  event_relevance relevance = event_relevance::other_type;
  bool thin = false;
  std::optional<unix_seconds> created; ///< truncated to whole seconds in a thin event
  std::optional<stripe_return::livemode> livemode;
  std::string account; ///< `acct_...` if the event is from a connected account, else empty
  std::string context; ///< in an organization's event: the path of the account it is from
  /// Well-formed or empty. Set if the event is handled, and if it is unreadable but its session id
  /// is not.
  std::string session_id;
  std::string payment_intent; ///< the PaymentIntent's id
  std::string snapshot_event; ///< in a thin event: the id of the snapshot event for the same change
  std::optional<checkout_session> session; ///< a snapshot of the session at the time of the event
};

/// One page of a list of events, the newest first.
struct event_page {
  std::vector<event> data;
  bool has_more = false; ///< there are older events: request those after the last id of this page
};

/// Parses the response to `GET /v1/events`. The relevance of each event is handled, payment_intent,
/// other_type or unreadable; the caller must compare the mode and the account.
///
/// Fails only if the list itself cannot be parsed: not_json, wrong_object, unexpected_type,
/// number_out_of_range, repeated_key.
STRIPE_RETURN_EXPORT result<event_page> parse_event_page(std::string_view json);

STRIPE_RETURN_EXPORT std::string_view to_string(event_relevance relevance) noexcept;

/// Returns the account that the event is from, by its `account` and the last part of its `context`
/// (https://docs.stripe.com/context); empty for the key's own account. If the two name different
/// accounts, it returns both in one string, which equals no account's id.
STRIPE_RETURN_EXPORT std::string account_of(const event& event);

} // namespace v0
} // namespace stripe_return
