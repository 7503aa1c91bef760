#include <stripe_return/fulfillment/order_record.hpp>

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

} // namespace v0
} // namespace stripe_return
