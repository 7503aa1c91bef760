// What the customer sees: the hosted page of a session, and its recovery.
#pragma once

#include "testkit/fake_stripe/machine.hpp"
#include "testkit/fake_stripe/message.hpp"

#include <stripe_return/core/time.hpp>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// GET and POST /c/pay/ID, GET /r/test_TOKEN; 404 for everything else.
response payment_page(const request& asked, machine& stripe);

} // namespace fake
} // namespace v0
} // namespace stripe_return
