#include "orders/list_cursor.hpp"

#include "orders/time_arithmetic.hpp"

#include <charconv>
#include <chrono>
#include <system_error>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

constexpr std::chrono::hours most_difference{24};

// The number before the next space.
std::optional<unix_seconds> take_number(std::string_view& text) noexcept {
  const std::string_view digits = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), digits.size() + 1));
  unix_seconds value = 0;
  const char* const end = digits.data() + digits.size();
  const std::from_chars_result read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

} // namespace

list_cursor list_cursor::read(std::string_view text, unix_seconds first) {
  list_cursor cursor;
  cursor.first_ = first;
  const std::optional<unix_seconds> floor = take_number(text), top = take_number(text);
  if (!floor || !top) return cursor;
  cursor.floor_ = floor;
  cursor.top_ = *top;
  cursor.after_ = text;
  return cursor;
}

std::string list_cursor::text() const {
  if (!floor_) return {};
  return std::to_string(*floor_) + ' ' + std::to_string(top_) + ' ' + after_;
}

unix_seconds list_cursor::from() const noexcept {
  return std::max(floor_.value_or(first_), overlap) - overlap;
}

bool list_cursor::is_ahead_of(unix_seconds now) const noexcept {
  return std::max(floor_.value_or(0), top_) > later(now, most_difference);
}

void list_cursor::look_back_to(unix_seconds first) noexcept {
  if (is_over() && floor_) floor_ = std::min(*floor_, first);
}

void list_cursor::begin_again() noexcept {
  top_ = 0;
  after_.clear();
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
