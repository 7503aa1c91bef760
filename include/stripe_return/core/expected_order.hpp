/// @file
/// What the shop knows of an order before it hears from Stripe.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/money.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// Which of Stripe's amounts must equal the order's.
enum class amount_rule : unsigned char {
  total_exact,    ///< `amount_total`, after discounts, taxes and shipping
  subtotal_exact, ///< `amount_subtotal`, before them
  total_at_least, ///< `amount_total` may be more, as where the customer sets the price
  unchecked,      ///< no check: whatever was paid is enough
};

/// The order that decide() holds a session against. Each field that is set must agree, and the
/// account always.
struct expected_order {
  std::string out_trade_no;   ///< the merchant's order number; must not be empty
  std::vector<money> amounts; ///< one for each currency in which the order may be paid
  stripe_return::amount_rule amount_rule = amount_rule::total_exact; ///< setup mode has no amount
  session_mode mode = session_mode::payment;
  std::optional<bool> livemode; ///< false in test mode
  std::string account; ///< connected account that the session must belong to; empty: one's own
  std::vector<std::string> session_ids; ///< those issued for this order; empty: not checked
};

} // namespace v0
} // namespace stripe_return
