// Numbers of the command line.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace program {

// CLI11 takes "" for 0, "0x10" for 16, and a number that is too large for the largest there is.
template <class Number> std::optional<Number> to_number(const std::string& text) {
  Number value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

} // namespace program
