// How far one of Stripe's lists has been read. They begin with the newest, so a walk goes back to
// where the last one began, page by page, and its place is kept between any two of them. Pure.
#pragma once

#include <stripe_return/core/event.hpp>
#include <stripe_return/core/time.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

class list_walk {
public:
  // The first one goes so far back: no session that can still be paid is older.
  static constexpr unix_seconds first_look_back = 25 * 60 * 60;
  // The next one so far behind the begin of the last: Stripe lists what happens at one time one by
  // one.
  static constexpr unix_seconds overlap = 10 * 60;

  // The text of a cursor; where it is none, a walk back to `first`.
  static list_walk read(std::string_view text, unix_seconds first);
  std::string text() const;

  unix_seconds from() const noexcept { return floor_ - overlap; }
  const std::string& after() const noexcept { return after_; }
  // No walk is on its way: the next one begins at the newest.
  bool is_over() const noexcept { return after_.empty() && top_ == 0; }
  // Whether a walk back to `first` has ended.
  bool is_over_since(unix_seconds first) const noexcept { return is_over() && floor_ != first; }

  template <class Page> void next(const Page& page) {
    if (top_ == 0) top_ = page.data.empty() ? floor_ : page.data.front().created.value_or(floor_);
    const bool over = !page.has_more || page.data.empty();
    if (over) floor_ = std::max(floor_, top_);
    // Of an event that cannot be read the id may be missing as well.
    const auto last = std::find_if(page.data.rbegin(), page.data.rend(),
                                   [](const auto& each) { return !each.id.empty(); });
    if (over || last == page.data.rend()) return begin_again();
    after_ = last->id;
  }
  void begin_again() noexcept {
    top_ = 0;
    after_.clear();
  }

private:
  unix_seconds floor_ = 0; // all that happened before is known
  unix_seconds top_ = 0;   // the newest at the begin of this walk; 0: it has not begun
  std::string after_;      // the last one read
};

} // namespace v0
} // namespace stripe_return
