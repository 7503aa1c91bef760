/// @file
/// Calls that block, beside an event loop.
#pragma once

#include <stripe_return/client/event_loop.hpp>

#include <functional>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// Runs a function on a thread that may block, as a thread pool does.
using blocking_executor = std::function<void(std::function<void()>)>;

/// Calls `work` on a thread of `blocking`, and then `done` with what it gave on the loop's thread:
/// once, and never inside this call. So any member of order_service, fulfillment_worker and
/// reconciler, which are handles that can be copied, has an asynchronous form:
///
/// ```cpp
/// stripe_return::blocking_call(
///     pool, loop, [=]() mutable { return orders.open_checkout(order, page); },
///     [=](const auto& checkout) { send_customer_to(checkout); });
/// ```
///
/// Where the service is made on session_client{async_client}, the loop drives the requests to
/// Stripe, and the other threads only wait for them. The loop must live until `done` has been
/// called. Both functions can be copied, and must not throw.
template <class Work, class Done>
void blocking_call(const blocking_executor& blocking, event_loop& loop, Work work, Done done) {
  blocking([&loop, work = std::move(work), done = std::move(done)]() mutable {
    loop.post([done = std::move(done), answer = work()]() mutable { done(std::move(answer)); });
  });
}

} // namespace v0
} // namespace stripe_return
