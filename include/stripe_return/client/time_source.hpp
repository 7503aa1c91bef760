/// @file
/// The seam between the client and time.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace stripe_return {
inline namespace v0 {

/// Tells the time and lets it pass. Called from several threads at once.
class STRIPE_RETURN_EXPORT time_source {
public:
  time_source() = default;
  time_source(const time_source&) = delete;
  time_source& operator=(const time_source&) = delete;
  virtual ~time_source();

  /// For deadlines: never jumps.
  virtual std::chrono::steady_clock::time_point now() = 0;
  /// The time of day, for an answer without a `Date` header.
  virtual unix_seconds unix_time() = 0;
  /// Blocks the calling thread, which holds the lock, until `changed` is notified or it is `until`;
  /// it may return earlier. The lock is not held meanwhile.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                          std::chrono::steady_clock::time_point until) = 0;
  /// Blocks the calling thread for so long.
  void sleep_for(std::chrono::milliseconds duration);
};

/// The computer's own.
class STRIPE_RETURN_EXPORT system_time final : public time_source {
public:
  std::chrono::steady_clock::time_point now() override;
  unix_seconds unix_time() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override;
};

} // namespace v0
} // namespace stripe_return
