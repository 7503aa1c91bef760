/// @file
/// What a customer may see of an order.
#pragma once

#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/orders/order_record.hpp>

#include <chrono>

namespace stripe_return {
inline namespace v0 {

/// Everything that a return page or a status endpoint shows of an order, and no more.
struct customer_view {
  order_stage stage = order_stage::open;
  order_state state = order_state::undetermined; ///< of the session that comes closest to a payment
  stripe_return::next_step next_step = stripe_return::next_step::ask_again; ///< for the customer
  stripe_return::pay_again pay_again =
      stripe_return::pay_again::unknown; ///< each page must obey it
  std::chrono::seconds poll_after{0};    ///< until it is worth asking again; 0: it is not
};

} // namespace v0
} // namespace stripe_return
