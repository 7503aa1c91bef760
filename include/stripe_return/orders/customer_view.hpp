/// @file
/// customer_view: what a customer may see of an order.
#pragma once

#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/orders/order_record.hpp>

#include <chrono>

namespace stripe_return {
inline namespace v0 {

/// All that a return page or a status endpoint may show of an order.
struct customer_view {
  order_stage stage = order_stage::open;
  order_state state = order_state::undetermined; ///< of the session that is closest to a payment
  /// What the customer should do.
  stripe_return::next_step next_step = stripe_return::next_step::ask_again;
  /// Whether the customer may pay again; every page must obey it.
  stripe_return::pay_again pay_again = stripe_return::pay_again::unknown;
  std::chrono::seconds poll_after{0}; ///< when the page should ask again; 0: it need not
};

} // namespace v0
} // namespace stripe_return
