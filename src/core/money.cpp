#include <stripe_return/core/money.hpp>

#include <algorithm>
#include <iterator>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace {

// https://docs.stripe.com/currencies#zero-decimal. UGX stands in that list too, but is charged in
// hundredths, which the special cases below it say.
constexpr std::string_view no_decimals[] = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
                                            "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"};
// https://docs.stripe.com/currencies#three-decimal
constexpr std::string_view three_decimals[] = {"bhd", "jod", "kwd", "omr", "tnd"};
// https://docs.stripe.com/currencies#special-cases: sent in hundredths, always with 00 at the end.
constexpr std::string_view hundredths_without_decimals[] = {"isk", "ugx"};

template <std::size_t N>
bool one_of(std::string_view currency, const std::string_view (&list)[N]) noexcept {
  return std::find(std::begin(list), std::end(list), currency) != std::end(list);
}

char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
char to_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

} // namespace

money::money(std::int64_t minor_units, std::string_view currency)
    : minor_units_(minor_units), currency_(currency) {
  std::transform(currency_.begin(), currency_.end(), currency_.begin(), to_lower);
}

int minor_unit_digits(std::string_view lower_case_currency) noexcept {
  if (one_of(lower_case_currency, no_decimals)) return 0;
  if (one_of(lower_case_currency, three_decimals)) return 3;
  return 2;
}

std::string to_string(const money& amount) {
  const bool negative = amount.minor_units() < 0;
  // Unsigned, since the least int64 has no positive counterpart.
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor_units())
                                  : static_cast<std::uint64_t>(amount.minor_units());
  const auto decimals = static_cast<std::size_t>(minor_unit_digits(amount.currency()));
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals != 0) digits.insert(digits.size() - decimals, 1, '.');
  if (one_of(amount.currency(), hundredths_without_decimals) &&
      digits.compare(digits.size() - 3, 3, ".00") == 0) {
    digits.resize(digits.size() - 3);
  }
  std::string text = (negative ? "-" : "") + digits;
  if (!amount.currency().empty()) {
    text += ' ';
    std::transform(amount.currency().begin(), amount.currency().end(), std::back_inserter(text),
                   to_upper);
  }
  return text;
}

} // namespace v0
} // namespace stripe_return
