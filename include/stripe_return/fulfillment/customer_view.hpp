/// @file
/// What a customer may see of an order.
#pragma once

#include <stripe_return/core/order_outcome.hpp>

#include <chrono>

namespace stripe_return {
inline namespace v0 {

/// All that a return page or a status endpoint shows of an order, and no more.
struct customer_view {
  order_state state = order_state::undetermined;
  stripe_return::next_step next_step = next_step::ask_again; ///< `fulfil` is not a customer's
  stripe_return::pay_again pay_again = pay_again::unknown;   ///< each page must obey it
  std::chrono::seconds poll_after{0}; ///< until it is worth asking again; 0: it is not
};

} // namespace v0
} // namespace stripe_return
