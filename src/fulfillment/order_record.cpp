#include <stripe_return/fulfillment/order_record.hpp>

#include <algorithm>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(order_stage stage) noexcept {
  switch (stage) {
  case order_stage::awaiting: return "awaiting";
  case order_stage::closed: return "closed";
  case order_stage::due: return "due";
  case order_stage::fulfilled: return "fulfilled";
  case order_stage::rejected: return "rejected";
  }
  return "awaiting";
}

order_index index_of(const order_record& order) noexcept {
  order_index index;
  if (order.stage == order_stage::due) {
    index.due_since = order.due_since;
    if (!order.held) index.claimable_at = std::max(order.lease, order.due_at);
    if (order.lease != 0) index.leased_until = order.lease;
  }
  if (order.ask_at != 0) index.ask_at = order.ask_at;
  index.in_review = !order.review.empty();
  return index;
}

} // namespace v0
} // namespace stripe_return
