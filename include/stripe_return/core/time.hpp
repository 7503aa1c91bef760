/// @file
/// Times as Stripe sends them.
#pragma once

#include <cstdint>

namespace stripe_return {
inline namespace v0 {

/// A time in seconds since 1970-01-01 00:00 UTC.
using unix_seconds = std::int64_t;

} // namespace v0
} // namespace stripe_return
