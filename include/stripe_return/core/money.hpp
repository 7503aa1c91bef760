/// @file
/// Amounts of money as Stripe sends them.
#pragma once

#include <stripe_return/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// An amount in the minor unit of a currency (400 in `cny` is 4.00 yuan, 400 in `jpy` is 400 yen),
/// with the currency's ISO 4217 code in lower case. The library compares amounts, but never
/// calculates with them.
class STRIPE_RETURN_EXPORT money {
public:
  /// Makes an amount; the case of the letters of `currency` does not matter. For the minor units
  /// see https://docs.stripe.com/currencies.
  money(std::int64_t minor_units, std::string_view currency);

  std::int64_t minor_units() const noexcept { return minor_units_; }
  const std::string& currency() const& noexcept { return currency_; }
  std::string currency() && noexcept { return std::move(currency_); }

  friend bool operator==(const money& a, const money& b) noexcept {
    return a.minor_units_ == b.minor_units_ && a.currency_ == b.currency_;
  }
  friend bool operator!=(const money& a, const money& b) noexcept { return !(a == b); }

private:
  std::int64_t minor_units_;
  std::string currency_;
};

/// Returns how many of the last digits of an amount, as Stripe sends it, are decimals: 0, 2 or 3.
/// It returns 2 for any currency that is not in Stripe's lists, and for ISK and UGX, which Stripe
/// sends in hundredths although neither has them.
STRIPE_RETURN_EXPORT int minor_unit_digits(std::string_view lower_case_currency) noexcept;

/// Formats an amount for display: "4.00 CNY", "400 JPY", "-1.050 KWD", "10 ISK".
STRIPE_RETURN_EXPORT std::string to_string(const money& amount);

} // namespace v0
} // namespace stripe_return
