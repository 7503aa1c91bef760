#include "core/rfc3339.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr unix_seconds one_day = 24 * 60 * 60;

// Takes what it has read from the front of the text. Once something was missing, all of it is.
class parser {
public:
  explicit parser(std::string_view text) noexcept : text_(text) {}

  int number(std::size_t digits, int least, int most) noexcept {
    int value = 0;
    for (std::size_t i = 0; i != digits; ++i)
      value = value * 10 + digit();
    fits_ = fits_ && value >= least && value <= most;
    return value;
  }

  // The one that stands there.
  char any_of(std::string_view wanted) noexcept {
    const char c = text_.empty() ? '\0' : text_.front();
    fits_ = fits_ && !text_.empty() && wanted.find(c) != std::string_view::npos;
    text_.remove_prefix(text_.empty() ? 0 : 1);
    return c;
  }

  void fraction() noexcept {
    if (text_.empty() || text_.front() != '.') return;
    text_.remove_prefix(1);
    digit();
    text_.remove_prefix(std::min(text_.find_first_not_of("0123456789"), text_.size()));
  }

  bool has_read_all() const noexcept { return fits_ && text_.empty(); }

private:
  int digit() noexcept { return any_of("0123456789") - '0'; }

  std::string_view text_;
  bool fits_ = true;
};

int days_in(int year, int month) noexcept {
  return static_cast<int>(
      month == 12 ? 31 : days_since_1970(year, month + 1, 1) - days_since_1970(year, month, 1));
}

} // namespace

std::optional<unix_seconds> parse_rfc3339(std::string_view text) noexcept {
  parser from(text);
  const int year = from.number(4, 1969, 9999); // the last hours of 1969 may be 1970 in UTC
  from.any_of("-");
  const int month = from.number(2, 1, 12);
  from.any_of("-");
  const int day = from.number(2, 1, 31);
  from.any_of("Tt");
  const int hour = from.number(2, 0, 23);
  from.any_of(":");
  const int minute = from.number(2, 0, 59);
  from.any_of(":");
  const int second = from.number(2, 0, 60);
  from.fraction();
  int offset = 0; // of the local time, in minutes
  const char sign = from.any_of("Zz+-");
  if (sign == '+' || sign == '-') {
    offset = from.number(2, 0, 23) * 60;
    from.any_of(":");
    offset += from.number(2, 0, 59);
    if (sign == '-') offset = -offset;
  }
  if (!from.has_read_all() || day > days_in(year, month)) return std::nullopt;

  const unix_seconds time =
      ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
  // Leap seconds come at the end of a day of UTC.
  if (second == 60 && time % one_day != 0) return std::nullopt;
  if (time < 0 || time > latest_time) return std::nullopt;
  return time;
}

} // namespace v0
} // namespace stripe_return
