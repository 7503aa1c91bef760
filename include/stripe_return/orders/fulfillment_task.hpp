/// @file
/// The tasks that a worker gives to the application, and the handlers for them.
#pragma once

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility> // IWYU pragma: keep (in a template)
#include <variant> // IWYU pragma: keep (in a template)

namespace stripe_return {
inline namespace v0 {

/// A task that one worker has claimed: until its lease expires, no other worker gets it.
struct claimed_task {
  std::string out_trade_no;
  /// The same for every attempt to do this task, by any worker. Pass it on as the idempotency key
  /// of everything that the handler does outside of the store.
  std::string idempotency_key;
  /// Increases with every claim of the order. An external system that remembers the highest token
  /// it has seen can reject a worker that was considered dead and comes back.
  std::uint64_t fencing_token = 0;
  unix_seconds lease_expires_at = 0; ///< from then on another worker may claim the order
  int retry_count = 0;               ///< how many attempts have failed so far
  expected_order expected;
  /// Extends the lease to the given duration from now, 1 s to 1 day, and returns when it expires.
  /// Fails with lease_lost if another worker has claimed the order or a person has decided about
  /// it, with invalid_option if the duration is out of range, and with the errors of the store. In
  /// a handler that writes in the store's transaction it always fails with inside_transaction.
  std::function<result<unix_seconds>(std::chrono::seconds)> extend;
};

/// The task to fulfill a paid order.
struct fulfill_task : claimed_task {
  /// The session that is paid. Use session_client::line_items() to see what was bought.
  std::string session_id;
  /// The stock of the order was released before a person accepted a payment of it.
  bool released_before = false;
};

/// The task to release the stock of a closed or canceled order.
struct release_task : claimed_task {};

/// What the handler of a task returns.
enum class task_result : unsigned char {
  done,        ///< the task is done and is never given to a worker again
  retry_later, ///< try again after a minute, then two, and so on, up to a day
  give_up,     ///< the task cannot be done: a person has to decide
};

STRIPE_RETURN_EXPORT std::string_view to_string(task_result result) noexcept;

/// A function of the application that does a task. It may be called again for the same order, after
/// a crash or after the lease has expired, so everything that it does outside of the store must be
/// safe to repeat with the same idempotency key. A function with a second parameter,
/// `transaction&`, writes in the store's transaction: its writes are committed together with the
/// order. An exception counts as retry_later.
template <class Task> class task_handler {
public:
  using plain = std::function<task_result(const Task&)>;
  using transactional = std::function<task_result(const Task&, transaction&)>;

  task_handler() = default;
  template <class F, std::enable_if_t<std::is_invocable_r_v<task_result, F&, const Task&> &&
                                          !std::is_same_v<std::decay_t<F>, task_handler>,
                                      int> = 0>
  task_handler(F function) : function_(plain(std::move(function))) {}
  template <
      class F,
      std::enable_if_t<std::is_invocable_r_v<task_result, F&, const Task&, transaction&>, long> = 0>
  task_handler(F function) : function_(transactional(std::move(function))) {}

  /// Returns whether there is no function.
  bool empty() const noexcept { return function_.index() == 0; }
  const plain* as_plain() const noexcept { return std::get_if<plain>(&function_); }
  const transactional* as_transactional() const noexcept {
    return std::get_if<transactional>(&function_);
  }

private:
  std::variant<std::monostate, plain, transactional> function_;
};

} // namespace v0
} // namespace stripe_return
