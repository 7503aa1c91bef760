/// @file
/// retry_policy: when a client sends a request again.
#pragma once

#include <chrono>

namespace stripe_return {
inline namespace v0 {

/// When and how often a client retries. It follows Stripe's own client for Node.js: it retries
/// after a failed connection (but never after a rejected certificate, an unreadable CA file or a
/// response that is too large), if the header `Stripe-Should-Retry` says so, after 409, 5xx and
/// lock_timeout. The delay doubles from first_delay up to
/// longest_delay and is multiplied by a random factor from 0.5 to 1, but is never shorter than
/// first_delay. If the delay would pass the deadline, the call fails instead.
struct retry_policy {
  int max_retries = 2;                           ///< 0 to 100; 0: no retry
  std::chrono::milliseconds first_delay{500};    ///< 1 ms to 10 minutes
  std::chrono::milliseconds longest_delay{5000}; ///< first_delay to 10 minutes
};

} // namespace v0
} // namespace stripe_return
