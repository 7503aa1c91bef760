#include "hosts/killed_hosts.hpp"
#include "unit/client/client_calls.hpp"

#include "fake_stripe/running_program.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace {

namespace sr = stripe_return;

constexpr int orders = 200;
constexpr int kills = 200;

std::string number(int order) {
  return "order-" + std::to_string(order);
}

// The numbers of the orders that have a paid session.
std::set<std::string> paid_orders(const sr::session_client& stripe) {
  std::set<std::string> paid;
  std::string after;
  while (true) {
    const auto page = stripe.sessions_since(made_since(1, after)).value();
    for (const sr::checkout_session& each : page.data)
      if (each.payment_status == sr::session_payment_status::paid)
        paid.emplace(each.metadata.get("out_trade_no"));
    if (!page.has_more) return paid;
    after = page.data.back().id;
  }
}

// Each order's effects, by their keys.
std::map<std::string, std::multiset<std::string>> read_effects(const std::string& file) {
  std::map<std::string, std::multiset<std::string>> effects;
  std::ifstream lines(file);
  for (std::string order, key; lines >> order >> key;)
    effects[order].insert(key);
  return effects;
}

std::string story(const std::vector<sr::history_entry>& history) {
  std::string lines = "\n";
  for (const sr::history_entry& each : history)
    lines += each.who + ' ' + each.what + ' ' + each.session_id + ' ' + each.event_id + ' ' +
             sr::to_text(each.reasons) + '\n';
  return lines;
}

sr::client_options options_for(const std::string& stripe_url) {
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = stripe_url;
  return options;
}

// Goes on where the dead left off, until nothing is left to do.
void settle(const sr::session_client& stripe, sr::fulfillment_store& store,
            const std::string& effects) {
  sr::fulfillment_options options;
  options.lease = std::chrono::seconds(1);
  options.requests_per_second = 1000;
  options.worker = "last";
  sr::fulfillment desk(
      stripe, store,
      [&](const sr::fulfil_task& task) {
        std::ofstream(effects, std::ios::app) << task.out_trade_no << ' ' << task.key << '\n';
        return sr::fulfil_result::done;
      },
      options);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < limit) {
    const auto swept = desk.sweep();
    ASSERT_FALSE(swept.failure) << swept.failure->message;
    const auto ran = desk.run_due();
    ASSERT_FALSE(ran.failure) << ran.failure->message;
    if (desk.standing().value().store.due == 0) return;
  }
  ADD_FAILURE() << "orders are still due";
}

} // namespace

void expect_orders_survive_killed_hosts(
    const std::string& store_url,
    const std::function<std::unique_ptr<sr::fulfillment_store>()>& open) {
  const unsigned seed = std::random_device{}();
  std::cout << "seed " << seed << std::endl;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance(seed);

  const sr::fake_stripe_server fake;
  const sr::session_client stripe(options_for(fake.url()));
  const auto store = open();
  ASSERT_TRUE(store->standing(0)); // it is made
  const std::string effects = testing::TempDir() + "effects-" + std::to_string(getpid());
  std::ofstream(effects, std::ios::trunc);

  const auto start = [&] {
    auto started = std::make_unique<running_program>(
        SHOP_HOST_PROGRAM, std::vector<std::string>{store_url, fake.url(), std::to_string(chance()),
                                                    std::to_string(orders), effects});
    EXPECT_EQ(started->line(), "ready");
    return started;
  };
  std::array<std::unique_ptr<running_program>, 3> hosts{start(), start(), start()};
  for (int kill = 0; kill != kills; ++kill) {
    std::this_thread::sleep_for(std::chrono::microseconds(chance() % 60000));
    auto& dies = hosts[chance() % hosts.size()];
    dies.reset(); // by SIGKILL
    dies = start();
    if (testing::Test::HasFailure()) return;
  }
  for (auto& each : hosts)
    each.reset();

  settle(stripe, *store, effects);
  const std::set<std::string> paid = paid_orders(stripe);
  const auto done = read_effects(effects);
  EXPECT_GT(paid.size(), 20u);
  std::size_t repeated = 0;
  for (int i = 0; i != orders; ++i) {
    const std::string name = number(i);
    const auto order = store->find(name).value();
    const auto history = store->history(name).value();
    int commits = 0;
    for (const sr::history_entry& each : history)
      if (each.what == "fulfilled") ++commits;
    EXPECT_EQ(history.size(), order ? order->version : 0) << name;
    EXPECT_EQ(commits, paid.count(name)) << name;
    if (paid.count(name) == 0) {
      EXPECT_EQ(done.count(name), 0u) << name;
      continue;
    }
    EXPECT_EQ(order->stage, sr::order_stage::fulfilled) << name;
    EXPECT_TRUE(order->review.empty()) << name << story(history) << to_text(*order);
    ASSERT_EQ(done.count(name), 1u) << name;
    EXPECT_EQ(done.at(name).count("fulfil-" + name), done.at(name).size()) << name;
    repeated += done.at(name).size() - 1;
  }
  std::cout << paid.size() << " orders paid, " << repeated << " effects repeated after a kill"
            << std::endl;
  std::remove(effects.c_str());
}
