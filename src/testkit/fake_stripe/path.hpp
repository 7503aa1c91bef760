// Paths of the API and of the commands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// The segments of `path` that stand where `pattern` has ":" and a word, or nothing where they
// differ. No segment is empty.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

} // namespace fake
} // namespace v0
} // namespace stripe_return
