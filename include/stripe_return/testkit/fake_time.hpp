/// @file
/// Time that a test moves.
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

/// Stands still until it is advanced. Who waits advances it, and waits no longer. Every member may
/// be called from several threads.
class STRIPE_RETURN_EXPORT fake_time final : public time_source {
public:
  explicit fake_time(unix_seconds unix_time);

  std::chrono::steady_clock::time_point now() override;
  unix_seconds unix_time() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override;

  void advance(std::chrono::milliseconds duration);
  /// What was waited so far.
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
