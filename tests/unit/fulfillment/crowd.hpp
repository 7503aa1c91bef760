// Many threads on many orders by every entry at once, with webhooks twice, late, out of order and
// never: on any store.
#pragma once

#include "desk_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

class crowd {
public:
  // `open` gives each host its store: all the same orders.
  explicit crowd(std::function<std::unique_ptr<stripe_return::fulfillment_store>()> open)
      : open_(std::move(open)) {}

  void run(int orders, int hosts, unsigned seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (int i = 0; i != hosts; ++i)
      stores_.push_back(open_());
    std::vector<std::thread> threads;
    for (int i = 0; i != hosts; ++i)
      threads.emplace_back([this, i, orders, seed] {
        work(*stores_[static_cast<std::size_t>(i)], orders, seed + static_cast<unsigned>(i));
      });
    for (std::thread& each : threads)
      each.join();
    settle();
    expect_each_fulfilled_once(orders);
  }

private:
  using random = std::mt19937;

  static std::string number(int order) { return "order-" + std::to_string(order); }

  std::unique_ptr<stripe_return::fulfillment> desk_on(stripe_return::fulfillment_store& store,
                                                      const std::string& worker) {
    stripe_return::fulfillment_options options;
    options.verifier = &verifier_;
    options.worker = worker;
    return std::make_unique<stripe_return::fulfillment>(
        client_, store,
        stripe_return::fulfil_function([this](const stripe_return::fulfil_task& task) {
          const std::lock_guard<std::mutex> lock(mutex_);
          effects_[task.out_trade_no].push_back(task);
          // A host that cannot always: the order comes again, to whoever.
          return effects_[task.out_trade_no].size() % 3 == 1 && task.out_trade_no.back() == '7'
                     ? stripe_return::fulfil_result::retry_later
                     : stripe_return::fulfil_result::done;
        }),
        options, clock_);
  }

  void work(stripe_return::fulfillment_store& store, int orders, unsigned seed) {
    random chance(seed);
    const auto pick = [&](int below) {
      return static_cast<int>(chance() % static_cast<unsigned>(below));
    };
    const auto desk = desk_on(store, "host-" + std::to_string(seed));
    stripe_return::run_budget few;
    few.orders = 3;
    stripe_return::sweep_budget one;
    one.requests = 1;
    for (int step = 0; step != orders * 3; ++step) {
      const int order = pick(orders);
      switch (pick(8)) {
      case 0:
      case 1:
      case 2: {
        const auto opened =
            desk->open_checkout(shop_desk::order(number(order)), shop_desk::parameters());
        ASSERT_TRUE(opened) << opened.error().message;
        // Every fifth customer goes away.
        if (!opened->url.empty() && order % 5 != 0) pay(opened->session_id, number(order));
        break;
      }
      case 3: {
        const auto session = any_session(chance);
        if (!session.empty()) {
          EXPECT_TRUE(desk->on_return("session_id=" + session));
        }
        break;
      }
      case 4:
      case 5: { // any webhook at any time, however often; some never come
        const auto any = stripe_->any_webhook(chance());
        if (any) {
          EXPECT_EQ(desk->on_webhook(any->body, any->signature).http_status, 200);
        }
        break;
      }
      case 6: desk->run_due(few); break;
      case 7:
        if (step % 10 == 0) desk->sweep(one);
        break;
      }
    }
  }

  void pay(const std::string& session_id, const std::string& out_trade_no) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!paid_.emplace(out_trade_no, session_id).second) return;
    stripe_->customer(session_id, "pay");
  }

  std::string any_session(random& chance) {
    const auto ids = stripe_->session_ids();
    return ids.empty() ? std::string() : ids[chance() % ids.size()];
  }

  void settle() {
    const auto store = open_();
    const auto desk = desk_on(*store, "last");
    for (int i = 0; i != 20; ++i) {
      const auto swept = desk->sweep();
      EXPECT_FALSE(swept.failure) << swept.failure->message;
      const auto ran = desk->run_due();
      EXPECT_FALSE(ran.failure) << ran.failure->message;
      clock_->advance(std::chrono::minutes(10)); // leases and tries
    }
  }

  void expect_each_fulfilled_once(int orders) {
    const auto store = open_();
    int paid = 0;
    for (int i = 0; i != orders; ++i) {
      const std::string name = number(i);
      const auto order = store->find(name).value();
      if (paid_.count(name) == 0) {
        EXPECT_TRUE(!order || order->stage == stripe_return::order_stage::awaiting) << name;
        EXPECT_EQ(effects_.count(name), 0u) << name;
        continue;
      }
      ++paid;
      ASSERT_TRUE(order) << name;
      EXPECT_EQ(order->stage, stripe_return::order_stage::fulfilled) << name;
      EXPECT_TRUE(order->review.empty()) << name;
      int commits = 0;
      const auto lines = store->history(name).value();
      for (const auto& each : lines)
        if (each.what == "fulfilled") ++commits;
      EXPECT_EQ(commits, 1) << name;
      EXPECT_EQ(lines.size(), order->version) << name;
      ASSERT_NE(effects_.count(name), 0u) << name;
      for (const auto& each : effects_[name])
        EXPECT_EQ(each.key, "fulfil-" + name);
    }
    EXPECT_GT(paid, orders / 4);
  }

  std::function<std::unique_ptr<stripe_return::fulfillment_store>()> open_;
  std::vector<std::unique_ptr<stripe_return::fulfillment_store>> stores_;
  std::shared_ptr<stripe_return::testkit::fake_time> clock_ =
      std::make_shared<stripe_return::testkit::fake_time>(noon);
  std::shared_ptr<stripe_in_process> stripe_ = std::make_shared<stripe_in_process>(clock_);
  stripe_return::session_client client_{shop_desk::client_options(),
                                        {stripe_return::adapt(stripe_), clock_}};
  stripe_return::webhook_verifier verifier_{{{"one", "whsec_test"}}, stripe_return::livemode::test};
  std::mutex mutex_;
  std::map<std::string, std::string> paid_;
  std::map<std::string, std::vector<stripe_return::fulfil_task>> effects_;
};
