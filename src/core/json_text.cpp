#include "core/json_text.hpp"

#include "core/ascii.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using kind = json_value::kind;

enum byte_class : std::uint8_t {
  white_space = 1,
  ends_word = 2,
  structural = 4, // in an object or a list that is skipped
};

constexpr auto classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (const char each : {' ', '\t', '\n', '\r'})
    table[static_cast<unsigned char>(each)] = white_space | ends_word;
  for (const char each : {'[', '{', '"'})
    table[static_cast<unsigned char>(each)] = structural;
  for (const char each : {']', '}', '\0'}) // a NUL is the end, as it is to nlohmann
    table[static_cast<unsigned char>(each)] = ends_word | structural;
  table[','] = ends_word;
  return table;
}();

bool is(char byte, int wanted) noexcept {
  return (classes[static_cast<unsigned char>(byte)] & wanted) != 0;
}

constexpr std::uint64_t each_of_eight(std::uint64_t byte) noexcept {
  return byte * 0x0101010101010101;
}

// Its upper bits say whether one of the eight bytes is a control character, a backslash, or no
// ASCII.
std::uint64_t not_plain(const char* eight_bytes) noexcept {
  std::uint64_t bytes;
  std::memcpy(&bytes, eight_bytes, sizeof bytes);
  const std::uint64_t backslashes = bytes ^ each_of_eight('\\');
  return bytes | (bytes - each_of_eight(' ')) | (backslashes - each_of_eight(1));
}

// A string that means its own bytes; of others nlohmann says what they mean.
bool is_plain(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < 8) {
    return std::all_of(at, end, [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
  }
  std::uint64_t found = not_plain(at) | not_plain(end - 8);
  for (at += 8; end - at > 8; at += 8)
    found |= not_plain(at);
  return (found & each_of_eight(0x80)) == 0;
}

const char* after_white_space(const char* at, const char* end) noexcept {
  while (at != end && is(*at, white_space))
    ++at;
  return at;
}

// Null where the string has no end. A quote is escaped by an odd number of backslashes before it;
// the opening one ends their count.
const char* after_string(const char* opening, const char* end) noexcept {
  for (const char* from = opening + 1; from != end;) {
    const void* found = std::memchr(from, '"', static_cast<std::size_t>(end - from));
    if (found == nullptr) break;
    const char* const quote = static_cast<const char*>(found);
    const char* before = quote;
    while (before[-1] == '\\')
      --before;
    from = quote + 1;
    if ((quote - before) % 2 == 0) return from;
  }
  return nullptr;
}

// As amounts and times are written; no other number fits into 64 bits and is an integer.
bool read_plain_integer(std::string_view word, std::int64_t& integer) noexcept {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), integer);
  const std::string_view digits = word.substr(word.front() == '-' ? 1 : 0);
  return error == std::errc() && end == word.data() + word.size() &&
         (digits.front() != '0' || digits.size() == 1);
}

bool read_number(std::string_view word, json_value& value) {
  value.is = kind::integer;
  if (read_plain_integer(word, value.integer)) return true;
  value.is = kind::other_number;
  try {
    return nlohmann::json::parse(word.data(), word.data() + word.size()).is_number();
  } catch (const nlohmann::json::out_of_range&) {
    value.is = kind::huge_number;
    return true;
  } catch (const nlohmann::json::parse_error&) {
    return false;
  }
}

} // namespace

json_text::json_text(std::string_view text) noexcept
    : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (starts_with(text, byte_order_mark)) at_ += byte_order_mark.size();
}

// NUL at the end as well, where nothing may stand.
char json_text::next() noexcept {
  at_ = after_white_space(at_, end_);
  return at_ == end_ ? '\0' : *at_;
}

bool json_text::at_end() noexcept {
  next();
  return at_ == end_;
}

json_text::found json_text::find_entry(char closing, bool first) noexcept {
  const char here = next();
  if (here == closing) {
    ++at_;
    return found::end;
  }
  if (first) return found::another;
  if (here != ',') return found::neither;
  ++at_;
  return found::another;
}

json_text::found json_text::find_member(std::uint64_t shapes, bool first, std::string_view& key) {
  while (true) {
    const found entry = find_entry('}', first);
    if (entry != found::another) return entry;
    if (next() != '"' || !read_string(key) || next() != ':') return found::neither;
    ++at_;
    if ((shapes & shape_of(key)) != 0) return found::another;
    if (!skip_value()) return found::neither;
    first = false;
  }
}

bool json_text::read_string(std::string_view& text) {
  const char* const first = at_ + 1;
  const char* const after = after_string(at_, end_);
  at_ = after == nullptr ? end_ : after;
  if (after == nullptr) return false;
  text = {first, static_cast<std::size_t>(after - first) - 1};
  return is_plain(text) || unescape(text);
}

bool json_text::unescape(std::string_view& text) {
  auto lexed = nlohmann::json::parse(text.data() - 1, at_, nullptr, false);
  if (!lexed.is_string()) return false;
  text = unescaped_ = std::move(lexed.get_ref<std::string&>());
  return true;
}

bool json_text::read_value(json_value& value) {
  switch (next()) {
  case '{': value.is = kind::object; return true;
  case '[': value.is = kind::list; return true;
  case '"': value.is = kind::text; return read_string(value.text);
  default: break;
  }
  const std::string_view word = skip_word();
  if (word == "null") {
    value.is = kind::null;
  } else if (word == "true" || word == "false") {
    value.is = kind::boolean;
    value.boolean = word == "true";
  } else {
    const bool like_a_number = !word.empty() && (word[0] == '-' || is_digit(word[0]));
    return like_a_number && read_number(word, value);
  }
  return true;
}

bool json_text::skip_value() {
  switch (next()) {
  case '{':
  case '[': return skip_brackets();
  case '"': {
    const char* const after = after_string(at_, end_);
    at_ = after == nullptr ? end_ : after;
    return after != nullptr;
  }
  default: return !skip_word().empty();
  }
}

bool json_text::skip_brackets() {
  open_.clear();
  const char* at = at_;
  do {
    while (at != end_ && !is(*at, structural))
      ++at;
    at_ = at;
    if (at == end_) return false;
    switch (*at) {
    case '"':
      at = after_string(at, end_);
      if (at == nullptr) return false;
      continue;
    case '{':
    case '[': open_.push_back(*at == '{'); break;
    case '}':
    case ']':
      if (open_.back() != (*at == '}')) return false;
      open_.pop_back();
      break;
    default: return false; // NUL
    }
    ++at;
  } while (!open_.empty());
  at_ = at;
  return true;
}

std::string_view json_text::skip_word() noexcept {
  const char* const first = at_;
  const char* at = first;
  while (at != end_ && !is(*at, ends_word))
    ++at;
  at_ = at;
  return {first, static_cast<std::size_t>(at - first)};
}

} // namespace v0
} // namespace stripe_return
