#include "desk_fixture.hpp"
#include "same_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using namespace std::chrono_literals;
using testing::Each;
using testing::IsEmpty;
using testing::Le;

// Orders that were paid while nobody told.
void sell(shop_desk& shop, int count, std::chrono::seconds apart = 0s) {
  for (int i = 0; i != count; ++i) {
    shop.stripe->customer(shop.open("order-" + std::to_string(i)).session_id, "pay");
    shop.clock->advance(apart);
  }
}

int count_due(shop_desk& shop) {
  return static_cast<int>(shop.store.due(shop.clock->unix_time(), 100000).value().size());
}

TEST(Sweep, ReadsAllPages) {
  shop_desk shop;
  sell(shop, 115);
  const auto report = shop.desk.sweep();
  EXPECT_TRUE(report.done);
  EXPECT_EQ(count_due(shop), 115);
  EXPECT_EQ(report.requests, 3 + 2); // of two events each, of sessions
  EXPECT_EQ(shop.desk.sweep().requests, 3 + 2);
}

TEST(Sweep, GoesOnWhereItsBudgetEnded) {
  shop_desk shop;
  sell(shop, 115);
  sr::sweep_budget one;
  one.requests = 1;
  EXPECT_FALSE(shop.desk.sweep(one).done);
  EXPECT_EQ(count_due(shop), 50);
  shop.clock->advance(10min); // what comes meanwhile is read next
  const auto late = shop.open("late");
  shop.stripe->customer(late.session_id, "pay");
  EXPECT_FALSE(shop.desk.sweep(one).done);
  EXPECT_EQ(count_due(shop), 100);
  EXPECT_FALSE(shop.desk.sweep(one).done);
  EXPECT_EQ(count_due(shop), 115);
  EXPECT_FALSE(shop.desk.sweep(one).done);
  EXPECT_EQ(count_due(shop), 116);
}

TEST(Sweep, IsSafeOnSeveralHosts) {
  shop_desk shop;
  sell(shop, 115);
  sr::fulfillment other(shop.client, shop.store, sr::fulfil_function(), {}, shop.clock);
  sr::sweep_budget one;
  one.requests = 1;
  shop.desk.sweep(one);
  other.sweep(one);
  EXPECT_EQ(count_due(shop), 100);
  shop.desk.sweep(one);
  EXPECT_EQ(count_due(shop), 115);
}

// A store that is out for writing from the n-th write on.
class failing_store final : public same_store {
public:
  failing_store(sr::fulfillment_store& kept, int writes) : same_store(kept), left_(writes) {}
  void mend() { left_ = 1000000; }

  result<bool> add(const order_record& order, const history_entry& entry) override {
    if (out()) return failure();
    return same_store::add(order, entry);
  }
  result<bool> replace(const order_record& order, const history_entry& entry) override {
    if (out()) return failure();
    return same_store::replace(order, entry);
  }

private:
  bool out() { return --left_ < 0; }
  static sr::error failure() { return {sr::error_code::store_unavailable, "out"}; }

  int left_;
};

// What ended in the middle of a page is read again: most of it is older than what the next walk
// would look back to.
TEST(Sweep, KeepsItsPlaceOnlyBehindWhatIsRecorded) {
  shop_desk shop;
  sell(shop, 30, 60s);
  failing_store store(shop.store, 17);
  sr::fulfillment desk(shop.client, store, sr::fulfil_function(), {}, shop.clock);
  const auto cut = desk.sweep();
  EXPECT_FALSE(cut.done);
  EXPECT_EQ(cut.failure->code, sr::error_code::store_unavailable);
  EXPECT_EQ(count_due(shop), 17);
  store.mend();
  sr::sweep_budget events;
  events.requests = 1;
  desk.sweep(events);
  EXPECT_EQ(count_due(shop), 30);
}

TEST(Sweep, KeepsToHalfOfTheRate) {
  shop_desk shop;
  sell(shop, 230);
  const auto before = shop.clock->now();
  const auto report = shop.desk.sweep();
  EXPECT_EQ(shop.clock->now() - before, (report.requests - 1) * 100ms);
  sr::sweep_budget short_time;
  short_time.time = 250ms;
  EXPECT_LE(shop.desk.sweep(short_time).requests, 3);
}

TEST(Sweep, DoesWithoutEventsThatTheKeyMayNotRead) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.stripe->plan_fault(
      R"({"kind": "status", "status": 403, "path_prefix": "/v1/events", "count": 100})");
  const auto report = shop.desk.sweep();
  EXPECT_TRUE(report.done);
  EXPECT_EQ(report.failure->code, sr::error_code::permission_denied);
  EXPECT_EQ(count_due(shop), 1);
  EXPECT_EQ(shop.desk.standing()->refused_by_stripe, 1);
}

TEST(Sweep, EndsWhereStripeIsOut) {
  shop_desk shop;
  sell(shop, 3);
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  const int before = shop.stripe->requests();
  const auto report = shop.desk.sweep();
  EXPECT_FALSE(report.done);
  EXPECT_EQ(report.failure->code, sr::error_code::connection_lost);
  EXPECT_EQ(shop.stripe->requests() - before, 1);
}

// A payment that no list tells of, since the lists are out, is found by asking.
TEST(Sweep, AsksAboutAnOpenOrderLessAndLessOften) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->plan_fault(R"({"kind": "status", "status": 403, "path_prefix": "/v1/events",
                              "count": 1000000})");
  EXPECT_EQ(shop.desk.sweep().asked, 0);
  shop.stripe->customer(checkout.session_id, "pay_later");
  shop.clock->advance(1h);
  EXPECT_EQ(shop.desk.sweep().asked, 0); // the list of sessions told of it, and it begins anew

  std::vector<sr::unix_seconds> asked_at;
  for (int hour = 1; hour <= 24 * 45; ++hour) {
    shop.clock->advance(1h);
    const auto report = shop.desk.sweep();
    if (report.asked != 0) asked_at.push_back(hour);
  }
  ASSERT_EQ(asked_at.size(), 35u);
  EXPECT_EQ(std::vector<sr::unix_seconds>(asked_at.begin(), asked_at.begin() + 7),
            (std::vector<sr::unix_seconds>{1, 3, 7, 15, 31, 55, 79}));
  EXPECT_EQ(shop.story().back(), "sweep asked_for_the_last_time");

  shop.stripe->customer(checkout.session_id, "succeed"); // a later word always counts
  shop.deliver("checkout.session.async_payment_succeeded");
  EXPECT_EQ(count_due(shop), 1);
}

TEST(Sweep, LearnsByAskingThatADelayedPaymentFailed) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay_later");
  EXPECT_TRUE(shop.desk.sweep().done);
  shop.stripe->customer(checkout.session_id, "fail");
  shop.stripe->plan_fault(R"({"kind": "status", "status": 403, "path_prefix": "/v1/events",
                              "count": 1000000})");
  shop.clock->advance(1h);
  EXPECT_EQ(shop.desk.sweep().asked, 1);
  EXPECT_EQ(shop.desk.view("A1").value()->state, sr::order_state::failed);
  EXPECT_THAT(shop.store.to_ask(shop.clock->unix_time() + 100 * 24 * 3600, 10).value(), IsEmpty());
}

// Stripe, writing into its events what nobody has seen yet.
class unreadable_events final : public sr::blocking_transport {
public:
  unreadable_events(std::shared_ptr<sr::blocking_transport> stripe, std::string word,
                    std::string instead)
      : stripe_(std::move(stripe)), word_(std::move(word)), instead_(std::move(instead)) {}

  sr::result<sr::http_response> send(const sr::http_request& request) override {
    auto answer = stripe_->send(request);
    if (request.url.find("/v1/events") == std::string::npos || !answer) return answer;
    for (std::size_t at = 0; (at = answer->body.find(word_, at)) != std::string::npos;)
      answer->body.replace(at, word_.size(), instead_);
    return answer;
  }

private:
  const std::shared_ptr<sr::blocking_transport> stripe_;
  const std::string word_;
  const std::string instead_;
};

sr::sweep_report sweep_events(shop_desk& shop, const std::string& word,
                              const std::string& instead) {
  const sr::session_client client(
      shop_desk::client_options(),
      {sr::adapt(std::make_shared<unreadable_events>(shop.stripe, word, instead)), shop.clock});
  sr::fulfillment desk(client, shop.store, sr::fulfil_function(), {}, shop.clock);
  sr::sweep_budget events;
  events.requests = 1;
  return desk.sweep(events);
}

TEST(Sweep, FetchesTheSessionsOfEventsThatCannotBeRead) {
  shop_desk shop;
  sell(shop, 3);
  const auto report = sweep_events(shop, R"("payment_status": "paid")", R"("payment_status": 7)");
  EXPECT_EQ(report.requests, 1 + 3);
  EXPECT_FALSE(report.failure);
  EXPECT_EQ(count_due(shop), 3);
}

TEST(Sweep, GoesOnPastAnEventThatCannotBeReadAndNamesNoSession) {
  shop_desk shop;
  sell(shop, 3);
  const std::string one = shop.kept("order-1").sessions.at(0).id;
  const auto report = sweep_events(shop, R"("id": ")" + one + '"', R"("id": 7)");
  EXPECT_EQ(report.failure->code, sr::error_code::unreadable_event);
  EXPECT_EQ(count_due(shop), 2);
}

TEST(Sweep, HeedsNothingOfOthers) {
  shop_desk shop;
  sr::fulfillment_options names;
  names.query.naming.order_key = "my_order";
  sr::fulfillment mine(shop.client, shop.store, sr::fulfil_function(), names, shop.clock);
  sr::checkout_parameters parameters = shop_desk::parameters();
  parameters.out_trade_no = "theirs";
  parameters.attempt = 1;
  shop.stripe->customer(shop.client.create(parameters)->session.id, "pay");
  EXPECT_TRUE(mine.sweep().done);
  EXPECT_FALSE(shop.store.find("theirs").value());
}

} // namespace
