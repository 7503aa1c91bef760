#include "testkit/fake_stripe/path.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// The text up to the next slash, which goes with it.
std::string_view take_segment(std::string_view& rest) {
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
  return segment;
}

} // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
  if (std::count(pattern.begin(), pattern.end(), '/') !=
      std::count(path.begin(), path.end(), '/')) {
    return std::nullopt;
  }
  std::vector<std::string> found;
  while (!pattern.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (!expected.empty() && expected.front() == ':') {
      if (segment.empty()) return std::nullopt;
      found.emplace_back(segment);
    } else if (segment != expected) {
      return std::nullopt;
    }
  }
  if (!path.empty()) return std::nullopt;
  return found;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
