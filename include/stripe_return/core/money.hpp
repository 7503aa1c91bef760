/// @file
/// An amount as Stripe sends it.
#pragma once

#include <stripe_return/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// An amount in a currency's minor unit (400 in `cny` is 4.00 yuan, 400 in `jpy` is 400 yen), with
/// the currency's ISO 4217 code in lower case. It is compared, never computed with.
class STRIPE_RETURN_EXPORT money {
public:
  /// `currency` in any letter case. See https://docs.stripe.com/currencies for Stripe's minor
  /// units.
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

/// How many of an amount's last digits are decimals where Stripe sends it: 0, 2 or 3. Currencies
/// that Stripe's list does not name have 2, ISK and UGX among them: Stripe sends those in
/// hundredths although neither has any.
STRIPE_RETURN_EXPORT int minor_unit_digits(std::string_view lower_case_currency) noexcept;

/// For display: "4.00 CNY", "400 JPY", "-1.050 KWD", "10 ISK".
STRIPE_RETURN_EXPORT std::string to_string(const money& amount);

} // namespace v0
} // namespace stripe_return
