/// @file
/// The decision.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

namespace stripe_return {
inline namespace v0 {

/// What Stripe said of a session means for `expected`. Anything that does not agree with the order
/// makes it needs_review, each with a reason of its own. Pure and total: no clock but the
/// observation's, no failure.
///
/// The rules are Stripe's (https://docs.stripe.com/checkout/fulfillment): `status` first,
/// `payment_status` second; src/core/DECISION.md shows them as a table.
STRIPE_RETURN_EXPORT order_outcome decide(const observation& observed,
                                          const expected_order& expected,
                                          const order_naming& naming = {});

/// The same without an order to hold it against; reason::not_checked_against_order says so. The
/// caller must compare the amount before fulfilling: a session can be paid and be too cheap. Of
/// another account than one's own, or of the other mode than the key, it is needs_review here as
/// well.
STRIPE_RETURN_EXPORT order_outcome decide_unchecked(const observation& observed,
                                                    const order_naming& naming = {});

/// For unit tests with recorded JSON: the session as if it had been fetched at `now` by the
/// application's own clock.
STRIPE_RETURN_EXPORT order_outcome decide(const checkout_session& session,
                                          const expected_order& expected, unix_seconds now);

} // namespace v0
} // namespace stripe_return
