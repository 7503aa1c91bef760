/// @file
/// order_naming: how a Checkout Session names its order and its shop.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

/// Where Stripe's objects carry the order number and the name of the shop. The code that creates
/// sessions and the code that decides about them must use the same naming.
struct order_naming {
  /// The metadata key for the order number, in the session and in its PaymentIntent.
  std::string order_key = "out_trade_no";
  /// The metadata key for the shop's name.
  std::string shop_key = "shop";
  /// The metadata key for checkout_parameters::attempt. It identifies a session if the response
  /// that would have contained its id was lost.
  std::string attempt_key = "checkout_attempt";
  /// The shop's name, needed if several systems share one Stripe account. A session without this
  /// name is `foreign`. Empty: every session belongs to this shop.
  std::string shop;
  /// Whether `client_reference_id` also holds the order number. Anybody can set it in the URL of a
  /// Payment Link: https://docs.stripe.com/payment-links/url-parameters.
  bool client_reference_id = false;
};

/// Checks whether the naming can be used. Fails with invalid_option if a key is not a valid
/// metadata key (1 to 40 bytes, no square brackets), if two keys are the same, or if the shop's
/// name is longer than 500 bytes: https://docs.stripe.com/metadata.
STRIPE_RETURN_EXPORT result<void> check(const order_naming& naming);

/// Returns the order number that a session names: in its metadata, else in the metadata of its
/// PaymentIntent, else in its `client_reference_id` if `naming` uses that. Empty if it names none.
/// If they disagree, it returns the first one, and decide() makes the session needs_review.
STRIPE_RETURN_EXPORT std::string order_number_of(const checkout_session& session,
                                                 const order_naming& naming = {});

} // namespace v0
} // namespace stripe_return
