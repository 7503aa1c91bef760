// Where Stripe's API is.
#pragma once

#include <stripe_return/core/result.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct api_base {
  std::string url; // scheme, host and port, with no slash at the end
  std::string host;
  bool encrypted = true;
};

// Error: invalid_option, when the text is no https URL (or http URL of this very computer) made of
// scheme, host and port alone.
result<api_base> parse_api_base(std::string_view text);

} // namespace v0
} // namespace stripe_return
