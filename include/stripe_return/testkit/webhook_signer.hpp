/// @file
/// Signs webhooks as Stripe does.
#pragma once

#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// Returns the value of `Stripe-Signature` for `body`, signed at `time`: `t=...,v1=...`
/// (https://docs.stripe.com/webhooks#verify-manually).
STRIPE_RETURN_EXPORT std::string sign_webhook(std::string_view body, const secret& endpoint_secret,
                                              unix_seconds time);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
