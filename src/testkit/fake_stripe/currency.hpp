// What Stripe takes money in: https://docs.stripe.com/currencies
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts: eight digits
inline constexpr std::int64_t largest_amount = 99999999;

// `code` in lower case.
bool is_presentment_currency(std::string_view code);

// In the currency's smallest unit. 1 where Stripe names none: it depends on the rate there.
std::int64_t least_charge(std::string_view code);

} // namespace fake
} // namespace v0
} // namespace stripe_return
