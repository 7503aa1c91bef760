// The values of a statement's $1, $2, ...
#pragma once

#include "core/ascii.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

class parameters {
public:
  // A `bytea`, or a `text` of UTF-8: both are sent as they are.
  parameters& bytes(std::string_view value) {
    values_.emplace_back(value);
    binary_.push_back(1);
    return *this;
  }
  parameters& number(std::int64_t value) { return text(std::to_string(value)); }
  parameters& number(std::optional<std::int64_t> value) {
    return text(value ? std::optional<std::string>(std::to_string(*value)) : std::nullopt);
  }
  // A `bytea[]`, as https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO has it.
  parameters& list(const std::vector<std::string>& all) {
    std::string array = "{";
    for (const std::string& each : all) {
      array += array.size() == 1 ? R"("\\x)" : R"(,"\\x)";
      for (const char c : each)
        append_hex(array, static_cast<unsigned char>(c));
      array += '"';
    }
    return text(array + '}');
  }

  // What libpq takes beside one another.
  int count() const { return static_cast<int>(values_.size()); }
  std::vector<const char*> pointers() const {
    std::vector<const char*> all;
    for (const std::optional<std::string>& each : values_)
      all.push_back(each ? each->data() : nullptr);
    return all;
  }
  std::vector<int> lengths() const {
    std::vector<int> all;
    for (const std::optional<std::string>& each : values_)
      all.push_back(each ? static_cast<int>(each->size()) : 0);
    return all;
  }
  const int* formats() const { return binary_.data(); }

private:
  parameters& text(std::optional<std::string> value) {
    values_.push_back(std::move(value));
    binary_.push_back(0);
    return *this;
  }

  std::vector<std::optional<std::string>> values_;
  std::vector<int> binary_;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
