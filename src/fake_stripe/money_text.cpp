#include "fake_stripe/money_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

struct currency_symbol {
  std::string_view currency;
  std::string_view english;
  std::string_view chinese;
};

// Where the CLDR has a symbol rather than the code. Which currency a bare sign means depends on the
// language: $ and ¥ are the dollar and the yen in English, and ¥ is the yuan in Chinese. After
// letters there is a space.
constexpr currency_symbol symbols[] = {
    {"aud", "A$", "AU$"},
    {"brl", "R$", "R$"},
    {"cad", "CA$", "CA$"},
    {"cny", "CN¥", "¥"},
    {"eur", "€", "€"},
    {"gbp", "£", "£"},
    {"hkd", "HK$", "HK$"},
    {"ils", "₪", "₪"},
    {"inr", "₹", "₹"},
    {"jpy", "¥", "JP¥"},
    {"krw", "₩", "￦"},
    {"mxn", "MX$", "MX$"},
    {"nzd", "NZ$", "NZ$"},
    {"php", "₱", "PHP\u00a0"},
    {"twd", "NT$", "NT$"},
    {"usd", "$", "US$"},
    {"vnd", "₫", "₫"},
    {"xaf", "FCFA\u00a0", "FCFA\u00a0"},
    {"xcd", "EC$", "EC$"},
    {"xof", "F\u202fCFA\u00a0", "F\u202fCFA\u00a0"},
    {"xpf", "CFPF\u00a0", "CFPF\u00a0"},
};

constexpr std::string_view no_break_space = "\u00a0";

std::string symbol_of(const money& amount, const std::string& code, page_language language) {
  const auto* const known =
      std::find_if(std::begin(symbols), std::end(symbols),
                   [&](const currency_symbol& each) { return each.currency == amount.currency(); });
  if (known == std::end(symbols)) return code + std::string(no_break_space);
  return std::string(language == page_language::chinese ? known->chinese : known->english);
}

// 1234567.50 as 1,234,567.50.
std::string grouped(std::string digits) {
  for (std::size_t at = std::min(digits.find('.'), digits.size()); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

} // namespace

std::string money_text(const money& amount, page_language language) {
  std::string plain = to_string(amount); // "-1234.50 USD"
  const std::string sign = plain.front() == '-' ? "-" : "";
  plain.erase(0, sign.size());
  const std::size_t space = plain.find(' ');
  if (space == std::string::npos) return sign + grouped(plain);
  return sign + symbol_of(amount, plain.substr(space + 1), language) +
         grouped(plain.substr(0, space));
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
