// What the copies of a fulfillment_worker share.
#pragma once

#include "orders/service_state.hpp"
#include "orders/tasks.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

class fulfillment_worker::impl {
public:
  impl(order_service orders, task_handlers handlers, worker_options options);

  run_report run(run_budget budget) const;
  run_report run_order(std::string_view out_trade_no) const;

private:
  struct progress {
    run_report report;
    std::chrono::steady_clock::time_point end;
    std::size_t orders_left = 0;
    int claims = 0;
    bool left_over = false;           // something that is due could not be begun
    std::set<std::string> unreadable; // keys: a row may be in several lists

    void fail(error failure);
  };

  result<void> ready() const;
  bool is_over(const progress& run) const;
  // Visits the rows that can be read. False: the budget is over, or the store does not list them.
  bool each_row(row_query query, progress& run,
                const std::function<void(const std::string& key)>& visit) const;
  bool run_tasks(progress& run) const;
  void tell(const std::string& key, progress& run) const;

  // One order, from its claim to what came of it.
  void hand_over(const std::string& key, progress& run) const;

  struct claimed_order {
    std::string key;
    std::uint64_t fencing_token = 0;
    task_kind kind = task_kind::fulfill;
  };
  // What a handler said, and why where it threw.
  struct answer {
    task_result result = task_result::retry_later;
    std::string note;
  };
  bool payment_stands(const claimed_order& claimed, const order_record& order, progress& run) const;
  void look_failed(const claimed_order& claimed, const error& why, progress& run) const;
  template <class Task>
  void perform(const task_handler<Task>& handler, const order_record& order,
               const claimed_order& claimed, progress& run) const;
  template <class Task>
  void perform_in_transaction(const typename task_handler<Task>::transactional& handler,
                              const Task& task, const claimed_order& claimed, progress& run) const;
  void finish(const claimed_order& claimed, const answer& said, progress& run) const;
  void give_up_claim(const claimed_order& claimed, std::chrono::seconds put_off,
                     const std::string& note, progress& run) const;
  template <class Task>
  Task task_for(const order_record& order, const claimed_order& claimed) const;

  orders::circumstances now() const { return service_->now(); }

  const std::shared_ptr<order_service::impl> service_;
  const orders::order_repository& repository_;
  const task_handlers handlers_;
  const worker_options options_;
  const orders::worker_terms terms_;
};

} // namespace v0
} // namespace stripe_return
