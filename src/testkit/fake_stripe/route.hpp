// The routes of the API and of the commands: constants, as a shared library of this project makes
// no object before main().
#pragma once

#include <stripe_return/export.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

template <class Route> class route_table {
public:
  template <std::size_t Size>
  constexpr explicit route_table(const Route (&routes)[Size]) : first_(routes), size_(Size) {}

  const Route* begin() const noexcept { return first_; }
  const Route* end() const noexcept { return first_ + size_; }

private:
  const Route* first_;
  std::size_t size_;
};

// What stands between spaces in `text`.
STRIPE_RETURN_EXPORT std::vector<std::string_view> words_of(std::string_view text);

// The segments of `path` that stand where `pattern` has ":" and a word, or nothing where they
// differ. No segment is empty.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

} // namespace fake
} // namespace v0
} // namespace stripe_return
