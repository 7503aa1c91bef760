// Who asks: https://docs.stripe.com/api/authentication
#pragma once

#include "testkit/fake_stripe/api_error.hpp"

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// The secret key of test mode that came, as Bearer or as the user of Basic. Throws api_error.
std::string read_key(const std::string& authorization);

// For one that nobody has.
api_error invalid_key(const std::string& key);

} // namespace fake
} // namespace v0
} // namespace stripe_return
