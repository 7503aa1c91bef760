// One API call as Stripe's clients make it: attempts, delays, one deadline.
#pragma once

#include <stripe_return/client/retry_policy.hpp>
#include <stripe_return/client/transport.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {

// The delay before the retry of that number, counted from 1; `chance` is from 0 to 1.
std::chrono::milliseconds retry_delay(const retry_policy& policy, int retry,
                                      double chance) noexcept;

// The end of a call's patience, cut to what client_options allows, so that no sum overflows.
std::chrono::steady_clock::time_point deadline_after(std::chrono::steady_clock::time_point now,
                                                     std::chrono::milliseconds patience) noexcept;

// Decides what to do next and does none of it, so that a caller that blocks and one that waits on
// an event loop follow the same policy:
//
//   step next = call.begin(now);
//   send -> call.attempted(the transport's answer, now), pause -> call.begin(now) after delay()
class exchange {
public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class step { send, pause, finish };

  exchange(const retry_policy& policy, time_point deadline,
           std::chrono::milliseconds attempt_timeout, std::chrono::milliseconds connect_timeout);

  step begin(time_point now);
  // For the attempts that are still to come.
  void set_deadline(time_point deadline) noexcept { deadline_ = deadline; }
  time_point deadline() const noexcept { return deadline_; }
  step attempted(result<http_response> answer, time_point now, double chance);
  // In place of an answer that cannot be looked at.
  void fail(error why) noexcept { answer_ = std::move(why); }

  // Of the attempt to send.
  std::chrono::milliseconds timeout() const noexcept { return timeout_; }
  std::chrono::milliseconds connect_timeout() const noexcept;
  std::chrono::milliseconds delay() const noexcept { return delay_; } // to pause
  bool answered() const noexcept { return answer_.has_value(); }
  result<http_response>& answer() noexcept { return *answer_; } // of the last attempt

private:
  bool should_retry() const;

  const retry_policy policy_;
  time_point deadline_;
  const std::chrono::milliseconds attempt_timeout_;
  const std::chrono::milliseconds connect_timeout_;
  int retries_ = 0;
  std::chrono::milliseconds timeout_{};
  std::chrono::milliseconds delay_{};
  std::optional<result<http_response>> answer_;
};

} // namespace v0
} // namespace stripe_return
