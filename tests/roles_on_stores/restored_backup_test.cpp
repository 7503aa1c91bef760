// Follows src/orders/PROTOCOL.md, "What a restored backup does".
#include "unit/orders/shop_of_orders.hpp"
#include "unit/sqlite/order_file.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using how = sr::fulfilled_by;
using stage = sr::order_stage;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class RestoredBackup : public testing::Test {
protected:
  // Stripe, and the clock, go on whatever becomes of the store.
  shop_of_orders shop;
  const order_file file, backup;
  std::unique_ptr<sr::order_store> store = file.open();
  std::vector<std::string> shipped; // by the shipping department
  std::set<std::string> release_keys;

  sr::order_service orders() { return {shop.client, *store}; }
  std::string open(const std::string& out_trade_no) {
    return orders().open_checkout(shop.order(out_trade_no), shop.page()).value().session_id;
  }
  void deliver() {
    sr::payment_listener payments(orders(), shop.verifier);
    for (const auto& each : shop.stripe->webhooks())
      EXPECT_EQ(payments.on_webhook(each.body, each.signature).http_status, 200);
  }
  void pay(const std::string& session) {
    shop.stripe->customer(session, "pay");
    deliver();
  }
  void ship(const std::string& out_trade_no = {}) {
    sr::task_handlers handlers;
    handlers.fulfill = [this](const sr::fulfill_task& task) {
      shipped.push_back(task.out_trade_no);
      return sr::task_result::done;
    };
    handlers.release = [this](const sr::release_task& task) {
      release_keys.insert(task.idempotency_key); // stock that remembers its keys
      return sr::task_result::done;
    };
    sr::fulfillment_worker worker(orders(), handlers);
    const sr::run_report ran = out_trade_no.empty() ? worker.run() : worker.run_order(out_trade_no);
    EXPECT_THAT(ran.failures, IsEmpty());
  }
  void copy(const order_file& from, const order_file& to) {
    store.reset(); // which leaves everything in the one file
    std::filesystem::copy_file(from.path(), to.path(),
                               std::filesystem::copy_options::overwrite_existing);
    store = file.open();
  }
  stage stage_of(const std::string& out_trade_no) {
    return orders().find(out_trade_no).value().value().stage;
  }
};

TEST_F(RestoredBackup, ShipsNothingTwiceAndForgetsNoPayment) {
  pay(open("shipped before"));
  ship();
  pay(open("due"));
  const std::string paid_later = open("open, then shipped");
  const std::string sold_for_cash = open("open, then sold for cash");
  const std::string paid_unshipped = open("open, then paid");
  open("open, then closed");
  const sr::unix_seconds backup_time = shop.clock->unix_time();
  copy(file, backup);

  shop.clock->advance(std::chrono::hours(5));
  pay(paid_later);
  ship("due");
  ship("open, then shipped");
  EXPECT_EQ(orders().mark_fulfilled("open, then sold for cash", how::elsewhere, "Ann").value(),
            sr::mark_result::marked);
  EXPECT_EQ(orders().close("open, then closed", "Ann").value().result, sr::close_result::closed);
  const std::string of_new = open("new, shipped");
  pay(of_new);
  ship();
  const std::string of_new_unshipped = open("new, paid");
  pay(of_new_unshipped);
  pay(paid_unshipped);
  open("new, open");
  const std::vector<std::string> shipped_so_far = shipped;
  EXPECT_THAT(shipped_so_far,
              UnorderedElementsAre("shipped before", "due", "open, then shipped", "new, shipped"));

  // The backup is restored, some hours later. 1: no worker runs.
  shop.clock->advance(std::chrono::hours(3));
  copy(backup, file);
  EXPECT_EQ(stage_of("open, then shipped"), stage::open);
  deliver(); // what Stripe still sends

  // 2: the application knows which orders it has taken since.
  for (const char* each : {"new, shipped", "new, paid", "new, open"})
    orders().expect(shop.order(each)).value();

  // 3: what Stripe knows.
  sr::reconciler reconciler(orders());
  EXPECT_TRUE(reconciler.backfill_since(backup_time - 24 * 60 * 60).complete);
  EXPECT_TRUE(reconciler.run().complete);

  // 4: what the shipping department knows.
  const auto mark = [this](const char* number, how by, const std::string& session = {}) {
    EXPECT_EQ(orders().mark_fulfilled(number, by, "Ann", session).value(), sr::mark_result::marked);
  };
  mark("due", how::unknown);
  mark("open, then shipped", how::session, paid_later);
  mark("open, then sold for cash", how::elsewhere);
  mark("new, shipped", how::unknown);
  EXPECT_EQ(orders().mark_fulfilled("shipped before", how::unknown, "Ann").value(),
            sr::mark_result::already_fulfilled);
  EXPECT_EQ(orders().close("open, then closed", "Ann").value().result, sr::close_result::closed);

  // 5: workers run again.
  shipped.clear();
  ship();
  EXPECT_THAT(shipped, UnorderedElementsAre("open, then paid", "new, paid"));
  EXPECT_EQ(stage_of("new, open"), stage::open);
  EXPECT_EQ(stage_of("open, then closed"), stage::released);
  EXPECT_THAT(release_keys, ElementsAre("release-open, then closed"));
  EXPECT_EQ(orders().stats().value().reviews.count, 0U);
  EXPECT_EQ(orders().stats().value().to_give_back.count, 0U);
  EXPECT_EQ(orders().find(of_new).value()->paid_session, of_new);
  EXPECT_THROW(shop.stripe->customer(sold_for_cash, "pay"), std::exception);
  for (int day = 0; day != 3; ++day) {
    shop.clock->advance(std::chrono::hours(24));
    EXPECT_TRUE(reconciler.run().complete);
    ship();
  }
  EXPECT_EQ(shipped.size(), 2U);
}

} // namespace
