#include "testkit/fake_stripe/route.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// The text up to the next separator, which goes with it.
std::string_view take(std::string_view& rest, char separator) {
  const std::string_view taken = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(taken.size() + 1, rest.size()));
  return taken;
}

} // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty())
    words.push_back(take(text, ' '));
  return words;
}

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
  if (std::count(pattern.begin(), pattern.end(), '/') !=
      std::count(path.begin(), path.end(), '/')) {
    return std::nullopt;
  }
  std::vector<std::string> found;
  while (!pattern.empty()) {
    const std::string_view expected = take(pattern, '/');
    const std::string_view segment = take(path, '/');
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
