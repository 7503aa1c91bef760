// What the official clients send: `a=1&b[c]=2&d[0][e]=3`.
#pragma once

#include <stripe_return/export.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Either text, or further values by key, in the order in which they came.
class STRIPE_RETURN_EXPORT form_value {
public:
  std::string text;

  const std::vector<std::pair<std::string, form_value>>& members() const { return members_; }
  const form_value* find(std::string_view key) const;
  // The member that has this key, added at the end where there is none.
  form_value& member(const std::string& key);
  // The one that was added last; null where there is none.
  form_value* last_member() { return members_.empty() ? nullptr : &members_.back().second; }

private:
  std::vector<std::pair<std::string, form_value>> members_;
  std::map<std::string, std::size_t, std::less<>> places_; // a body has room for 100,000 keys
};

// A query or an application/x-www-form-urlencoded body. A key that comes twice counts as it came
// last. Throws api_error.
STRIPE_RETURN_EXPORT form_value decode_form(std::string_view encoded);

STRIPE_RETURN_EXPORT std::string percent_decode(std::string_view encoded);

} // namespace fake
} // namespace v0
} // namespace stripe_return
