// How open_enum knows its words. A source that instantiates one specialises `vocabulary`.
#pragma once

#include <stripe_return/core/open_enum.hpp>

#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

template <class Word> struct spelling {
  std::string_view raw;
  Word word;
};

template <class Word> constexpr spelling<Word> vocabulary[] = {};

template <class Word> Word recognize(std::string_view raw) noexcept {
  if (raw.empty()) return Word::absent;
  for (const auto& entry : vocabulary<Word>) {
    if (entry.raw == raw) return entry.word;
  }
  return Word::unrecognized;
}

template <class Word> std::string_view spelled(Word word) noexcept {
  for (const auto& entry : vocabulary<Word>) {
    if (entry.word == word) return entry.raw;
  }
  return word == Word::absent ? "absent" : "unrecognized";
}

template <class Word>
open_enum<Word>::open_enum(std::string raw) : known_(recognize<Word>(raw)), raw_(std::move(raw)) {}

} // namespace v0
} // namespace stripe_return
