// The keys that are read of a JSON object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

template <class Field> struct known_key {
  std::string_view name;
  Field value; // what the key's value is for
};

// Most keys of a session are not read, and `shapes` turns most of those away at a glance: a bit for
// the length and first letter of each key that is.
template <class Field> struct known_keys {
  const known_key<Field>* first = nullptr;
  std::size_t count = 0;
  std::uint64_t shapes = 0;
};

constexpr std::uint64_t shape_of(const char* text, std::size_t size) noexcept {
  return std::uint64_t{1} << ((size * 7 + static_cast<unsigned char>(*text)) % 64);
}

template <class Field, std::size_t N>
constexpr known_keys<Field> list(const known_key<Field> (&keys)[N]) noexcept {
  known_keys<Field> known{keys, N, 0};
  for (const known_key<Field>& each : keys)
    known.shapes |= shape_of(each.name.data(), each.name.size());
  return known;
}

} // namespace v0
} // namespace stripe_return
