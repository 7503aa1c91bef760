/// @file
/// fake_time: a clock that a test advances.
#pragma once

#include <stripe_return/client/time_source.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// A clock that stands still until it is advanced. A thread that waits for a time advances the
/// clock to that time and continues at once. Thread-safe.
class STRIPE_RETURN_EXPORT fake_time final : public time_source {
public:
  /// Makes a clock that starts at `unix_time`.
  explicit fake_time(unix_seconds unix_time);

  std::chrono::steady_clock::time_point now() override;
  unix_seconds unix_time() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override;

  /// Advances the clock.
  void advance(std::chrono::milliseconds duration);
  /// Returns how long each wait so far would have taken.
  std::vector<std::chrono::milliseconds> waits() const;

private:
  mutable std::mutex mutex_;
  std::chrono::steady_clock::duration elapsed_{0};
  unix_seconds start_;
  std::vector<std::chrono::milliseconds> waits_;
};

} // namespace testkit
} // namespace v0
} // namespace stripe_return
