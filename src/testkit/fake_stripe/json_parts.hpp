// Parts that many of the objects have.
#pragma once

#include <stripe_return/core/time.hpp>

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace fake {

template <class T> nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

inline nlohmann::json time_or_null(unix_seconds time) {
  return time == 0 ? nlohmann::json(nullptr) : nlohmann::json(time);
}

inline nlohmann::json object_with_nulls(std::initializer_list<const char*> names) {
  nlohmann::json object = nlohmann::json::object();
  for (const char* name : names)
    object[name] = nullptr;
  return object;
}

inline nlohmann::json no_address() {
  return object_with_nulls({"city", "country", "line1", "line2", "postal_code", "state"});
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
