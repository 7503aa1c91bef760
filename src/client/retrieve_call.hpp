// One retrieve of a Checkout Session, from the first attempt to the checked session.
#pragma once

#include "client/api_access.hpp"
#include "client/exchange.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/time.hpp>

#include <optional>

namespace stripe_return {
inline namespace v0 {

// For jitter, which only has to differ between hosts and threads: from 0 to 1.
double chance();

// Does no I/O, like the exchanges it is made of: begin(), then as each step says, until finish.
class retrieve_call {
public:
  using step = exchange::step;

  // Errors: those of api_access::authorize().
  static result<retrieve_call> make(api_access& access, const session_id& id,
                                    const retrieve_options& wanted, time_point now,
                                    time_point deadline);

  step begin(time_point now) { return exchange_->begin(now); }
  step attempted(result<http_response> answer, time_point now);
  void set_deadline(time_point deadline) noexcept;
  const http_request& request() const noexcept { return exchange_->request(); }
  std::chrono::milliseconds delay() const noexcept { return exchange_->delay(); }

  std::optional<error> failure(); // of the last attempt
  // Once finished. `host_time` stands in for a Date header that is not there.
  result<observation> take(unix_seconds host_time);

private:
  retrieve_call(api_access& access, const session_id& id, authorized_call call,
                const retrieve_options& wanted, time_point deadline);
  void start_exchange(http_request&& request);

  api_access* access_;
  session_id id_;
  authorized_call call_;
  bool line_items_;
  bool latest_charge_;
  bool payment_intent_permitted_ = true;
  bool refused_payment_intent_ = false; // in this call, not in an earlier one
  time_point deadline_;
  std::optional<exchange> exchange_;
};

} // namespace v0
} // namespace stripe_return
