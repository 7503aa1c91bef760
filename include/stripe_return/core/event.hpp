/// @file
/// What happened to a Checkout Session, in Stripe's words.
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

/// The events about a Checkout Session, and those about its payment:
/// https://docs.stripe.com/api/events/types. src/core/DECISION.md lists them in Stripe's spelling.
enum class event_type : unsigned char {
  absent,
  unrecognized, ///< any other: accept it, and do nothing
  checkout_session_completed,
  checkout_session_async_payment_succeeded,
  checkout_session_async_payment_failed,
  checkout_session_expired,
  payment_intent_succeeded,
  payment_intent_canceled,
  payment_intent_amount_capturable_updated,
  charge_refunded,       ///< in whole or in part
  charge_dispute_created ///< the customer's bank wants the money back
};

/// Stripe's spelling, such as `charge.refunded`; "absent" and "unrecognized" for those two.
STRIPE_RETURN_EXPORT std::string_view to_string(event_type type) noexcept;

/// What a genuine event is to who receives it. A webhook is answered 200 for each of them: sending
/// it again would change nothing.
enum class event_relevance : unsigned char {
  handled,        ///< about a Checkout Session: `session`, or of a thin event `session_id` alone
  payment_intent, ///< about the payment of `payment_intent`
  other_type,     ///< about something else
  other_livemode, ///< a test event where live ones are expected, or the reverse
  other_account,  ///< of another account than expected
  unreadable,     ///< only in lists: fetch its session. A webhook is error_code::unreadable_event
};

/// An event: from a webhook whose signature was verified, or from Stripe's list.
///
/// A thin event (https://docs.stripe.com/event-destinations#thin-events) holds no session: fetch
/// the one of `session_id`, from the account that account_of() names.
struct event {
  std::string id;             ///< the same when Stripe sends the event again
  open_enum<event_type> type; ///< of a thin event without the `v1.` in front
  event_relevance relevance = event_relevance::other_type;
  bool thin = false;
  std::optional<unix_seconds> created; ///< of a thin event in whole seconds
  std::optional<stripe_return::livemode> livemode;
  std::string account;    ///< `acct_...` of a connected account, else empty
  std::string context;    ///< of an organization's event: whose it is, by a path
  std::string session_id; ///< well-formed; set if handled, and if unreadable where it can be read
  std::string payment_intent; ///< its id
  std::string snapshot_event; ///< of a thin event: the id of the other one about the same
  std::optional<checkout_session> session; ///< as it was when the event happened
};

/// Some of the events that were asked for, the newest first.
struct event_page {
  std::vector<event> data;
  bool has_more = false; ///< there are older ones; ask for those after the last id that is there
};

/// Reads the answer of `GET /v1/events`. Each event is handled, payment_intent, other_type or
/// unreadable; the mode and the account are the caller's to compare.
///
/// Errors, of the list alone: not_json, wrong_object, unexpected_type, number_out_of_range,
/// repeated_key.
STRIPE_RETURN_EXPORT result<event_page> parse_event_page(std::string_view json);

STRIPE_RETURN_EXPORT std::string_view to_string(event_relevance relevance) noexcept;

/// The account that the event is of, by its `account` and the last part of its `context`
/// (https://docs.stripe.com/context); empty for one's own. Where the two name different ones, both
/// in one text, which is no account's id.
STRIPE_RETURN_EXPORT std::string account_of(const event& event);

} // namespace v0
} // namespace stripe_return
