/// @file
/// Time that a test moves.
#pragma once

#include <stripe_return/client/time_source.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <mutex>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// Stands still until it is advanced. sleep_for() advances it and returns at once. Every member may
/// be called from several threads.
class STRIPE_RETURN_EXPORT fake_time final : public time_source {
public:
  explicit fake_time(unix_seconds unix_time);

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

} // namespace testkit
} // namespace v0
} // namespace stripe_return
