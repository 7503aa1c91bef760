/// @file
/// A clock that a test moves.
#pragma once

#include <stripe_return/client/clock.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <mutex>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testing {

/// Stands still until it is advanced. sleep_for() advances it and returns at once. Every member may
/// be called from several threads.
class STRIPE_RETURN_EXPORT fake_clock final : public clock {
public:
  explicit fake_clock(unix_seconds unix_time);

  std::chrono::steady_clock::time_point now() override;
  unix_seconds unix_time() override;
  void sleep_for(std::chrono::milliseconds duration) override;

  void advance(std::chrono::milliseconds duration);
  /// What was slept so far.
  std::vector<std::chrono::milliseconds> sleeps() const;

private:
  mutable std::mutex mutex_;
  std::chrono::milliseconds elapsed_{0};
  unix_seconds start_;
  std::vector<std::chrono::milliseconds> sleeps_;
};

} // namespace testing
} // namespace v0
} // namespace stripe_return
