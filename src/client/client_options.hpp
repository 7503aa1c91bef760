// The options, checked.
#pragma once

#include "client/api_base.hpp"

#include <stripe_return/client/client_options.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/result.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// The mode of a secret key. Errors: missing_secret_key, malformed_secret_key,
// publishable_key.
result<livemode> livemode_of(const secret& secret_key);

// A key of an organization, which acts for one of its accounts: https://docs.stripe.com/context.
bool is_organization_key(const secret& secret_key) noexcept;

// Error: invalid_option, when it is not `acct_` with letters and digits.
std::optional<error> check_account(std::string_view account);

// 1 ms to 10 minutes.
bool is_deadline(std::chrono::milliseconds deadline) noexcept;

// Every option but the key. Error: invalid_option, which names it.
result<api_base> check_options(const client_options& options);

// Error: invalid_option, when a live key would go where it was not allowed to.
std::optional<error> check_key_host(const client_options& options, const api_base& base,
                                    livemode mode);

} // namespace v0
} // namespace stripe_return
