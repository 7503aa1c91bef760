#include "shop_with_worker.hpp"
#include "unit/orders/forwarding_store.hpp"
#include "unit/orders/unavailable_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <thread>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using stage = sr::order_stage;
using action = sr::history_action;
using sr::task_result;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class FulfillmentWorker : public testing::Test {
protected:
  shop_with_worker shop;

  // Rows with a time in the task list, and nothing that can be read.
  void keep_unreadable_rows(int count) {
    for (int i = 0; i != count; ++i) {
      sr::order_change broken;
      broken.row.key = sr::order_key("A" + std::to_string(i));
      broken.row.text = "{";
      broken.row.index.stage = "due";
      broken.row.index.time(sr::order_list::task) = 0;
      broken.row.index.time(sr::order_list::changed) = 0;
      ASSERT_EQ(shop.store.put(broken, {}).value(), sr::put_result::done);
    }
  }
};

TEST_F(FulfillmentWorker, FulfillsWhatIsPaid) {
  const std::string session = shop.sell();
  sr::worker_options options;
  options.name = "w1";
  sr::fulfillment_worker worker = shop.worker(options);
  const sr::run_report report = worker.run();
  EXPECT_EQ(report.fulfilled, 1);
  EXPECT_TRUE(report.done);
  EXPECT_THAT(report.failures, IsEmpty());
  ASSERT_THAT(shop.tasks, SizeIs(1));
  const sr::fulfill_task& task = shop.tasks.front();
  EXPECT_EQ(task.out_trade_no, "A1");
  EXPECT_EQ(task.idempotency_key, "fulfill-A1");
  EXPECT_EQ(task.session_id, session);
  EXPECT_EQ(task.fencing_token, 1U);
  EXPECT_EQ(task.lease_expires_at, shop.noon + 300);
  EXPECT_EQ(task.retry_count, 0);
  EXPECT_THAT(task.expected.amounts, ElementsAre(sr::money(400, "cny")));
  EXPECT_FALSE(task.released_before);
  EXPECT_EQ(shop.stage(), stage::fulfilled);
  EXPECT_EQ(shop.last_line().who, "w1");
  EXPECT_EQ(worker.run().fulfilled, 0);
}

TEST_F(FulfillmentWorker, FulfillsOnceWhoeverTellsAndWhoeverWorks) {
  constexpr int orders = 20;
  std::atomic<int> shipped{0};
  const sr::task_handlers count{[&](const sr::fulfill_task&) {
    ++shipped;
    return task_result::done;
  }};
  sr::fulfillment_worker one(shop.orders, count);
  sr::fulfillment_worker two(shop.orders, count);
  for (int i = 0; i != orders; ++i)
    shop.sell("A" + std::to_string(i));
  std::atomic<int> fulfilled{0};
  std::vector<std::thread> threads;
  for (sr::fulfillment_worker* each : {&one, &one, &two, &two}) {
    threads.emplace_back([&, each] {
      const sr::run_report report = each->run();
      fulfilled += report.fulfilled;
      EXPECT_THAT(report.failures, IsEmpty());
    });
  }
  for (std::thread& each : threads)
    each.join();
  shop.deliver();
  EXPECT_EQ(one.run().fulfilled, 0);
  EXPECT_EQ(shipped, orders);
  EXPECT_EQ(fulfilled, orders);
  for (int i = 0; i != orders; ++i)
    EXPECT_EQ(shop.times(action::fulfilled, "A" + std::to_string(i)), 1) << i;
}

TEST_F(FulfillmentWorker, CommitsTheApplicationsWritesWithTheOrder) {
  shop.sell();
  task_result said = task_result::retry_later;
  sr::fulfillment_worker worker(shop.orders, {[&](const sr::fulfill_task& task, sr::transaction&) {
                                  EXPECT_EQ(task.extend(seconds(60)).error().code,
                                            code::inside_transaction);
                                  return said;
                                }});
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_EQ(shop.stage(), stage::due);
  EXPECT_EQ(shop.kept().retry_count, 1);
  EXPECT_EQ(shop.times(action::fulfilled), 0);
  said = task_result::done;
  shop.clock->advance(minutes(1));
  const std::uint64_t before = shop.kept().version;
  EXPECT_EQ(worker.run().fulfilled, 1);
  EXPECT_EQ(shop.stage(), stage::fulfilled);
  EXPECT_EQ(shop.kept().version, before + 2) << "claimed and fulfilled";
}

TEST_F(FulfillmentWorker, UndoesWritesThatThrewOrGaveUp) {
  shop.sell("A1");
  shop.sell("A2");
  sr::fulfillment_worker worker(shop.orders, {[](const sr::fulfill_task& task, sr::transaction&) {
                                  if (task.out_trade_no == "A1") throw std::runtime_error("secret");
                                  return task_result::give_up;
                                }});
  const sr::run_report report = worker.run();
  EXPECT_EQ(report.retried, 1);
  EXPECT_EQ(report.given_up, 1);
  EXPECT_EQ(shop.last_line("A1").note, "std::runtime_error");
  EXPECT_THAT(shop.open_reasons("A2"), ElementsAre(sr::reason::fulfill_gave_up));
}

TEST_F(FulfillmentWorker, RepeatsATransactionThatSomebodyElseWasFasterThan) {
  shop.sell();
  forwarding_store meddled(shop.store);
  sr::order_service orders(shop.client, meddled);
  int conflicts = 3, calls = 0;
  meddled.before_put = [&](const sr::order_change& change) -> std::optional<sr::put_result> {
    if (change.row.index.stage != "fulfilled" || conflicts-- <= 0) return std::nullopt;
    return sr::put_result::version_changed;
  };
  sr::fulfillment_worker worker(orders, {[&](const sr::fulfill_task&, sr::transaction&) {
                                  ++calls;
                                  return task_result::done;
                                }});
  EXPECT_EQ(worker.run().fulfilled, 1);
  EXPECT_EQ(calls, 1);
  shop.sell("A2");
  conflicts = std::numeric_limits<int>::max();
  EXPECT_EQ(worker.run().retried, 1) << "and not for ever";
}

TEST_F(FulfillmentWorker, TriesAgainAfterAWaitThatGrows) {
  shop.sell();
  shop.ship = [](const sr::fulfill_task&) { return task_result::retry_later; };
  sr::fulfillment_worker worker = shop.worker();
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_TRUE(worker.run().done) << "it is not due now";
  for (const int wait : {1, 2, 4, 8}) {
    shop.clock->advance(minutes(wait) - seconds(1));
    EXPECT_EQ(worker.run().retried, 0) << wait;
    shop.clock->advance(seconds(1));
    EXPECT_EQ(worker.run().retried, 1) << wait;
    EXPECT_EQ(shop.tasks.back().idempotency_key, "fulfill-A1");
  }
  EXPECT_EQ(shop.tasks.back().retry_count, 4);
  EXPECT_EQ(shop.tasks.back().fencing_token, 5U);
}

TEST_F(FulfillmentWorker, AsksAPersonAfterSoManyTries) {
  shop.sell();
  shop.ship = [](const sr::fulfill_task&) { return task_result::retry_later; };
  sr::worker_options options;
  options.max_tries = 2;
  sr::fulfillment_worker worker = shop.worker(options);
  EXPECT_EQ(worker.run().retried, 1);
  shop.clock->advance(minutes(1));
  const sr::run_report last = worker.run();
  EXPECT_EQ(last.retried, 0);
  EXPECT_EQ(last.given_up, 1);
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::fulfill_gave_up));
  shop.clock->advance(std::chrono::hours(48));
  EXPECT_EQ(worker.run().given_up, 0);
  EXPECT_THAT(shop.tasks, SizeIs(2));
  shop.ship = {};
  const std::string item = shop.kept().review_items.back().id;
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::accept, "Ann").value(),
            sr::resolve_result::done);
  EXPECT_EQ(worker.run().fulfilled, 1);
  EXPECT_EQ(shop.tasks.back().retry_count, 0);
}

TEST_F(FulfillmentWorker, AsksAPersonWhereTheApplicationGivesUp) {
  shop.sell();
  shop.ship = [](const sr::fulfill_task&) { return task_result::give_up; };
  EXPECT_EQ(shop.worker().run().given_up, 1);
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::fulfill_gave_up));
  EXPECT_EQ(shop.kept().waits_for, sr::waits_for::person);
}

TEST_F(FulfillmentWorker, NotesWhatWasThrownByItsTypeAlone) {
  shop.sell("A1");
  shop.sell("A2");
  shop.ship = [](const sr::fulfill_task& task) -> task_result {
    if (task.out_trade_no == "A1") throw std::runtime_error("secret");
    throw 7;
  };
  EXPECT_EQ(shop.worker().run().retried, 2);
  EXPECT_EQ(shop.last_line("A1").note, "std::runtime_error");
  EXPECT_EQ(shop.last_line("A2").note, "int");
}

TEST_F(FulfillmentWorker, RefusesAWorkerThatComesBackTooLate) {
  shop.sell();
  sr::fulfillment_worker faster = shop.worker();
  bool slow = true;
  shop.ship = [&](const sr::fulfill_task& task) {
    if (!std::exchange(slow, false)) return task_result::done;
    shop.clock->advance(seconds(299));
    EXPECT_EQ(faster.run().fulfilled, 0);
    shop.clock->advance(seconds(1));
    EXPECT_EQ(faster.run().fulfilled, 1);
    EXPECT_EQ(task.extend(seconds(60)).error().code, code::lease_lost);
    return task_result::retry_later;
  };
  const sr::run_report late = shop.worker().run();
  EXPECT_EQ(late.retried, 0);
  EXPECT_THAT(shop.codes(late), ElementsAre(code::lease_lost));
  EXPECT_EQ(shop.stage(), stage::fulfilled);
  ASSERT_THAT(shop.tasks, SizeIs(2));
  EXPECT_EQ(shop.tasks[1].retry_count, 1) << "a lost lease was a try";
  EXPECT_GT(shop.tasks[1].fencing_token, shop.tasks[0].fencing_token);
}

TEST_F(FulfillmentWorker, CountsALastTryThatLostItsLease) {
  shop.sell();
  sr::worker_options options;
  options.max_tries = 1;
  sr::fulfillment_worker other = shop.worker(options);
  shop.ship = [&](const sr::fulfill_task&) {
    shop.clock->advance(minutes(5));
    EXPECT_EQ(other.run().given_up, 1);
    return task_result::done;
  };
  EXPECT_EQ(shop.worker(options).run().fulfilled, 0);
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::fulfill_gave_up));
}

TEST_F(FulfillmentWorker, ExtendsALease) {
  shop.sell();
  sr::fulfillment_worker other = shop.worker();
  shop.ship = [&](const sr::fulfill_task& task) {
    shop.clock->advance(seconds(200));
    EXPECT_EQ(task.extend(seconds(600)).value(), shop.noon + 800);
    EXPECT_EQ(task.extend(seconds(0)).error().code, code::invalid_option);
    EXPECT_EQ(task.extend(std::chrono::hours(25)).error().code, code::invalid_option);
    shop.clock->advance(seconds(599));
    EXPECT_EQ(other.run().fulfilled, 0);
    return task_result::done;
  };
  EXPECT_EQ(shop.worker().run().fulfilled, 1);
  EXPECT_THAT(shop.tasks, SizeIs(1));
}

TEST_F(FulfillmentWorker, PassesOverWhatItCannotRead) {
  keep_unreadable_rows(150);
  shop.sell("B1");
  std::vector<std::string> told;
  sr::task_handlers handlers = shop.handlers();
  handlers.changed = [&](const sr::order_record& order) { told.push_back(order.out_trade_no); };
  const sr::run_report report = sr::fulfillment_worker(shop.orders, handlers).run();
  EXPECT_EQ(report.fulfilled, 1);
  EXPECT_EQ(report.unreadable, 150);
  EXPECT_TRUE(report.done);
  EXPECT_THAT(told, ElementsAre("B1"));
}

TEST_F(FulfillmentWorker, PassesOverWhatItCannotDo) {
  for (int i = 0; i != 120; ++i) {
    const std::string number = "A" + std::to_string(i);
    shop.orders.expect(shop.order(number)).value();
    ASSERT_EQ(shop.orders.close(number, "application").value().result, sr::close_result::closed);
  }
  shop.sell("B1");
  const sr::run_report report = shop.worker().run();
  EXPECT_EQ(report.fulfilled, 1);
  EXPECT_TRUE(report.done);
  EXPECT_TRUE(shop.worker().run_order("A1").done);
  EXPECT_EQ(shop.stage("A1"), stage::closed);
}

TEST_F(FulfillmentWorker, TakesTheTimesOfAWrongClockForVoid) {
  const auto wrong = std::make_shared<sr::testkit::fake_time>(shop.noon + 365 * 24 * 3600);
  const sr::session_client client(shop.client_options(), {sr::adapt(shop.stripe), wrong});
  sr::order_service orders(client, shop.store);
  sr::fulfillment_worker right = shop.worker();
  shop.sell("A1");
  shop.sell("A2");
  sr::fulfillment_worker ahead(orders, {[&](const sr::fulfill_task& task) {
                                 const int expected = task.out_trade_no == "A1" ? 1 : 0;
                                 EXPECT_EQ(right.run_order("A1").fulfilled, expected)
                                     << "the lease";
                                 return task_result::retry_later;
                               }});
  const sr::run_report report = ahead.run();
  EXPECT_THAT(shop.codes(report), ElementsAre(code::lease_lost));
  EXPECT_EQ(report.retried, 1);
  EXPECT_EQ(right.run().fulfilled, 1) << "the next try";
  EXPECT_EQ(shop.stage("A1"), stage::fulfilled);
  EXPECT_EQ(shop.stage("A2"), stage::fulfilled);
}

TEST_F(FulfillmentWorker, GivesTheStockBackOfClosedAndCanceledOrders) {
  shop.open("A1");
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::closed);
  shop.sell("A2");
  EXPECT_EQ(shop.orders.cancel("A2", "Ann").value(), sr::cancel_result::canceled);
  std::vector<std::string> keys;
  sr::task_handlers handlers = shop.handlers();
  handlers.release = [&](const sr::release_task& task) {
    keys.push_back(task.idempotency_key);
    return task_result::done;
  };
  sr::fulfillment_worker worker(shop.orders, handlers);
  EXPECT_EQ(worker.run().released, 2);
  EXPECT_EQ(worker.run().released, 0);
  EXPECT_THAT(keys, ElementsAre("release-A1", "release-A2"));
  EXPECT_EQ(shop.stage("A1"), stage::released);
  EXPECT_EQ(shop.stage("A2"), stage::released);
  EXPECT_THAT(shop.tasks, IsEmpty());
}

TEST_F(FulfillmentWorker, SaysThatTheStockWasGivenBackBefore) {
  shop.open();
  shop.orders.close("A1", "application").value();
  sr::task_handlers handlers = shop.handlers();
  handlers.release = [](const sr::release_task&, sr::transaction&) { return task_result::done; };
  sr::fulfillment_worker worker(shop.orders, handlers);
  EXPECT_EQ(worker.run().released, 1);
  sr::checkout_parameters page = shop.page();
  page.out_trade_no = "A1";
  page.attempt = 9;
  shop.stripe->customer(shop.client.create(page).value().session.id, "pay");
  shop.deliver();
  EXPECT_EQ(worker.run().fulfilled, 0);
  for (const sr::review_item& each : shop.kept().review_items)
    if (each.state == sr::review_state::open)
      shop.orders.resolve(each.id, sr::review_verdict::accept, "Ann").value();
  EXPECT_EQ(worker.run().fulfilled, 1);
  ASSERT_THAT(shop.tasks, SizeIs(1));
  EXPECT_TRUE(shop.tasks.front().released_before);
}

TEST_F(FulfillmentWorker, AsksAPersonWhereTheStockCannotBeGivenBack) {
  shop.open();
  shop.orders.close("A1", "application").value();
  sr::task_handlers handlers = shop.handlers();
  handlers.release = [](const sr::release_task&) { return task_result::give_up; };
  EXPECT_EQ(sr::fulfillment_worker(shop.orders, handlers).run().given_up, 1);
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::release_gave_up));
}

TEST_F(FulfillmentWorker, TellsTheApplicationOfTheNewestChange) {
  const std::string session = shop.open().session_id;
  std::vector<stage> told;
  sr::task_handlers handlers = shop.handlers();
  handlers.changed = [&](const sr::order_record& order) {
    told.push_back(order.stage);
    if (told.size() == 1) throw std::runtime_error("not now");
    if (told.size() != 2) return;
    shop.stripe->customer(session, "pay");
    shop.deliver();
  };
  sr::fulfillment_worker worker(shop.orders, handlers);
  const sr::run_report first = worker.run();
  EXPECT_EQ(first.notified, 0);
  EXPECT_EQ(first.retried, 1);
  EXPECT_EQ(worker.run().notified, 2) << "of what changed meanwhile, too";
  EXPECT_EQ(worker.run().fulfilled, 1);
  EXPECT_THAT(told, ElementsAre(stage::open, stage::open, stage::due, stage::fulfilled));
  EXPECT_EQ(worker.run().notified, 0);
}

TEST_F(FulfillmentWorker, TellsOfAPaymentWithoutAnOrder) {
  sr::checkout_parameters page = shop.page();
  page.out_trade_no = "B1";
  page.attempt = 1;
  shop.stripe->customer(shop.client.create(page).value().session.id, "pay");
  shop.deliver();
  std::vector<stage> told;
  sr::task_handlers handlers = shop.handlers();
  handlers.changed = [&](const sr::order_record& order) { told.push_back(order.stage); };
  EXPECT_EQ(sr::fulfillment_worker(shop.orders, handlers).run().notified, 1);
  EXPECT_THAT(told, ElementsAre(stage::unmatched));
}

TEST_F(FulfillmentWorker, KeepsToItsBudget) {
  for (const char* number : {"A1", "A2", "A3", "A4"})
    shop.sell(number);
  sr::fulfillment_worker worker = shop.worker();
  sr::run_budget budget;
  budget.time = std::chrono::milliseconds(0);
  EXPECT_EQ(worker.run(budget).fulfilled, 0);
  budget.time = (std::chrono::milliseconds::max)();
  budget.orders = 1;
  const sr::run_report one = worker.run(budget);
  EXPECT_EQ(one.fulfilled, 1);
  EXPECT_FALSE(one.done);
  shop.ship = [&](const sr::fulfill_task&) {
    shop.clock->advance(seconds(40));
    return task_result::done;
  };
  const sr::run_report two = worker.run();
  EXPECT_EQ(two.fulfilled, 2);
  EXPECT_FALSE(two.done);
  const sr::run_report rest = worker.run();
  EXPECT_EQ(rest.fulfilled, 1);
  EXPECT_TRUE(rest.done);
}

TEST_F(FulfillmentWorker, RunsOneOrderAlone) {
  shop.sell("A1");
  shop.sell("A2");
  sr::fulfillment_worker worker = shop.worker();
  const sr::run_report report = worker.run_order("A2");
  EXPECT_EQ(report.fulfilled, 1);
  EXPECT_TRUE(report.done);
  EXPECT_EQ(shop.stage("A1"), stage::due);
  EXPECT_EQ(worker.run_order("A2").fulfilled, 0);
  EXPECT_THAT(shop.codes(worker.run_order("A3")), ElementsAre(code::order_not_found));
}

TEST_F(FulfillmentWorker, LetsNoOrderKeepTheOthers) {
  for (const char* number : {"A1", "A2", "A3"})
    shop.sell(number);
  forwarding_store meddled(shop.store);
  sr::order_service orders(shop.client, meddled);
  std::string stuck = sr::order_key("A1");
  bool out = false;
  meddled.before_put = [&](const sr::order_change& change) {
    out = change.row.key == stuck;
    return std::nullopt;
  };
  meddled.after = [&]() -> std::optional<sr::error> {
    if (!std::exchange(out, false)) return std::nullopt;
    return sr::error{code::store_unavailable, "This row is stuck."};
  };
  const sr::run_report report = sr::fulfillment_worker(orders, shop.handlers()).run();
  EXPECT_EQ(report.fulfilled, 2);
  EXPECT_THAT(shop.codes(report), testing::Contains(code::store_unavailable));
  EXPECT_FALSE(report.done);
}

TEST_F(FulfillmentWorker, SaysThatTheStoreIsOut) {
  unavailable_store away;
  sr::order_service orders(shop.client, away);
  sr::fulfillment_worker worker(orders, shop.handlers());
  EXPECT_THAT(shop.codes(worker.run()), ElementsAre(code::store_unavailable));
  EXPECT_FALSE(worker.run().done);
  EXPECT_THAT(shop.codes(worker.run_order("A1")), ElementsAre(code::store_unavailable));
}

TEST_F(FulfillmentWorker, RefusesOptionsOutOfRange) {
  shop.sell();
  const auto refused = [&](auto set) {
    sr::worker_options options;
    set(options);
    EXPECT_THAT(shop.codes(shop.worker(options).run()), ElementsAre(code::invalid_option));
    return !check(options);
  };
  EXPECT_TRUE(refused([](sr::worker_options& options) { options.lease = seconds(0); }));
  EXPECT_TRUE(refused([](sr::worker_options& options) { options.lease = seconds(86401); }));
  EXPECT_TRUE(refused([](sr::worker_options& options) { options.max_tries = 0; }));
  EXPECT_TRUE(refused([](sr::worker_options& options) { options.name.clear(); }));
  EXPECT_TRUE(check(sr::worker_options{}));
  sr::fulfillment_worker without(shop.orders, {});
  EXPECT_THAT(shop.codes(without.run()), ElementsAre(code::invalid_option));
  EXPECT_THAT(shop.codes(without.run_order("A1")), ElementsAre(code::invalid_option));
  EXPECT_EQ(shop.stage(), stage::due);
}

} // namespace
