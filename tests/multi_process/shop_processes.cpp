#include "multi_process/shop_processes.hpp"

#include "multi_process/shop_store.hpp"
#include "unit/client/client_calls.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::Each;
using testing::IsEmpty;

constexpr int order_count = 100;
constexpr int kills = 200;
constexpr int steps_of_each = 60; // where nobody is killed

// The machine's clock, when the leases and the waiting of those who are gone are over.
class later_time final : public sr::time_source {
public:
  std::chrono::steady_clock::time_point now() override { return system_.now(); }
  sr::unix_seconds unix_time() override { return system_.unix_time() + ahead_; }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override {
    system_.wait_until(lock, changed, until);
  }
  void move_on() { ahead_ += 60 * 60; }

private:
  sr::system_time system_;
  sr::unix_seconds ahead_ = 0;
};

sr::client_options options_for(const std::string& stripe_url) {
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = stripe_url;
  options.requests_per_second = 0;
  return options;
}

// Each order's effects: `KEY TOKEN`.
std::map<std::string, std::multiset<std::string>> read_effects(const std::string& file) {
  std::map<std::string, std::multiset<std::string>> effects;
  std::ifstream lines(file);
  for (std::string order, key, token; lines >> order >> key >> token;)
    effects[order].insert(key + ' ' + token);
  return effects;
}

std::string to_text(const std::vector<sr::history_entry>& history) {
  std::string lines = "\n";
  for (const sr::history_entry& each : history)
    lines += each.who + ' ' + std::string(to_string(each.action)) + ' ' + each.session_id + ' ' +
             each.event_id + ' ' + each.outcome + '\n';
  return lines;
}

} // namespace

shop_processes::shop_processes(const std::string& place)
    : place_(place), store_(open_shop_store(place)),
      effects_(testing::TempDir() + "effects-" + std::to_string(getpid())) {
  std::ofstream(effects_, std::ios::trunc);
}

shop_processes::~shop_processes() {
  std::remove(effects_.c_str());
}

void shop_processes::run_at_once() {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  std::array<std::unique_ptr<running_program>, 4> all;
  for (auto& each : all)
    each = start(steps_of_each);
  for (auto& each : all)
    EXPECT_EQ(each->end(0), 0);
  settle();
  EXPECT_EQ(repeated_effects(), 0U);
}

void shop_processes::run_killed() {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  std::array<std::unique_ptr<running_program>, 3> all{start(0), start(0), start(0)};
  for (int kill = 0; kill != kills && !testing::Test::HasFailure(); ++kill) {
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 60000)); // at any point
    auto& dies = all[random_() % all.size()];
    dies.reset(); // by SIGKILL
    dies = start(0);
  }
  for (auto& each : all)
    each.reset();
  settle();
  EXPECT_GT(repeated_effects(), 0U);
}

std::unique_ptr<running_program> shop_processes::start(int steps) {
  auto started = std::make_unique<running_program>(
      SHOP_PROCESS_PROGRAM,
      std::vector<std::string>{place_, fake_.url(), std::to_string(random_()),
                               std::to_string(order_count), std::to_string(steps), effects_});
  EXPECT_EQ(started->line(), "ready");
  return started;
}

// One more process goes on where the others left off, until nothing is left to do. It gives up what
// nobody pays, so that some orders are released whatever the others have got to.
void shop_processes::settle() {
  const auto time = std::make_shared<later_time>();
  const sr::session_client stripe(options_for(fake_.url()), {nullptr, time});
  sr::order_service orders(stripe, *store_);
  sr::task_handlers handlers;
  const auto note = [this](const sr::claimed_task& task) {
    std::ofstream(effects_, std::ios::app)
        << task.out_trade_no << ' ' << task.idempotency_key << ' ' << task.fencing_token << '\n';
    return sr::task_result::done;
  };
  handlers.fulfill = [&](const sr::fulfill_task& task) { return note(task); };
  handlers.release = [&](const sr::release_task& task) { return note(task); };
  sr::fulfillment_worker worker(orders, handlers);
  for (int i = 0; i < order_count; i += 5)
    (void)orders.close("order-" + std::to_string(i), "application");
  for (int i = 0; i != 3; ++i) {
    time->move_on();
    const sr::reconcile_report reconciled = sr::reconciler(orders).run();
    EXPECT_TRUE(reconciled.done());
    const sr::run_report ran = worker.run();
    EXPECT_TRUE(ran.done);
    EXPECT_THAT(ran.failures, IsEmpty());
  }
  EXPECT_EQ(orders.stats().value().tasks.count, 0U);
}

// The numbers of the orders that have a paid session.
std::set<std::string> shop_processes::paid_orders() const {
  const sr::session_client stripe(options_for(fake_.url()));
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

std::size_t shop_processes::repeated_effects() const {
  const std::set<std::string> paid = paid_orders();
  const auto effects = read_effects(effects_);
  std::size_t repeated = 0;
  std::size_t released = 0;
  for (int i = 0; i != order_count; ++i) {
    const std::string number = "order-" + std::to_string(i);
    const auto done = effects.find(number);
    const auto its = done == effects.end() ? std::multiset<std::string>() : done->second;
    const bool is_paid = paid.count(number) != 0;
    expect_the_law_of(number, is_paid, its);
    if (!its.empty()) repeated += its.size() - 1;
    if (!its.empty() && !is_paid) ++released;
  }
  EXPECT_GT(paid.size(), 20U);
  EXPECT_GT(released, 0U);
  std::cout << paid.size() << " orders paid, " << released << " released, " << repeated
            << " effects repeated" << std::endl;
  return repeated;
}

void shop_processes::expect_the_law_of(const std::string& number, bool paid,
                                       const std::multiset<std::string>& effects) const {
  const auto row = store_->find(sr::order_key(number)).value();
  if (!row) {
    EXPECT_FALSE(paid) << number;
    return;
  }
  const sr::order_record order = parse_order_row(*row).value();
  std::vector<sr::history_entry> history;
  const std::vector<std::string> lines = store_->history(row->key).value();
  for (const std::string& each : lines)
    history.push_back(sr::parse_history_entry(each).value());
  const auto times = [&](sr::history_action action) {
    return std::count_if(history.begin(), history.end(),
                         [&](const sr::history_entry& each) { return each.action == action; });
  };
  SCOPED_TRACE(number + to_text(history));
  EXPECT_EQ(history.size(), order.version);
  EXPECT_THAT(order.review_items, IsEmpty());
  EXPECT_THAT(order.to_give_back, IsEmpty());
  const auto closed = times(sr::history_action::closed);
  EXPECT_LE(closed, paid ? 0 : 1);
  EXPECT_EQ(times(sr::history_action::fulfilled), paid ? 1 : 0);
  EXPECT_EQ(times(sr::history_action::released), closed);
  EXPECT_EQ(order.stage, paid     ? sr::order_stage::fulfilled
                         : closed ? sr::order_stage::released
                                  : sr::order_stage::open);
  EXPECT_EQ(effects.empty(), !paid && closed == 0);
  EXPECT_THAT(effects, Each(testing::StartsWith((paid ? "fulfill-" : "release-") + number + ' ')));
  EXPECT_EQ(std::set<std::string>(effects.begin(), effects.end()).size(), effects.size())
      << "a fencing token was given twice";
}
