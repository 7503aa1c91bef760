/// @file
/// expected_order: what an order costs and what its session must look like.
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

/// Which of Stripe's amounts must equal an amount of the order.
enum class amount_rule : unsigned char {
  total_exact,    ///< `amount_total`, which includes discounts, taxes and shipping
  subtotal_exact, ///< `amount_subtotal`, which does not include them
  total_at_least, ///< `amount_total` may be higher, for example if customers set the price
  unchecked,      ///< no comparison: any amount is enough
};

STRIPE_RETURN_EXPORT std::string_view to_string(amount_rule rule) noexcept;

/// The order with which decide() compares a session. Each field that is set must match; the account
/// must always match. If the observation came from a client or a webhook_verifier, the mode of the
/// session (test or live) must also be that of the secret key or the verifier.
struct expected_order {
  std::string out_trade_no;   ///< the merchant's order number; must not be empty
  std::vector<money> amounts; ///< one for each currency in which the order may be paid
  stripe_return::amount_rule amount_rule = amount_rule::total_exact; ///< ignored in setup mode
  session_mode mode = session_mode::payment;
  std::optional<stripe_return::livemode> livemode;
  std::string account; ///< `acct_...` that must own the session; empty: the client's own account
  /// The sessions that were created for this order. A session that was recovered from one of them
  /// also belongs to the order. Empty: any session that names the order and the shop.
  std::vector<std::string> session_ids;
};

/// Checks whether sessions can be compared with this order. Fails with invalid_option if the number
/// is empty, if an amount is below 0, if a currency is not three letters, or if the rule compares
/// an amount but none is given (setup mode excepted).
STRIPE_RETURN_EXPORT result<void> check(const expected_order& order);

} // namespace v0
} // namespace stripe_return
