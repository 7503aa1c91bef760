// A process that dies at each call of the store in turn, or that the store fails, over the whole
// scenario of an order; and another one that goes on.
#include "sanitized.hpp"
#include "shop_with_worker.hpp"
#include "unit/orders/forwarding_store.hpp"

#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using action = sr::history_action;
using stage = sr::order_stage;
using testing::IsEmpty;

// Nothing but the test catches it, as nothing survives the death of a process.
struct process_died {};

// What one process of the shop does with an order, on a store at which it may end.
class order_scenario {
public:
  shop_with_worker shop;
  std::vector<sr::claimed_task> released;
  std::uint64_t told = 0; // the newest version
  bool in_transaction = false;

  void open_and_pay() {
    const auto opened = orders_.open_checkout(shop.order(), shop.page());
    if (opened && !opened->url.empty()) shop.stripe->customer(opened->session_id, "pay");
  }
  void open_and_leave() { (void)orders_.open_checkout(shop.order(), shop.page()); }
  // By somebody else, who asks for too much.
  void pay_beside() {
    if (!shop.stripe->session_ids().empty()) return;
    sr::checkout_parameters page = shop.page();
    page.out_trade_no = "A1";
    page.attempt = 7;
    page.line_items.front().unit_amount = sr::money(450, "cny");
    shop.stripe->customer(shop.client.create(page).value().session.id, "pay");
  }
  void expect() { (void)orders_.expect(shop.order()); }
  void webhooks() {
    sr::payment_listener payments(orders_, shop.verifier);
    for (const auto& each : shop.stripe->webhooks())
      (void)payments.on_webhook(each.body, each.signature);
  }
  void come_back() {
    sr::payment_listener payments(orders_, shop.verifier);
    for (const std::string& each : shop.stripe->session_ids())
      (void)payments.on_return("session_id=" + each, "A1");
  }
  void reconcile() { (void)sr::reconciler(orders_).run(); }
  void close() { (void)orders_.close("A1", "application"); }
  // A person who sees that it is paid, and tries again before it is shipped.
  void cancel() {
    const auto seen = shop.orders.view("A1").value();
    if (!seen || seen->stage != stage::due) return;
    if (!orders_.cancel("A1", "Ann")) (void)orders_.cancel("A1", "Ann");
  }
  void accept() {
    sr::order_query query;
    query.in_review = true;
    const auto page = orders_.list(query);
    if (!page) return;
    for (const sr::order_record& order : page->orders)
      for (const sr::review_item& each : order.review_items)
        (void)orders_.resolve(each.id, sr::review_verdict::accept, "Ann");
  }
  void work() {
    sr::task_handlers handlers = shop.handlers();
    handlers.release = [this](const sr::release_task& task) {
      released.push_back(task);
      EXPECT_EQ(sessions_with(sr::session_status::open), 0) << "somebody can pay it";
      return sr::task_result::done;
    };
    if (in_transaction) {
      handlers.fulfill = [this](const sr::fulfill_task& task, sr::transaction&) {
        shop.tasks.push_back(task);
        return sr::task_result::done;
      };
    }
    handlers.changed = [this](const sr::order_record& order) {
      if (!order.out_trade_no.empty()) told = order.version;
    };
    (void)sr::fulfillment_worker(orders_, handlers).run();
  }

  // As Stripe knows them.
  int sessions_with(sr::session_status status) const {
    int count = 0;
    for (const std::string& each : shop.stripe->session_ids())
      if (shop.client.retrieve(*sr::session_id::parse(each)).value().session.status == status)
        ++count;
    return count;
  }

  forwarding_store store{shop.store};

private:
  sr::order_service orders_{shop.client, store};
};

struct history_of {
  const char* name;
  std::vector<void (order_scenario::*)()> steps;
  stage last;
  std::int64_t to_give_back;
};

using scenario = order_scenario;
const history_of histories[] = {
    {"Paid",
     {&scenario::open_and_pay, &scenario::webhooks, &scenario::come_back, &scenario::work,
      &scenario::reconcile},
     stage::fulfilled,
     0},
    {"PaidAndTold",
     {&scenario::open_and_pay, &scenario::reconcile, &scenario::work},
     stage::fulfilled,
     0},
    {"Accepted",
     {&scenario::expect, &scenario::pay_beside, &scenario::webhooks, &scenario::accept,
      &scenario::work},
     stage::fulfilled,
     0},
    {"Closed",
     {&scenario::open_and_leave, &scenario::close, &scenario::work, &scenario::reconcile},
     stage::released,
     0},
    {"Canceled",
     {&scenario::open_and_pay, &scenario::webhooks, &scenario::cancel, &scenario::work,
      &scenario::reconcile},
     stage::released,
     400},
};

enum class ending : unsigned char { process_dies, store_fails };
enum class moment : unsigned char { before, after };

struct fatal_call {
  history_of lived;
  ending what;
  moment when;
  bool in_transaction;
};

class EveryCall : public testing::TestWithParam<fatal_call> {
protected:
  // Ends at the call of that number; 0: at none. Gives the number of calls.
  static int live(order_scenario& one, int fatal) {
    int calls = 0;
    const auto end = [&]() -> std::optional<sr::error> {
      if (calls != fatal) return std::nullopt;
      if (GetParam().what == ending::process_dies) throw process_died();
      return sr::error{sr::error_code::store_unavailable, "It fails at this call."};
    };
    const bool before = GetParam().when == moment::before;
    one.store.before = [&, before] {
      ++calls;
      return before ? end() : std::nullopt;
    };
    one.store.after = [&, before] { return before ? std::nullopt : end(); };
    try {
      for (const auto each : GetParam().lived.steps)
        (one.*each)();
    } catch (const process_died&) {
    }
    one.store.before = one.store.after = {};
    return calls;
  }

  static void expect_effects(const std::vector<sr::claimed_task>& effects, bool any,
                             const std::string& key) {
    EXPECT_EQ(effects.empty(), !any);
    std::set<std::uint64_t> tokens;
    for (const sr::claimed_task& each : effects) {
      EXPECT_EQ(each.idempotency_key, key);
      EXPECT_TRUE(tokens.insert(each.fencing_token).second);
    }
  }

  // Nothing is lost, and nothing is done twice.
  static void expect_the_end(const order_scenario& one) {
    const bool fulfilled = GetParam().lived.last == stage::fulfilled;
    const sr::order_record order = one.shop.kept();
    EXPECT_EQ(order.stage, GetParam().lived.last);
    EXPECT_EQ(one.shop.times(action::fulfilled), fulfilled ? 1 : 0);
    EXPECT_EQ(one.shop.times(action::released), fulfilled ? 0 : 1);
    EXPECT_EQ(one.shop.orders.history("A1").value().size(), order.version);
    EXPECT_THAT(one.shop.open_reasons(), IsEmpty());
    EXPECT_EQ(order.sessions.size(), one.shop.stripe->session_ids().size());
    EXPECT_EQ(one.sessions_with(sr::session_status::open), 0);
    const bool is_paid = fulfilled || GetParam().lived.to_give_back != 0;
    EXPECT_EQ(one.sessions_with(sr::session_status::complete), is_paid ? 1 : 0);
    std::int64_t to_give_back = 0;
    for (const sr::give_back_entry& each : order.to_give_back)
      if (!each.ended_at) to_give_back += each.amount.minor_units();
    EXPECT_EQ(to_give_back, GetParam().lived.to_give_back);
    expect_effects({one.shop.tasks.begin(), one.shop.tasks.end()}, fulfilled, "fulfill-A1");
    expect_effects(one.released, !fulfilled, "release-A1");
    EXPECT_GE(order.notified_version, order.news_version);
    EXPECT_GE(one.told, order.news_version);
    EXPECT_EQ(one.shop.orders.stats().value().tasks.count, 0U);
  }
};

TEST_P(EveryCall, LosesNothingAndDoesNothingTwice) {
  int calls = 0;
  {
    order_scenario one;
    one.in_transaction = GetParam().in_transaction;
    calls = live(one, 0);
    live(one, 0); // all is tried again
    expect_the_end(one);
  }
  ASSERT_GT(calls, 20);
  const int next = sanitized ? 7 : 1;
  for (int fatal = 1; fatal <= calls && !HasFailure(); fatal += next) {
    SCOPED_TRACE("call " + std::to_string(fatal) + " of " + std::to_string(calls));
    order_scenario one;
    one.in_transaction = GetParam().in_transaction;
    EXPECT_GE(live(one, fatal), fatal);
    for (int i = 0; i != 2; ++i) {
      one.shop.clock->advance(std::chrono::minutes(11)); // leases and calls that were lost are over
      live(one, 0);
    }
    expect_the_end(one);
  }
}

std::vector<fatal_call> fatal_calls() {
  std::vector<fatal_call> all;
  for (const history_of& each : histories)
    for (const ending what : {ending::process_dies, ending::store_fails})
      for (const moment when : {moment::before, moment::after})
        all.push_back({each, what, when, false});
  for (const ending what : {ending::process_dies, ending::store_fails})
    for (const moment when : {moment::before, moment::after})
      all.push_back({histories[0], what, when, true});
  return all;
}

INSTANTIATE_TEST_SUITE_P(, EveryCall, testing::ValuesIn(fatal_calls()), [](const auto& tested) {
  const fatal_call& each = tested.param;
  return std::string(each.lived.name) + (each.what == ending::process_dies ? "Dies" : "Fails") +
         (each.when == moment::before ? "Before" : "After") +
         (each.in_transaction ? "InTransaction" : "");
});

} // namespace
