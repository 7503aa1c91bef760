/// @file
/// Takes returns and webhooks to their orders, for servers on an event loop.
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

/// A payment_listener whose work is done on other threads. Each callback comes on the loop's
/// thread, once, and never inside the call. Where the listener's service is made on
/// session_client{async_client}, the loop drives the requests to Stripe, and the other threads only
/// wait for them.
class STRIPE_RETURN_EXPORT async_payment_listener {
public:
  /// The loop must live until every callback has come.
  async_payment_listener(payment_listener listener, blocking_executor blocking, event_loop& loop);

  void on_return(std::string query, std::string order_ref,
                 std::function<void(result<return_result>)> done) const;
  void on_webhook(std::string raw_body, std::string signature_header,
                  std::function<void(webhook_result)> done) const;

private:
  payment_listener listener_;
  blocking_executor blocking_;
  event_loop* loop_;
};

} // namespace v0
} // namespace stripe_return
