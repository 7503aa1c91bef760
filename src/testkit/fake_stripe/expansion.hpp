// expand[]: https://docs.stripe.com/api/expanding_objects
#pragma once

#include "testkit/fake_stripe/account.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Replaces ids in `answer` by their objects, along each path. Throws api_error.
void expand(nlohmann::json& answer, const std::vector<std::string>& paths, const account& account);

} // namespace fake
} // namespace v0
} // namespace stripe_return
