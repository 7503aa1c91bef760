/// @file
/// An event loop that a test runs.
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

/// On the time of the test. It watches no descriptor: the transport must be one of the testkit's.
class STRIPE_RETURN_EXPORT manual_loop final : public event_loop {
public:
  explicit manual_loop(std::shared_ptr<fake_time> time);

  /// Does what is due, and what comes of it, until nothing is due any more.
  void run();
  /// Lets so much time pass, and does all that becomes due, each at its time.
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
