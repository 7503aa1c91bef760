// What STRIPE_WEBHOOK_SECRET holds.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <vector>

namespace program {

// The endpoint secrets between the commas, without the white space around each. The error is
// missing_webhook_secret where there is none, or one that anybody could have written: a bare
// "whsec_", or one with white space in it, which is two that nobody separated.
stripe_return::result<std::vector<stripe_return::endpoint_secret>>
split_webhook_secrets(const stripe_return::secret& variable);

} // namespace program
