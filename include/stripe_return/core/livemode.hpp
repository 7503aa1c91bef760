/// @file
/// Test or live.
#pragma once

#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// In which of its two worlds Stripe keeps an object: https://docs.stripe.com/keys#test-live-modes.
/// Stripe's JSON says it as `livemode`, false or true. A sandbox is test.
enum class livemode : unsigned char { test, live };

STRIPE_RETURN_EXPORT std::string_view to_string(livemode mode) noexcept;

} // namespace v0
} // namespace stripe_return
