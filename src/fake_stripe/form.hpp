// What the official clients send: `a=1&b[c]=2&d[0][e]=3`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Either text, or further values by key, in the order in which they came.
struct form_value {
  std::string text;
  std::vector<std::pair<std::string, form_value>> members;

  const form_value* find(std::string_view key) const;
};

// A query or an application/x-www-form-urlencoded body. A key that comes twice counts as it came
// last. Throws api_error.
form_value decode_form(std::string_view encoded);

std::string percent_decode(std::string_view encoded);

} // namespace fake
} // namespace v0
} // namespace stripe_return
