/// @file
/// The decision.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

/// Whose time `now` is.
enum class clock_source : unsigned char {
  local,  ///< the host's: an expiry that rests on it says so with reason::local_clock
  stripe, ///< from the `Date` header beside the session
};

/// How the host names its orders, and what is known beside the session.
struct decide_options {
  /// The metadata key that holds the order number.
  std::string order_key = "out_trade_no";
  /// Whether `client_reference_id` names the order as well. Off: in a Payment Link anybody may set
  /// it by the URL (https://docs.stripe.com/payment-links/url-parameters).
  bool order_in_client_reference_id = false;
  /// An event `checkout.session.async_payment_failed` was received for this session; the session
  /// itself never says so.
  bool async_payment_failed = false;
  clock_source clock = clock_source::local;
};

/// What the session means for `expected`. Anything that does not agree with the order makes it
/// needs_review, each with a reason of its own. Pure and total: no clock but `now`, no failure.
///
/// The rules are Stripe's (https://docs.stripe.com/checkout/fulfillment): `status` first,
/// `payment_status` second; README.md shows them as a table.
STRIPE_RETURN_EXPORT order_outcome decide(const checkout_session& session,
                                          const expected_order& expected, unix_seconds now,
                                          const decide_options& options = {});

/// The same without an order to hold it against; reason::not_checked_against_order says so. The
/// caller must compare the amount before fulfilling: a session can be paid and be too cheap. Of
/// another account than one's own it is needs_review here as well.
STRIPE_RETURN_EXPORT order_outcome decide(const checkout_session& session, unix_seconds now,
                                          const decide_options& options = {});

} // namespace v0
} // namespace stripe_return
