// What STRIPE_WEBHOOK_SECRET holds.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <vector>

namespace program {

// The endpoint secrets between the commas, without the white space around each; each has its number
// for a label. Errors: missing_webhook_secret where there is none, and those of check().
stripe_return::result<std::vector<stripe_return::endpoint_secret>>
split_webhook_secrets(const stripe_return::secret& variable);

} // namespace program
