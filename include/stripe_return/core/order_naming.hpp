/// @file
/// How a Checkout Session names the order and the shop that it is for.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

/// Where a shop keeps the number of an order in Stripe's objects. Whatever makes sessions and
/// whatever decides on them use the same one.
struct order_naming {
  /// The metadata key that holds the order's number, in the session or in its PaymentIntent.
  std::string order_key = "out_trade_no";
  /// The metadata key that holds the shop's name.
  std::string shop_key = "shop";
  /// The metadata key that holds checkout_parameters::attempt, by which a session can be found
  /// whose answer was lost.
  std::string attempt_key = "checkout_attempt";
  /// The shop's name, for two systems that share one Stripe account: a session that does not hold
  /// it is `foreign`. Empty: every session is this shop's.
  std::string shop;
  /// Whether `client_reference_id` holds the order's number as well. In a Payment Link anybody may
  /// set it by the URL: https://docs.stripe.com/payment-links/url-parameters.
  bool client_reference_id = false;
};

/// Whether sessions can be named so. Error: invalid_option for a key that is
/// no metadata key (1 to 40 bytes, no square bracket), for the same key twice, and for a shop's
/// name over 500 bytes: https://docs.stripe.com/metadata.
STRIPE_RETURN_EXPORT result<void> check(const order_naming& naming);

/// The order's number as the session itself names it: by its metadata, then by those of its
/// PaymentIntent, then by its `client_reference_id` where that counts. Empty where it names none.
/// Of two that disagree it is the first, and decide() makes the session needs_review.
STRIPE_RETURN_EXPORT std::string order_number_of(const checkout_session& session,
                                                 const order_naming& naming = {});

} // namespace v0
} // namespace stripe_return
