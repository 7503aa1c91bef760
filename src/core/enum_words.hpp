// The words of an enumeration, in the order of its enumerators.
#pragma once

#include <cstddef>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

template <class Enum, std::size_t N>
constexpr std::string_view word_of(Enum value, const std::string_view (&words)[N]) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? words[index] : std::string_view("unknown");
}

} // namespace v0
} // namespace stripe_return
