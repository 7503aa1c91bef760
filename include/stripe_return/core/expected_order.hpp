/// @file
/// What the shop knows of an order before it hears from Stripe.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/money.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <string_view>
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

STRIPE_RETURN_EXPORT std::string_view to_string(amount_rule rule) noexcept;

/// The order that decide() holds a session against. Each field that is set must agree, and the
/// account always. The mode of the key (test or live) must agree as well where Stripe was asked.
struct expected_order {
  std::string out_trade_no;   ///< the merchant's order number; must not be empty
  std::vector<money> amounts; ///< one for each currency in which the order may be paid
  stripe_return::amount_rule amount_rule = amount_rule::total_exact; ///< setup mode has no amount
  session_mode mode = session_mode::payment;
  std::optional<stripe_return::livemode> livemode;
  std::string account; ///< `acct_...` that the session must belong to; empty: the client's own
  /// Those made for this order. A session that continues one of them is the order's as well. Empty:
  /// any session that names the order and the shop.
  std::vector<std::string> session_ids;
};

/// Whether a session can be held against this order. Error: invalid_option for an empty number,
/// where no amount is given outside of setup mode although the rule compares one, and for an amount
/// below 0 or a currency that is not three letters.
STRIPE_RETURN_EXPORT result<void> check(const expected_order& order);

} // namespace v0
} // namespace stripe_return
