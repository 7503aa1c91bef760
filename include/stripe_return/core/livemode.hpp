/// @file
/// Test mode or live mode.
#pragma once

#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The mode in which an object exists at Stripe: https://docs.stripe.com/keys#test-live-modes. In
/// Stripe's JSON it is `livemode`, false or true. A sandbox is test mode.
enum class livemode : unsigned char { test, live };

STRIPE_RETURN_EXPORT std::string_view to_string(livemode mode) noexcept;

} // namespace v0
} // namespace stripe_return
