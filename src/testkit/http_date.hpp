// The time as HTTP writes it.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

// Sun, 06 Nov 1994 08:49:37 GMT, in English whatever the locale is (RFC 9110, 5.6.7).
STRIPE_RETURN_EXPORT std::string http_date(unix_seconds time);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
