/// @file
/// Times as Stripe sends them.
#pragma once

#include <cstdint>

namespace stripe_return {
inline namespace v0 {

/// Seconds since 1970-01-01 UTC.
using unix_seconds = std::int64_t;

} // namespace v0
} // namespace stripe_return
