#include "fulfillment/list_walk.hpp"

#include <charconv>
#include <system_error>

namespace stripe_return {
inline namespace v0 {
namespace {

std::string_view word(std::string_view& text) noexcept {
  const std::string_view first = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), first.size() + 1));
  return first;
}

bool number(std::string_view digits, unix_seconds& value) noexcept {
  const char* const end = digits.data() + digits.size();
  const std::from_chars_result read = std::from_chars(digits.data(), end, value);
  return read.ec == std::errc() && read.ptr == end;
}

} // namespace

list_walk list_walk::read(std::string_view text, unix_seconds first) {
  list_walk walk;
  if (!number(word(text), walk.floor_) || !number(word(text), walk.top_)) {
    walk = {};
    walk.floor_ = first;
    return walk;
  }
  walk.after_ = text;
  return walk;
}

std::string list_walk::text() const {
  return std::to_string(floor_) + ' ' + std::to_string(top_) + ' ' + after_;
}

} // namespace v0
} // namespace stripe_return
