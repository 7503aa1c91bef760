/// @file
/// What a new Checkout Session is to be.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/money.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// One line that the customer sees and pays for. Lines by a Price's id go into
/// checkout_parameters::further.
struct checkout_line_item {
  std::string name; ///< as the customer sees it
  money unit_amount;
  std::int64_t quantity = 1;
};

/// https://docs.stripe.com/api/checkout/sessions/create, as much of it as an order needs. What is
/// left empty is not sent.
///
/// The same order number and attempt always stand for the same parameters, byte for byte: a time
/// that is computed anew for each call is another one. So does Stripe tell a call that is repeated,
/// after a crash too, from one that would make a second session for the order.
struct checkout_parameters {
  /// The order number, once in the shop. It goes where `naming` says: into the metadata of the
  /// session and, in payment mode, of its PaymentIntent.
  std::string out_trade_no;
  order_naming naming;
  /// Which attempt at a session for this order it is, from 1. Store it before the call, or a crash
  /// loses a session that the customer can pay.
  int attempt = 0;

  session_mode mode = session_mode::payment;
  std::vector<checkout_line_item> line_items;

  /// For Stripe's own page. Where it says `{CHECKOUT_SESSION_ID}`, Stripe puts the session's id.
  std::string success_url;
  std::string cancel_url;
  /// In place of both, for a checkout embedded in the shop's page (`ui_mode`).
  std::string return_url;

  std::optional<unix_seconds>
      expires_at; ///< 30 minutes to 24 hours from now; Stripe's own: 24 hours

  /// Any other parameter: its name as in Stripe's documentation, such as
  /// `line_items[0][price_data][tax_behavior]`, and its value, both as they are and not yet
  /// encoded. None may stand for, hold or be part of one that the fields above set.
  std::vector<std::pair<std::string, std::string>> further;
};

} // namespace v0
} // namespace stripe_return
