// How far one of Stripe's lists was read. A list begins with the newest, so it is read back to
// where the reading before began, page by page, and the place is kept between any two pages. All
// times in it are Stripe's own: a list of which nothing was seen yet has none. Pure.
#pragma once

#include <stripe_return/core/time.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace orders {

class list_cursor {
public:
  // So far behind the begin of the reading before: what happened at one time is listed one by one.
  static constexpr unix_seconds overlap = 10 * 60;

  // The text of a cursor. Whatever is none: nothing was read yet, and it is read back to `first`.
  static list_cursor read(std::string_view text, unix_seconds first);
  std::string text() const;

  unix_seconds from() const noexcept;
  const std::string& after() const noexcept { return after_; }
  // The next page is the first one.
  bool is_over() const noexcept { return after_.empty(); }
  // By more than clocks may differ. No time of Stripe's is so, if `now` is right.
  bool is_ahead_of(unix_seconds now) const noexcept;

  // What is over is read back to then once more.
  void look_back_to(unix_seconds first) noexcept;
  void begin_again() noexcept;

  // So many items of the page are recorded.
  template <class Page> void pass(const Page& page, std::size_t count) {
    const auto end = page.data.begin() + static_cast<std::ptrdiff_t>(count);
    std::string last;
    for (auto each = page.data.begin(); each != end; ++each) {
      if (!floor_) floor_ = first_;
      if (top_ == 0) top_ = each->created.value_or(0);
      // Of an event that cannot be read the id may be missing as well.
      if (!each->id.empty()) last = each->id;
    }
    if (count == page.data.size() && (!page.has_more || count == 0)) {
      if (floor_) floor_ = std::max(*floor_, top_);
      begin_again();
    } else if (!last.empty()) {
      after_ = last;
    } else if (count == page.data.size()) {
      begin_again(); // nothing to go on from
    }
  }

private:
  unix_seconds first_ = 0;
  std::optional<unix_seconds> floor_; // all that happened before is recorded
  unix_seconds top_ = 0;              // the newest of this reading; 0: not known yet
  std::string after_;                 // the last one that is recorded
};

} // namespace orders
} // namespace v0
} // namespace stripe_return
