/// @file
/// What a worker is given to do, and what it says of it.
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
#include <utility>
#include <variant>

namespace stripe_return {
inline namespace v0 {

/// What this worker, and for the time being no other, is to do.
struct claimed_task {
  std::string out_trade_no;
  /// The same for every try at this order, by whatever worker: pass it on as the idempotency key of
  /// whatever is done outside.
  std::string idempotency_key;
  /// Grows with every claim of the order. Something outside that remembers the greatest it has seen
  /// can refuse a worker that was taken for dead and comes back.
  std::uint64_t fencing_token = 0;
  unix_seconds lease_expires_at = 0; ///< then another worker may be given the order
  int retry_count = 0;               ///< tries that failed so far
  expected_order expected;
  /// Sets the lease anew, from now on. Gives when it expires. Error: lease_lost, where another
  /// worker has the order, and those of the store.
  std::function<result<unix_seconds>(std::chrono::seconds)> extend;
};

struct fulfill_task : claimed_task {
  std::string session_id;       ///< the session that is paid: session_client::line_items()
  bool released_before = false; ///< its stock was given back, and then a person accepted a payment
};

struct release_task : claimed_task {};

enum class task_result : unsigned char {
  done,        ///< the order is not given to anybody again
  retry_later, ///< not now: after a minute, then two, and so on up to a day
  give_up,     ///< it cannot be done: a person is asked
};

STRIPE_RETURN_EXPORT std::string_view to_string(task_result result) noexcept;

/// A function of the application that does a task. It may be called again for the same order, after
/// a crash or when a lease ran out: what it does outside must be safe to do twice under the same
/// key. With a second parameter it writes in the store's transaction, and what it writes is
/// committed together with the order. An exception counts as retry_later.
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

  /// Whether there is no function.
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
