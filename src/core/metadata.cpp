#include <stripe_return/core/checkout_session.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

bool key_less(const metadata::entry& a, const metadata::entry& b) {
  return a.first < b.first;
}

} // namespace

metadata::metadata(std::vector<entry> entries) : entries_(std::move(entries)) {
  std::stable_sort(entries_.begin(), entries_.end(), key_less);
  entries_.erase(std::unique(entries_.begin(), entries_.end(),
                             [](const entry& a, const entry& b) { return a.first == b.first; }),
                 entries_.end());
}

std::string_view metadata::get(std::string_view key) const& noexcept {
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), key,
      [](const entry& element, std::string_view wanted) { return element.first < wanted; });
  return at != entries_.end() && at->first == key ? std::string_view(at->second)
                                                  : std::string_view{};
}

std::vector<metadata::entry> metadata::entries() && noexcept {
  return std::move(entries_);
}

bool operator==(const metadata& a, const metadata& b) noexcept {
  return a.entries_ == b.entries_;
}

} // namespace v0
} // namespace stripe_return
