#include <stripe_return/core/expected_order.hpp>

namespace stripe_return {
inline namespace v0 {

result<void> check(const expected_order& order) {
  if (order.out_trade_no.empty()) {
    return error{error_code::invalid_option,
                 "The expected order has no number: set expected_order::out_trade_no."};
  }
  const bool compares =
      order.mode != session_mode::setup && order.amount_rule != amount_rule::unchecked;
  if (compares && order.amounts.empty()) {
    return error{error_code::invalid_option,
                 "The expected order has no amount: set expected_order::amounts, or say "
                 "amount_rule::unchecked."};
  }
  return {};
}

} // namespace v0
} // namespace stripe_return
