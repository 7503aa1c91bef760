// The time at Stripe.
#pragma once

#include <stripe_return/core/time.hpp>

#include <chrono>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Runs, and can be moved forward; never back, as nothing at Stripe gets younger.
class movable_clock {
public:
  explicit movable_clock(unix_seconds start) : start_(start) { reset(); }

  unix_seconds now() const {
    const auto passed = std::chrono::steady_clock::now() - set_at_;
    return set_to_ + std::chrono::duration_cast<std::chrono::seconds>(passed).count();
  }

  void advance(unix_seconds seconds) { set_to_ += seconds; }

  void reset() {
    set_at_ = std::chrono::steady_clock::now();
    set_to_ = start_ != 0 ? start_ : computers_time();
  }

  static unix_seconds computers_time() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

private:
  unix_seconds start_; // 0: the computer's time
  std::chrono::steady_clock::time_point set_at_;
  unix_seconds set_to_ = 0;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
