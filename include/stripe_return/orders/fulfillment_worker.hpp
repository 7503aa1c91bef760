/// @file
/// Does what is due.
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

struct task_handlers {
  task_handler<fulfill_task> fulfill{}; ///< must be set
  task_handler<release_task> release{}; ///< none: the stock of closed and canceled orders stays
  /// Told of every change of an order that is the application's business, and of a payment that
  /// belongs to none, at least once of the newest change. An exception: told again later.
  std::function<void(const order_record&)> changed{};
};

struct worker_options {
  std::string name = "worker";     ///< what the history calls it
  std::chrono::seconds lease{300}; ///< 1 s to 1 day
  int max_tries = 20;              ///< then a person is asked; 1 or more
  /// Before each hand-over the payment is looked at once more, unless that was done within a
  /// minute. Off: not, as where the key may not read PaymentIntents.
  bool look_before_hand_over = true;
};

/// Error: invalid_option, which names the option.
STRIPE_RETURN_EXPORT result<void> check(const worker_options& options);

struct run_budget {
  std::chrono::milliseconds time{60000}; ///< nothing is begun after it
  std::size_t orders = 1000;
};

struct [[nodiscard]] run_report {
  int fulfilled = 0;
  int released = 0;
  int retried = 0;    ///< will be tried again later
  int given_up = 0;   ///< wait for a person
  int notified = 0;   ///< calls of task_handlers::changed
  int unreadable = 0; ///< rows that cannot be read: passed over
  bool done = false;  ///< nothing is left that is due now
  /// Of the store or of Stripe, and lease_lost; at most 100. No order kept the others.
  std::vector<error> failures;
};

/// Gives due orders to the application, each to one worker at a time and until it is done: an order
/// is committed fulfilled exactly once, by whatever worker. Any number of workers may share a
/// store. Every member may be called from several threads at once.
class STRIPE_RETURN_EXPORT fulfillment_worker {
public:
  fulfillment_worker(order_service orders, task_handlers handlers, worker_options options = {});

  /// Returns when nothing is due, or when the budget is over.
  run_report run(run_budget budget = {});
  /// This order alone, as right after a return.
  run_report run_order(std::string_view out_trade_no);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
