/// @file
/// decide(): what a session means for an order.
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

/// Decides what an observation of a session means for the order `expected`. Any mismatch between
/// the two makes the outcome needs_review; each kind of mismatch has its own reason. decide() is a
/// pure function that never fails: its only clock is the time of the observation.
///
/// The rules are Stripe's (https://docs.stripe.com/checkout/fulfillment): `status` counts first,
/// `payment_status` second. src/core/DECISION.md has them as a table.
STRIPE_RETURN_EXPORT order_outcome decide(const observation& observed,
                                          const expected_order& expected,
                                          const order_naming& naming = {});

/// Decides what an observation means without comparing it with an order. The outcome has
/// reason::not_checked_against_order. The caller must compare the amount before it fulfills the
/// order: a session may be paid, but for less than the order costs. As in decide(), a session of
/// another account than the client's own, or of the other mode (test or live) than the key's, is
/// needs_review.
STRIPE_RETURN_EXPORT order_outcome decide_unchecked(const observation& observed,
                                                    const order_naming& naming = {});

/// Decides about a session as if it had been fetched at `now`, by the application's own clock. It
/// is for unit tests with recorded JSON.
STRIPE_RETURN_EXPORT order_outcome decide(const checkout_session& session,
                                          const expected_order& expected, unix_seconds now);

} // namespace v0
} // namespace stripe_return
