#include "core/object_word.hpp"

#include <nlohmann/json.hpp>

namespace stripe_return {
inline namespace v0 {

std::string object_word(std::string_view json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  const auto at = document.find("object");
  return at != document.end() && at->is_string() ? at->get<std::string>() : std::string();
}

} // namespace v0
} // namespace stripe_return
