// One story for each role, on every store. After it, somebody else opens the store and finds the
// same.
#include "store_place.hpp"

#include "unit/orders/shop_with_worker.hpp"

#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using action = sr::history_action;
using stage = sr::order_stage;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class shop_on_store : public shop_with_worker {
public:
  explicit shop_on_store(store_place& place)
      : shop_with_worker(sr::order_options(), place.open()), elsewhere_store_(place.open()),
        elsewhere(client, *elsewhere_store_) {}

  sr::run_report work() {
    sr::task_handlers all = handlers();
    all.release = [this](const sr::release_task& task) {
      released.push_back(task.idempotency_key);
      return sr::task_result::done;
    };
    all.changed = [this](const sr::order_record& order) { told.push_back(order.stage); };
    return sr::fulfillment_worker(orders, all).run();
  }
  // As another machine finds it.
  sr::order_record found(const std::string& by = "A1") const {
    return elsewhere.find(by).value().value();
  }
  std::vector<action> actions(const std::string& out_trade_no = "A1") const {
    std::vector<action> all;
    const auto lines = elsewhere.history(out_trade_no).value();
    for (const sr::history_entry& each : lines)
      all.push_back(each.action);
    return all;
  }

  std::vector<std::string> released;
  std::vector<sr::order_stage> told;

private:
  const std::unique_ptr<sr::order_store> elsewhere_store_;

public:
  sr::order_service elsewhere;
};

TEST_P(RolesOn, AnOrderIsOpenedPaidAndFulfilled) {
  shop_on_store shop(*place);
  const sr::checkout opened = shop.open();
  EXPECT_FALSE(opened.url.empty());
  EXPECT_EQ(shop.open().session_id, opened.session_id);
  shop.stripe->customer(opened.session_id, "pay");
  const auto back = shop.payments.on_return("session_id=" + opened.session_id, "A1").value();
  ASSERT_TRUE(back.view);
  EXPECT_EQ(back.view->stage, stage::due);
  shop.deliver();
  EXPECT_EQ(shop.work().fulfilled, 1);
  EXPECT_EQ(shop.work().fulfilled, 0);
  EXPECT_THAT(shop.tasks, SizeIs(1));
  EXPECT_THAT(shop.told, ElementsAre(stage::fulfilled));
  const sr::order_record order = shop.found();
  EXPECT_EQ(order.stage, stage::fulfilled);
  EXPECT_EQ(order.paid_session, opened.session_id);
  EXPECT_EQ(shop.found(opened.session_id).out_trade_no, "A1");
  EXPECT_EQ(shop.found(order.sessions.front().facts.payment_intents.front().id).out_trade_no, "A1");
  EXPECT_THAT(shop.actions(), SizeIs(order.version));
  EXPECT_EQ(shop.elsewhere.stats().value().waiting.count, 0U);
}

TEST_P(RolesOn, WritesOfTheApplicationAreMadeOrNot) {
  shop_on_store shop(*place);
  sr::expect_options refuses;
  refuses.with = [](sr::transaction&) { return false; };
  const auto refused = shop.orders.expect(shop.order(), refuses);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, sr::error_code::canceled);
  EXPECT_FALSE(shop.elsewhere.view("A1").value());
  shop.sell();
  sr::task_handlers handlers;
  bool throws = true;
  handlers.fulfill = [&](const sr::fulfill_task&, sr::transaction&) {
    if (throws) throw std::runtime_error("out of stock");
    return sr::task_result::done;
  };
  sr::fulfillment_worker worker(shop.orders, handlers);
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_EQ(shop.found().stage, stage::due);
  throws = false;
  shop.clock->advance(std::chrono::minutes(2));
  EXPECT_EQ(worker.run().fulfilled, 1);
  EXPECT_EQ(shop.found().stage, stage::fulfilled);
}

TEST_P(RolesOn, AnOrderIsClosedAndReleased) {
  shop_on_store shop(*place);
  const std::string session = shop.open().session_id;
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::closed);
  EXPECT_THROW(shop.stripe->customer(session, "pay"), std::exception);
  EXPECT_EQ(shop.work().released, 1);
  EXPECT_EQ(shop.work().released, 0);
  EXPECT_THAT(shop.released, ElementsAre("release-A1"));
  EXPECT_EQ(shop.found().stage, stage::released);
  EXPECT_TRUE(shop.open().url.empty());
}

TEST_P(RolesOn, APaidOrderIsCanceledAndItsMoneyGivenBack) {
  shop_on_store shop(*place);
  const std::string session = shop.sell();
  EXPECT_EQ(shop.orders.cancel("A1", "Ann").value(), sr::cancel_result::canceled);
  EXPECT_EQ(shop.work().released, 1);
  sr::order_query query;
  query.to_give_back = true;
  EXPECT_THAT(shop.elsewhere.list(query).value().orders, SizeIs(1));
  EXPECT_TRUE(shop.orders.mark_refunded(session, "Ann").value());
  EXPECT_FALSE(shop.elsewhere.mark_refunded(session, "Ann").value());
  EXPECT_THAT(shop.elsewhere.list(query).value().orders, IsEmpty());
}

TEST_P(RolesOn, APersonResolvesWhatDisagrees) {
  shop_on_store shop(*place);
  shop.orders.expect(shop.order()).value();
  sr::checkout_parameters page = shop.page();
  page.out_trade_no = "A1";
  page.attempt = 1;
  page.line_items.front().unit_amount = sr::money(450, "cny");
  shop.stripe->customer(shop.client.create(page).value().session.id, "pay");
  shop.deliver();
  EXPECT_EQ(shop.work().fulfilled, 0);
  sr::order_query query;
  query.in_review = true;
  const auto asked = shop.elsewhere.list(query).value().orders;
  ASSERT_THAT(asked, SizeIs(1));
  const std::string item = asked.front().review_items.back().id;
  EXPECT_EQ(shop.elsewhere.resolve(item, sr::review_verdict::accept, "Ann").value(),
            sr::resolve_result::done);
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::reject, "Bob").value(),
            sr::resolve_result::nothing_to_decide);
  EXPECT_EQ(shop.work().fulfilled, 1);
}

TEST_P(RolesOn, APaymentThatNobodyExpectedIsMatched) {
  shop_on_store shop(*place);
  sr::checkout_parameters page = shop.page();
  page.out_trade_no = "A1";
  page.attempt = 1;
  const std::string session = shop.client.create(page).value().session.id;
  shop.stripe->customer(session, "pay");
  shop.deliver();
  EXPECT_EQ(shop.found(session).stage, stage::unmatched);
  shop.orders.expect(shop.order()).value();
  EXPECT_EQ(shop.found(session).out_trade_no, "A1");
  EXPECT_EQ(shop.work().fulfilled, 1);
}

TEST_P(RolesOn, AnOrderIsMarkedAsFulfilled) {
  shop_on_store shop(*place);
  const std::string session = shop.open().session_id;
  using how = sr::fulfilled_by;
  EXPECT_EQ(shop.orders.mark_fulfilled("A1", how::elsewhere, "Ann").value(),
            sr::mark_result::marked);
  EXPECT_EQ(shop.elsewhere.mark_fulfilled("A1", how::elsewhere, "Ann").value(),
            sr::mark_result::already_fulfilled);
  EXPECT_THROW(shop.stripe->customer(session, "pay"), std::exception);
  EXPECT_EQ(shop.work().fulfilled, 0);
}

TEST_P(RolesOn, WhatNobodyToldIsReconciled) {
  shop_on_store shop(*place);
  std::vector<std::string> numbers;
  for (int i = 0; i != 12; ++i) {
    numbers.push_back("B" + std::to_string(i));
    shop.stripe->customer(shop.open(numbers.back()).session_id, "pay");
  }
  EXPECT_TRUE(sr::reconciler(shop.orders).run().done());
  EXPECT_EQ(shop.elsewhere.stats().value().tasks.count, 12U);
  EXPECT_EQ(shop.elsewhere.stats().value().last_reconciled, shop.clock->unix_time());
  sr::order_query query;
  query.stage = stage::due;
  query.limit = 5;
  std::vector<std::string> listed;
  do {
    const sr::order_page page = shop.elsewhere.list(query).value();
    for (const sr::order_record& each : page.orders)
      listed.push_back(each.out_trade_no);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(numbers));
  EXPECT_EQ(shop.work().fulfilled, 12);
  EXPECT_EQ(sr::reconciler(shop.elsewhere).run().observations, 0);
}

} // namespace
