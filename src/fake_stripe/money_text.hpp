// Amounts as a customer reads them.
#pragma once

#include "fake_stripe/page_language.hpp"

#include <stripe_return/core/money.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// In the form of the currency and the language, as the Unicode CLDR has it: `$1,234.50`, `¥500` and
// `CN¥3.00` in English, `US$1,234.50`, `JP¥500` and `¥3.00` in Chinese, `CHF 12.00` in both.
std::string money_text(const money& amount, page_language language);

} // namespace fake
} // namespace v0
} // namespace stripe_return
