/// @file
/// time_source: the interface between a client and the clock.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace stripe_return {
inline namespace v0 {

/// Provides the time and waits. The client calls it from several threads at once.
class STRIPE_RETURN_EXPORT time_source {
public:
  time_source() = default;
  time_source(const time_source&) = delete;
  time_source& operator=(const time_source&) = delete;
  virtual ~time_source();

  /// Returns a time that never jumps, for deadlines.
  virtual std::chrono::steady_clock::time_point now() = 0;
  /// Returns the time of day. The client uses it for responses without a `Date` header.
  virtual unix_seconds unix_time() = 0;
  /// Blocks the calling thread until `changed` is notified or the time `until` is reached; it may
  /// return earlier. The caller holds `lock`, which is released while the thread waits.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                          std::chrono::steady_clock::time_point until) = 0;
  /// Blocks the calling thread for `duration`.
  void sleep_for(std::chrono::milliseconds duration);
};

/// The clocks of the machine.
class STRIPE_RETURN_EXPORT system_time final : public time_source {
public:
  std::chrono::steady_clock::time_point now() override;
  unix_seconds unix_time() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override;
};

} // namespace v0
} // namespace stripe_return
