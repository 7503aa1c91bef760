// What the worker sees of a payment before it hands the order over.
#include "shop_with_worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using action = sr::history_action;
using sr::task_result;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class WorkerLook : public testing::Test {
protected:
  shop_with_worker shop;

  void take_stripe_out() {
    shop.stripe->set_outage([](const sr::http_request&) { return true; });
  }
};

TEST_F(WorkerLook, HandsNothingOverWhoseLeaseRanOutDuringTheLook) {
  shop.sell();
  sr::worker_options options;
  options.lease = seconds(10);
  bool slow = true;
  shop.stripe->set_outage([&](const sr::http_request&) {
    if (std::exchange(slow, false)) shop.clock->advance(seconds(10));
    return false;
  });
  const sr::run_report report = shop.worker(options).run();
  EXPECT_THAT(shop.codes(report), ElementsAre(code::lease_lost));
  EXPECT_EQ(report.fulfilled, 1) << "in the same run";
  ASSERT_THAT(shop.tasks, SizeIs(1));
  EXPECT_EQ(shop.tasks.front().fencing_token, 2U);
}

TEST_F(WorkerLook, HandsNothingOverThatWasRefunded) {
  const std::string session = shop.sell();
  shop.stripe->refund(session);
  sr::fulfillment_worker worker = shop.worker();
  const sr::run_report report = worker.run();
  EXPECT_EQ(report.given_up, 1);
  EXPECT_TRUE(report.done);
  EXPECT_THAT(shop.tasks, IsEmpty());
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::payment_refunded));
  EXPECT_EQ(shop.kept().retry_count, 0);
  EXPECT_FALSE(shop.kept().claim);
  EXPECT_EQ(worker.run().given_up, 0) << "nobody can claim it";
  const std::string item = shop.kept().review_items.back().id;
  shop.orders.resolve(item, sr::review_verdict::accept, "Ann").value();
  EXPECT_EQ(worker.run().fulfilled, 1);
}

TEST_F(WorkerLook, HandsNothingOverThatIsDisputed) {
  const std::string session = shop.sell();
  shop.stripe->dispute(session);
  EXPECT_EQ(shop.worker().run().given_up, 1);
  EXPECT_THAT(shop.tasks, IsEmpty());
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::payment_disputed));
}

TEST_F(WorkerLook, LooksOnceAMinute) {
  shop.sell();
  shop.ship = [](const sr::fulfill_task&) { return task_result::retry_later; };
  sr::fulfillment_worker worker = shop.worker();
  const int before = shop.stripe->requests();
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_EQ(shop.stripe->requests(), before + 1);
  shop.clock->advance(minutes(1));
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_EQ(shop.stripe->requests(), before + 1);
  shop.clock->advance(minutes(2));
  EXPECT_EQ(worker.run().retried, 1);
  EXPECT_EQ(shop.stripe->requests(), before + 2);
}

TEST_F(WorkerLook, TakesAnOutageOfStripeForNoTry) {
  shop.sell();
  take_stripe_out();
  sr::fulfillment_worker worker = shop.worker();
  const sr::run_report report = worker.run();
  EXPECT_THAT(shop.codes(report), ElementsAre(code::connection_lost));
  EXPECT_EQ(report.retried, 0);
  EXPECT_TRUE(report.done) << "it is put off";
  EXPECT_THAT(shop.tasks, IsEmpty());
  EXPECT_EQ(shop.kept().retry_count, 0);
  EXPECT_EQ(shop.last_line().action, action::claim_given_up);
  shop.stripe->set_outage({});
  shop.clock->advance(seconds(59));
  EXPECT_EQ(worker.run().fulfilled, 0);
  shop.clock->advance(seconds(1));
  EXPECT_EQ(worker.run().fulfilled, 1);
}

TEST_F(WorkerLook, HandsNothingOverThatItMayNotLookAt) {
  shop.sell();
  shop.stripe->plan_fault(R"({"kind": "status", "status": 403, "count": 1})");
  sr::fulfillment_worker worker = shop.worker();
  const sr::run_report report = worker.run();
  EXPECT_THAT(shop.codes(report), ElementsAre(code::permission_denied));
  EXPECT_THAT(shop.tasks, IsEmpty());
  EXPECT_EQ(shop.kept().retry_count, 0);
  shop.clock->advance(minutes(1));
  EXPECT_EQ(worker.run().fulfilled, 1) << "the right was given";
}

TEST_F(WorkerLook, AsksAPersonInTheEndAboutAPaymentThatStripeDoesNotHave) {
  shop.sell();
  const auto empty = std::make_shared<stripe_in_process>(shop.clock);
  const sr::session_client client(shop.client_options(), {sr::adapt(empty), shop.clock});
  sr::order_service orders(client, shop.store);
  sr::worker_options options;
  options.max_tries = 2;
  sr::fulfillment_worker worker(orders, shop.handlers(), options);
  const sr::run_report first = worker.run();
  EXPECT_THAT(shop.codes(first), ElementsAre(code::session_not_found));
  EXPECT_EQ(first.retried, 1);
  EXPECT_EQ(shop.last_line().note, "session_not_found");
  shop.clock->advance(minutes(2));
  EXPECT_EQ(worker.run().given_up, 1);
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::fulfill_gave_up));
  EXPECT_THAT(shop.tasks, IsEmpty());
}

TEST_F(WorkerLook, LooksAtNothingWhereItIsNotTo) {
  shop.sell();
  take_stripe_out();
  sr::worker_options options;
  options.look_before_hand_over = false;
  const int before = shop.stripe->requests();
  EXPECT_EQ(shop.worker(options).run().fulfilled, 1);
  EXPECT_EQ(shop.stripe->requests(), before);
}

} // namespace
