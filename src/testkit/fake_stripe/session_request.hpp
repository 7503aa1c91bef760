// What may be asked for of a Checkout Session.
#pragma once

#include "testkit/fake_stripe/account.hpp"
#include "testkit/fake_stripe/parameters.hpp"
#include "testkit/fake_stripe/session.hpp"

#include <stripe_return/core/time.hpp>

#include <initializer_list>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// POST /v1/checkout/sessions. The items have no ids yet; prices and the customer are `owner`'s.
// Throws api_error.
session_request read_session_request(const parameters& given, unix_seconds now,
                                     const account& owner);

// POST /v1/checkout/sessions/:id. Throws api_error.
session_update read_session_update(const parameters& given, const session& session,
                                   const account& owner);

// Of a price by itself (`product`), or inside a line item (with `product_data`).
price read_price(const parameters& given);
product read_product(const parameters& given);

} // namespace fake
} // namespace v0
} // namespace stripe_return
