#include <stripe_return/core/expected_order.hpp>

namespace stripe_return {
inline namespace v0 {
namespace {

bool is_currency_code(const std::string& lower_case) {
  return lower_case.size() == 3 &&
         lower_case.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
}

} // namespace

result<void> check(const expected_order& order) {
  if (order.out_trade_no.empty()) {
    return error{error_code::invalid_option,
                 "The expected order has no number: set expected_order::out_trade_no."};
  }
  const bool compares =
      order.mode != session_mode::setup && order.amount_rule != amount_rule::unchecked;
  if (compares && order.amounts.empty()) {
    return error{error_code::invalid_option,
                 "The expected order has no amount: set expected_order::amounts, or use "
                 "amount_rule::unchecked."};
  }
  for (const money& each : order.amounts) {
    if (each.minor_units() < 0 || !is_currency_code(each.currency())) {
      return error{error_code::invalid_option,
                   "An amount of the expected order can never be paid: set it to 0 or more, in a "
                   "currency of three letters."};
    }
  }
  return {};
}

} // namespace v0
} // namespace stripe_return
