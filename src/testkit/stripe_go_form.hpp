// What stripe-go makes of a session when a Go server marshals its struct again.
#pragma once

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

// `session` is JSON as the API sends it.
std::string stripe_go_form(std::string_view session);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
