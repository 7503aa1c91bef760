#include "client/http_date.hpp"

#include "core/rfc3339.hpp"

#include <curl/curl.h>

namespace stripe_return {
inline namespace v0 {
namespace {

// The digits from `at` on; -1 where one is none.
int number(std::string_view text, std::size_t at, std::size_t digits) noexcept {
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// From 1; 0 for no name of a month.
int month_named(std::string_view name) noexcept {
  constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = names.find(name);
  return at != names.npos && at % 3 == 0 ? static_cast<int>(at / 3) + 1 : 0;
}

} // namespace

std::optional<unix_seconds> parse_fixdate(std::string_view text) noexcept {
  constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != form.size()) return std::nullopt;
  for (const std::size_t at : {3u, 4u, 7u, 11u, 16u, 19u, 22u, 25u, 26u, 27u, 28u}) {
    if (text[at] != form[at]) return std::nullopt;
  }
  const int day = number(text, 5, 2);
  const int month = month_named(text.substr(8, 3));
  const int year = number(text, 12, 4);
  const int hour = number(text, 17, 2);
  const int minute = number(text, 20, 2);
  const int second = number(text, 23, 2);
  if (day < 1 || day > 31 || month == 0 || year < 1970 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  return ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

std::optional<unix_seconds> parse_http_date(std::string_view text) {
  std::optional<unix_seconds> time = parse_fixdate(text);
  if (!time) time = curl_getdate(std::string(text).c_str(), nullptr);
  // The beginning of time is no time that Stripe answers at, and -1 is libcurl's "no".
  return *time > 0 ? time : std::nullopt;
}

} // namespace v0
} // namespace stripe_return
