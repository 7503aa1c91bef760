// Threads of several services at once, in no particular order: sales, returns, webhooks twice, late
// and never, workers, reconcilers, and somebody who closes orders.
#include "store_place.hpp"

#include "unit/orders/shop_with_worker.hpp"

#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using action = sr::history_action;
using stage = sr::order_stage;
using testing::Each;
using testing::IsEmpty;

constexpr unsigned order_count = 40;

std::string number(unsigned order) {
  return "order-" + std::to_string(order);
}

class busy_shop {
public:
  explicit busy_shop(store_place& place) : shop(sr::order_options(), place.open()) {
    for (int i = 0; i != 2; ++i) {
      stores_.push_back(place.open());
      services_.emplace_back(shop.client, *stores_.back());
    }
  }

  // Two threads on each of two services.
  void run(unsigned seed) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i != 4; ++i)
      threads.emplace_back([this, i, seed] { work(services_[i % 2], seed + i); });
    for (std::thread& each : threads)
      each.join();
    for (int i = 0; i != 3; ++i) {
      shop.clock->advance(std::chrono::minutes(11)); // leases and tries
      EXPECT_TRUE(sr::reconciler(shop.orders).run().done());
      const sr::run_report ran = worker_of(shop.orders).run();
      EXPECT_TRUE(ran.done);
      EXPECT_THAT(ran.failures, IsEmpty());
    }
  }

  void expect_the_laws() {
    int paid = 0;
    for (unsigned i = 0; i != order_count; ++i) {
      const std::string name = number(i);
      SCOPED_TRACE(name);
      if (!shop.orders.view(name).value()) continue;
      const sr::order_record order = shop.kept(name);
      const int fulfilled = shop.times(action::fulfilled, name);
      EXPECT_EQ(fulfilled, paid_.count(name) != 0 ? 1 : 0);
      EXPECT_EQ(shop.times(action::released, name), shop.times(action::closed, name));
      EXPECT_EQ(order.stage == stage::fulfilled, fulfilled == 1);
      EXPECT_THAT(shop.open_reasons(name), IsEmpty());
      EXPECT_EQ(shop.orders.history(name).value().size(), order.version);
      EXPECT_EQ(effects_[name].empty(), fulfilled == 0 && order.stage != stage::released);
      EXPECT_THAT(effects_[name], Each((fulfilled != 0 ? "fulfill-" : "release-") + name));
      paid += fulfilled;
    }
    EXPECT_GT(paid, 5);
  }

private:
  sr::task_result note(const sr::claimed_task& task) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string>& its = effects_[task.out_trade_no];
    its.push_back(task.idempotency_key);
    // Some fail at first, and any worker may try them again.
    return its.size() == 1 && task.out_trade_no.back() == '7' ? sr::task_result::retry_later
                                                              : sr::task_result::done;
  }
  sr::fulfillment_worker worker_of(const sr::order_service& orders) {
    sr::task_handlers handlers;
    handlers.fulfill = [this](const sr::fulfill_task& task) { return note(task); };
    handlers.release = [this](const sr::release_task& task) { return note(task); };
    return {orders, handlers};
  }

  void sell(sr::order_service& orders, unsigned order) {
    const auto opened = orders.open_checkout(shop.order(number(order)), shop.page());
    if (!opened) {
      EXPECT_EQ(opened.error().code, sr::error_code::checkout_pending);
      return;
    }
    if (opened->url.empty() || order % 5 == 0) return; // every fifth customer goes away
    const std::lock_guard<std::mutex> lock(mutex_);
    try {
      shop.stripe->customer(opened->session_id, "pay");
      paid_[number(order)] = opened->session_id;
    } catch (const std::exception&) { // it is paid, or it was closed
    }
  }

  void work(sr::order_service& orders, unsigned seed) {
    std::mt19937 random(seed);
    sr::payment_listener payments(orders, shop.verifier);
    sr::fulfillment_worker worker = worker_of(orders);
    sr::run_budget few;
    few.orders = 3;
    sr::reconcile_budget little;
    little.requests = 3;
    for (unsigned step = 0; step != order_count; ++step) {
      const auto order = static_cast<unsigned>(random() % order_count);
      switch (random() % 8) {
      case 0:
      case 1:
      case 2: sell(orders, order); break;
      case 3: {
        const auto ids = shop.stripe->session_ids();
        if (!ids.empty()) {
          EXPECT_TRUE(payments.on_return("session_id=" + ids[random() % ids.size()]));
        }
        break;
      }
      case 4:
      case 5: {
        const auto event = shop.stripe->any_webhook(random());
        if (event) {
          EXPECT_EQ(payments.on_webhook(event->body, event->signature).http_status, 200);
        }
        break;
      }
      case 6: (void)worker.run(few); break;
      case 7:
        if (order % 5 < 2)
          (void)orders.close(number(order), "application");
        else
          (void)sr::reconciler(orders).run(little);
        break;
      }
    }
  }

  shop_with_worker shop;
  std::vector<std::unique_ptr<sr::order_store>> stores_;
  std::vector<sr::order_service> services_;
  std::mutex mutex_; // for what follows
  std::map<std::string, std::string> paid_;
  std::map<std::string, std::vector<std::string>> effects_;
};

TEST_P(ThreadsOn, FulfillEachPaidOrderOnce) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  busy_shop shop(*place);
  shop.run(seed);
  shop.expect_the_laws();
}

} // namespace
