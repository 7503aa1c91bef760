// Who may use what stands under /_fake.
#pragma once

#include "testkit/fake_stripe/message.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Refuses what a page of another origin has its browser send: any page that a developer opens can
// reach 127.0.0.1, by a form or, once its own name resolves to 127.0.0.1, by a script. Throws
// api_error, 403. A client that is no browser need not send more than Host.
void refuse_foreign_page(const request& request);

} // namespace fake
} // namespace v0
} // namespace stripe_return
