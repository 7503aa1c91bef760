// application/x-www-form-urlencoded: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// Each byte but letters, digits and "-._~" as %XX: safe in a form, in a URL and in a header.
STRIPE_RETURN_EXPORT std::string percent_encoded(std::string_view text);

class form {
public:
  void add(std::string_view name, std::string_view value);
  const std::string& text() const noexcept { return text_; }

private:
  std::string text_;
};

} // namespace v0
} // namespace stripe_return
