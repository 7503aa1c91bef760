// Which hosts are this machine.
#pragma once

#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

// Whether a host of a URL is 127.0.0.0/8 in its usual form, [::1] or localhost. Whatever only
// begins like an address is a name, and may be anybody's.
STRIPE_RETURN_EXPORT bool is_loopback_host(std::string_view host) noexcept;

} // namespace v0
} // namespace stripe_return
