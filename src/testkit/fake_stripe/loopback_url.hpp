// Where webhooks may go: nowhere but to this computer.
#pragma once

#include <stripe_return/export.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct loopback_url {
  std::string origin; // http://127.0.0.1:8080
  std::string target; // path and query
};

// Nothing unless it is http or https to 127.0.0.0/8, [::1] or localhost.
STRIPE_RETURN_EXPORT std::optional<loopback_url> parse_loopback_url(const std::string& url);

} // namespace fake
} // namespace v0
} // namespace stripe_return
