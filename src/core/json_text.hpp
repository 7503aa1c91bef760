// The text of a JSON document, taken apart from its front to its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct json_value {
  enum class kind : std::uint8_t {
    null,
    boolean,
    integer,
    other_number, // a fraction, or an integer beyond 64 bits
    huge_number,  // beyond a double
    text,
    object,
    list
  };

  kind is = kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string_view text; // valid until the next key or value is read
};

// A bit for the length and the first letter: most keys of a session are not read, and this turns
// most of those away at a glance.
constexpr std::uint64_t shape_of(std::string_view key) noexcept {
  const unsigned first = key.empty() ? 0 : static_cast<unsigned char>(key[0]);
  return std::uint64_t{1} << ((key.size() * 7 + first) % 64);
}

// Each function passes over white space first. False: what it is to read or to pass over does not
// stand there, so the text is no JSON.
class json_text {
public:
  explicit json_text(std::string_view text) noexcept;

  // A string, number or word, as nlohmann understands it. Of an object or a list only which of both
  // begins: it is entered or skipped next.
  bool read_value(json_value& value);
  void enter() noexcept { ++at_; }
  // Passes over a value by its structure alone: a string to its quote, brackets to the one that
  // closes them, anything else to where it must end.
  bool skip_value();

  enum class found : std::uint8_t { another, end, neither };
  // What comes in an object or a list: an entry, behind a comma unless it is the first, or the end.
  found find_entry(char closing, bool first) noexcept;
  // Passes over the members of an object whose keys have none of the shapes, reads the key and the
  // colon of the next that has one. The key is unescaped, and valid until the next key or value.
  found find_member(std::uint64_t shapes, bool first, std::string_view& key);
  bool at_end() noexcept;

  std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  void go_back(std::size_t position) noexcept { at_ = begin_ + position; }
  std::string_view text_since(std::size_t position) const noexcept {
    return {begin_ + position, this->position() - position};
  }

private:
  bool read_string(std::string_view& text);
  bool unescape(std::string_view& text);
  bool skip_brackets();
  std::string_view skip_word() noexcept;
  char next() noexcept;

  const char* begin_;
  const char* at_;
  const char* end_;
  std::string unescaped_;  // the last string that was not plain
  std::vector<bool> open_; // for each open bracket of a skipped value: whether of an object
};

} // namespace v0
} // namespace stripe_return
