// Times for people.
#pragma once

#include <stripe_return/core/time.hpp>

#include <ctime>
#include <string>

namespace program {

// As RFC 3339 has it: 2026-03-23T12:00:00Z. Empty for a time that no order has: before 1970, or in
// a year of five digits.
inline std::string utc_time(stripe_return::unix_seconds time) {
  constexpr stripe_return::unix_seconds last = 253402300799;
  if (time < 0 || time > last) return {};
  const std::time_t seconds = time;
  std::tm parts = {};
  char text[sizeof "0000-00-00T00:00:00Z"];
  if (gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return {};
  return text;
}

} // namespace program
