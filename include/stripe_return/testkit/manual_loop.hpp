/// @file
/// manual_loop: an event loop that a test runs.
#pragma once

#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/testkit/fake_time.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// An event loop that uses the time of the test. It watches no file descriptors, so the transport
/// must be one of the testkit's.
class STRIPE_RETURN_EXPORT manual_loop final : public event_loop {
public:
  /// Makes a loop that uses `time`.
  explicit manual_loop(std::shared_ptr<fake_time> time);

  /// Runs everything that is due, including what becomes due meanwhile, until nothing is.
  void run();
  /// Advances the time by `duration` and runs everything that becomes due, each at its own time.
  void run_for(std::chrono::milliseconds duration);

  void attach(event_loop_client* client) override;
  void watch(int fd, fd_interest interest) override;
  void arm_timer(std::optional<std::chrono::milliseconds> delay) override;
  void post(std::function<void()> work) override;

private:
  std::shared_ptr<fake_time> time_;
  event_loop_client* client_ = nullptr;
  std::optional<std::chrono::steady_clock::time_point> due_;
  std::mutex mutex_;
  std::deque<std::function<void()>> posted_; // guarded by mutex_
};

} // namespace testkit
} // namespace v0
} // namespace stripe_return
