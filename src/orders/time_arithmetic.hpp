// Times that come from Stripe, a store or a clock that is wrong may be anything: none overflows,
// and none of our own clock is later than Stripe's.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/orders/session_facts.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// `after` is not negative.
inline unix_seconds later(unix_seconds time, std::chrono::seconds after) noexcept {
  constexpr unix_seconds last = std::numeric_limits<unix_seconds>::max();
  return time > last - after.count() ? last : time + after.count();
}

// From the earlier to the later of the two.
inline std::uint64_t between(unix_seconds a, unix_seconds b) noexcept {
  return a < b ? static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a)
               : static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
}

inline std::pair<bool, unix_seconds> order_of(const observed_at& at) noexcept {
  return {at.clock == clock_source::stripe, at.time};
}
inline bool is_later(const observed_at& a, const observed_at& b) noexcept {
  return order_of(a) > order_of(b);
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
