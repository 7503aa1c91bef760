// What a customer may see, of a record or of Stripe's word alone. Pure.
#pragma once

#include <stripe_return/fulfillment/customer_view.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

namespace stripe_return {
inline namespace v0 {

customer_view view_of(const order_record& order);
customer_view view_of(const order_outcome& outcome);

} // namespace v0
} // namespace stripe_return
