// POST /v1/checkout/sessions: what may be asked for.
#pragma once

#include "fake_stripe/parameters.hpp"
#include "fake_stripe/session.hpp"

#include <stripe_return/core/time.hpp>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Throws api_error. The items have no ids yet.
session_request read_session_request(const parameters& given, unix_seconds now);

} // namespace fake
} // namespace v0
} // namespace stripe_return
