// Who asks: https://docs.stripe.com/api/authentication
#pragma once

#include <stripe_return/core/secret.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Bearer, or Basic with the key as the user. `expected` is the one key that is good; empty for
// every secret key of test mode. Throws api_error.
void authenticate(const std::string& authorization, const secret& expected);

} // namespace fake
} // namespace v0
} // namespace stripe_return
