/// @file
/// When a request is sent again.
#pragma once

#include <chrono>

namespace stripe_return {
inline namespace v0 {

/// Retries as Stripe's own client for Node does: after a failed connection (but never after a
/// refused certificate), as the header `Stripe-Should-Retry` says, after 409 and after 5xx. The
/// delay doubles from the first to the longest, times a random 0.5 to 1, never under the first. A
/// delay that would outlast the deadline is not begun.
struct retry_policy {
  int max_retries = 2; ///< 0: send once
  std::chrono::milliseconds first_delay{500};
  std::chrono::milliseconds longest_delay{5000};
};

} // namespace v0
} // namespace stripe_return
