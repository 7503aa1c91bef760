// The names of an enumeration, in the order of its enumerators.
#pragma once

#include <cstddef>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

template <class Enum, std::size_t N>
constexpr std::string_view enum_name(Enum value, const std::string_view (&names)[N]) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view("unknown");
}

} // namespace v0
} // namespace stripe_return
