// Sessions that continue expired ones: https://docs.stripe.com/payments/checkout/abandoned-carts
#pragma once

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {

// Whether the session is one of expected.session_ids, or is known to continue one. `chain` is
// observation::recovery_chain.
STRIPE_RETURN_EXPORT bool continues_one_of(const expected_order& expected,
                                           const checkout_session& session,
                                           const std::vector<std::string>& chain);

// The session to ask for next, whose `recovered_from` may show that the observed one continues one
// of expected.session_ids; nothing where that is known, or cannot be found out.
STRIPE_RETURN_EXPORT std::optional<session_id> next_in_chain(const observation& observed,
                                                             const expected_order& expected);

// Adds what the session of next_in_chain() was recovered from. False: it is the first of all.
STRIPE_RETURN_EXPORT bool extend_chain(observation& observed, const checkout_session& before);

} // namespace v0
} // namespace stripe_return
