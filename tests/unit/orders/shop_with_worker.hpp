// A shop whose paid orders are shipped, and whose stock is given back.
#pragma once

#include "unit/orders/shop_of_orders.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

class shop_with_worker : public shop_of_orders {
public:
  using shop_of_orders::shop_of_orders;

  stripe_return::payment_listener payments{orders, verifier};

  // What was handed over, and what the application says then; without a function it is done.
  std::vector<stripe_return::fulfill_task> tasks;
  std::function<stripe_return::task_result(const stripe_return::fulfill_task&)> ship;

  stripe_return::task_handlers handlers() {
    return {[this](const stripe_return::fulfill_task& task) {
      tasks.push_back(task);
      return ship ? ship(task) : stripe_return::task_result::done;
    }};
  }
  stripe_return::fulfillment_worker worker(stripe_return::worker_options options = {}) {
    return {orders, handlers(), std::move(options)};
  }

  void deliver() {
    for (const auto& each : stripe->webhooks())
      (void)payments.on_webhook(each.body, each.signature);
  }
  // An order that the webhooks have made due. Gives its session.
  std::string sell(const std::string& out_trade_no = "A1") {
    std::string session = open(out_trade_no).session_id;
    stripe->customer(session, "pay");
    deliver();
    return session;
  }
  int times(stripe_return::history_action action, const std::string& out_trade_no = "A1") const {
    int count = 0;
    const auto lines = orders.history(out_trade_no).value();
    for (const stripe_return::history_entry& each : lines)
      if (each.action == action) ++count;
    return count;
  }
  static std::vector<stripe_return::error_code> codes(const stripe_return::run_report& report) {
    std::vector<stripe_return::error_code> all;
    for (const stripe_return::error& each : report.failures)
      all.push_back(each.code);
    return all;
  }
  stripe_return::history_entry last_line(const std::string& out_trade_no = "A1") const {
    return orders.history(out_trade_no).value().back();
  }
};
