#include "client/exchange.hpp"

#include "client/response_error.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {

using std::chrono::milliseconds;

milliseconds retry_delay(const retry_policy& policy, int retry, double chance) noexcept {
  milliseconds delay = policy.first_delay;
  for (int i = 1; i < retry && delay < policy.longest_delay; ++i)
    delay *= 2;
  delay = std::min(delay, policy.longest_delay);
  const double jittered = static_cast<double>(delay.count()) * (0.5 + 0.5 * chance);
  return std::max(milliseconds(static_cast<milliseconds::rep>(jittered)), policy.first_delay);
}

std::chrono::steady_clock::time_point deadline_after(std::chrono::steady_clock::time_point now,
                                                     milliseconds patience) noexcept {
  return now + std::clamp(patience, milliseconds(0), milliseconds(600000));
}

exchange::exchange(const retry_policy& policy, time_point deadline, milliseconds attempt_timeout,
                   milliseconds connect_timeout)
    : policy_(policy), deadline_(deadline), attempt_timeout_(attempt_timeout),
      connect_timeout_(connect_timeout) {}

exchange::step exchange::begin(time_point now) {
  const auto left = std::chrono::ceil<milliseconds>(deadline_ - now);
  if (left <= milliseconds::zero()) {
    if (!answer_) {
      answer_ = error{error_code::deadline_exceeded,
                      "The deadline passed before the request was sent: allow more time."};
    }
    return step::finish;
  }
  timeout_ = std::min(left, attempt_timeout_);
  return step::send;
}

milliseconds exchange::connect_timeout() const noexcept {
  return std::min(timeout_, connect_timeout_);
}

exchange::step exchange::attempted(result<http_response> answer, time_point now, double chance) {
  answer_ = std::move(answer);
  if (retries_ == policy_.max_retries || !should_retry()) return step::finish;
  delay_ = retry_delay(policy_, ++retries_, chance);
  return now + delay_ < deadline_ ? step::pause : step::finish;
}

// The order of stripe-node's RequestSender: connection, Stripe-Should-Retry, 409, 5xx.
bool exchange::should_retry() const {
  const result<http_response>& answer = *answer_;
  if (!answer) {
    switch (answer.error().code) {
    case error_code::could_not_resolve:
    case error_code::timed_out_resolving:
    case error_code::connection_refused:
    case error_code::could_not_connect:
    case error_code::timed_out_connecting:
    case error_code::timed_out_in_tls:
    case error_code::tls_failed:
    case error_code::timed_out_waiting:
    case error_code::timed_out_receiving:
    case error_code::connection_lost:
    case error_code::transport_failed: return true;
    default: return false; // a certificate or an answer that will be refused again
    }
  }
  const std::string_view advice = header(*answer, "stripe-should-retry");
  if (advice == "true") return true;
  if (advice == "false") return false;
  // Of an object that was locked, Stripe need not say so: error_from() tells it from a rate limit.
  return answer->status == 409 || answer->status >= 500 ||
         (answer->status == 429 && error_from(*answer).code == error_code::lock_timeout);
}

} // namespace v0
} // namespace stripe_return
