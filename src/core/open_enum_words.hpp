// How open_enum knows its words. A source that instantiates one specialises `vocabulary`.
#pragma once

#include <stripe_return/core/open_enum.hpp>

#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

template <class Enum> struct spelling {
  std::string_view raw;
  Enum word;
};

template <class Enum> constexpr spelling<Enum> vocabulary[] = {};

template <class Enum> Enum recognize(std::string_view raw) noexcept {
  if (raw.empty()) return Enum::absent;
  for (const auto& entry : vocabulary<Enum>) {
    if (entry.raw == raw) return entry.word;
  }
  return Enum::unrecognized;
}

template <class Enum> std::string_view spelled(Enum word) noexcept {
  for (const auto& entry : vocabulary<Enum>) {
    if (entry.word == word) return entry.raw;
  }
  return word == Enum::absent ? "absent" : "unrecognized";
}

template <class Enum>
open_enum<Enum>::open_enum(std::string raw) : known_(recognize<Enum>(raw)), raw_(std::move(raw)) {}

} // namespace v0
} // namespace stripe_return
