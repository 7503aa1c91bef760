// Times as thin events have them: https://www.rfc-editor.org/rfc/rfc3339
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

constexpr unix_seconds latest_time = 253402300799; // 9999-12-31T23:59:59Z

// Of the Gregorian calendar, with month and day from 1.
// https://www.rfc-editor.org/rfc/rfc3339#appendix-C shows that every fourth year is a leap year but
// three of four centuries; a year that begins in March has its odd day last.
constexpr unix_seconds days_since_1970(int year, int month, int day) noexcept {
  const int y = month <= 2 ? year - 1 : year;
  const int months_since_march = (month + 9) % 12;
  const int day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
  return unix_seconds{365} * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

// Whole seconds from 0 to latest_time: a fraction is cut off, and a leap second is the next one.
// Nothing where the text is no date-time of the RFC, or outside of that.
STRIPE_RETURN_EXPORT std::optional<unix_seconds> parse_rfc3339(std::string_view text) noexcept;

} // namespace v0
} // namespace stripe_return
