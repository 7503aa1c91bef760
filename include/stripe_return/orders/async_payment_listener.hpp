/// @file
/// async_payment_listener: records returns and webhooks, for servers on an event loop.
#pragma once

#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/blocking_call.hpp>
#include <stripe_return/orders/payment_listener.hpp>

#include <functional>
#include <string>

namespace stripe_return {
inline namespace v0 {

/// A payment_listener that works on other threads. Each callback runs once, on the loop's thread,
/// and never inside the call. If the listener's order_service uses session_client{async_client},
/// the loop drives the requests to Stripe, and the other threads only wait for them.
class STRIPE_RETURN_EXPORT async_payment_listener {
public:
  /// Makes a listener that runs `listener` on the threads of `blocking`. The loop must live until
  /// every callback has run.
  async_payment_listener(payment_listener listener, blocking_executor blocking, event_loop& loop);

  /// Does what payment_listener::on_return() does, and calls `done` with its result.
  void on_return(std::string query, std::string order_ref,
                 std::function<void(result<return_result>)> done) const;
  /// Does what payment_listener::on_webhook() does, and calls `done` with its result.
  void on_webhook(std::string raw_body, std::string signature_header,
                  std::function<void(webhook_result)> done) const;

private:
  payment_listener listener_;
  blocking_executor blocking_;
  event_loop* loop_;
};

} // namespace v0
} // namespace stripe_return
