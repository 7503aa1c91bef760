/// @file
/// blocking_call(): runs a blocking call beside an event loop.
#pragma once

#include <stripe_return/client/event_loop.hpp>

#include <functional>
#include <utility> // IWYU pragma: keep (in a template)

namespace stripe_return {
inline namespace v0 {

/// Runs a function on a thread that may block, for example on a thread of a pool.
using blocking_executor = std::function<void(std::function<void()>)>;

/// Runs `work` on a thread of `blocking`, and then calls `done` with its result on the loop's
/// thread: once, and never inside this call. This makes any member of order_service,
/// fulfillment_worker and reconciler asynchronous; all three are handles that can be copied:
///
/// ```cpp
/// stripe_return::blocking_call(
///     pool, loop, [=]() mutable { return orders.open_checkout(order, page); },
///     [=](const auto& checkout) { send_customer_to(checkout); });
/// ```
///
/// If the order_service uses session_client{async_client}, the loop drives the requests to Stripe,
/// and the other threads only wait for them. The loop must live until `done` has been called. Both
/// functions must be copyable and must not throw.
template <class Work, class Done>
void blocking_call(const blocking_executor& blocking, event_loop& loop, Work work, Done done) {
  blocking([&loop, work = std::move(work), done = std::move(done)]() mutable {
    loop.post([done = std::move(done), answer = work()]() mutable { done(std::move(answer)); });
  });
}

} // namespace v0
} // namespace stripe_return
