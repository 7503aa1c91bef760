/// @file
/// fulfillment_worker: calls the application for each task that is due.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/fulfillment_task.hpp>
#include <stripe_return/orders/order_record.hpp>
#include <stripe_return/orders/order_service.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The functions of the application that a worker calls.
struct task_handlers {
  task_handler<fulfill_task> fulfill{}; ///< must be set
  /// Empty: the stock of closed and canceled orders is not released.
  task_handler<release_task> release{};
  /// Is notified when something changes that concerns the application: in an order, or in a payment
  /// that belongs to no order. It is called at least once for the newest change. If it throws, it
  /// is called again later.
  std::function<void(const order_record&)> changed{};
};

/// The options of a fulfillment_worker.
struct worker_options {
  std::string name = "worker";     ///< its name in the history of orders; UTF-8, not empty
  std::chrono::seconds lease{300}; ///< 1 s to 1 day
  int max_tries = 20;              ///< after so many attempts a person has to decide; 1 or more
  /// Whether to fetch the payment again before each fulfillment, unless that was done within the
  /// last minute. Set it to false if the key may not read PaymentIntents.
  bool look_before_hand_over = true;
};

/// Checks the options. Fails with invalid_option; the message names the option.
STRIPE_RETURN_EXPORT result<void> check(const worker_options& options);

/// When a call of run() ends.
struct run_budget {
  std::chrono::milliseconds time{60000}; ///< no task starts after this time
  std::size_t orders = 1000;             ///< no more tasks and notifications than this
};

/// What a call of run() or run_order() did.
struct [[nodiscard]] run_report {
  int fulfilled = 0;
  int released = 0;
  int retried = 0;    ///< will be tried again later
  int given_up = 0;   ///< a person has to decide
  int notified = 0;   ///< calls of task_handlers::changed
  int unreadable = 0; ///< rows that cannot be parsed and were skipped
  bool done = false;  ///< no more tasks are due now
  /// Errors of the store and of Stripe; lease_lost; invalid_option for the worker's or the
  /// service's options; order_not_found of run_order(); at most 100. An error of one order does not
  /// stop the others.
  std::vector<error> failures;
};

/// Gives the tasks that are due to the application's handlers, each to one worker at a time, until
/// it is done. Each order is committed as fulfilled exactly once, by one of the workers. Any number
/// of workers may share a store. Thread-safe: several threads may call every member at once.
class STRIPE_RETURN_EXPORT fulfillment_worker {
public:
  /// Makes a worker, which keeps a copy of `orders`. If an option is out of range or
  /// handlers.fulfill is empty, run() and run_order() report invalid_option.
  fulfillment_worker(order_service orders, task_handlers handlers, worker_options options = {});

  /// Does all tasks that are due, and returns when none is left or the budget is used up.
  run_report run(run_budget budget = {});
  /// Does the task of this order only, for example right after a return.
  run_report run_order(std::string_view out_trade_no);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
