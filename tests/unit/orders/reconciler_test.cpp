#include "shop_of_orders.hpp"

#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using namespace std::chrono_literals;
using code = sr::error_code;
using stage = sr::order_stage;
using testing::IsEmpty;
using testing::SizeIs;

// A shop whose way to Stripe may be changed.
class reconciled_shop : public shop_of_orders {
public:
  class way_to_stripe final : public sr::blocking_transport {
  public:
    explicit way_to_stripe(std::shared_ptr<stripe_in_process> stripe)
        : stripe_(std::move(stripe)) {}

    sr::result<sr::http_response> send(const sr::http_request& request) override {
      if (before) before(request);
      auto answer = stripe_->send(request);
      if (answer && change) change(request, *answer);
      return answer;
    }

    std::function<void(const sr::http_request&)> before;
    std::function<void(const sr::http_request&, sr::http_response&)> change;

  private:
    const std::shared_ptr<stripe_in_process> stripe_;
  };

  sr::reconcile_report run(sr::reconcile_budget budget = {}) { return reconciler.run(budget); }
  // Orders that were paid while nobody told.
  void sell(int count, std::chrono::seconds apart = 0s) {
    for (int i = 0; i != count; ++i) {
      stripe->customer(open("B" + std::to_string(i)).session_id, "pay");
      clock->advance(apart);
    }
  }
  int count(sr::order_stage which) {
    sr::row_query query;
    query.stage = sr::to_string(which);
    query.limit = 100000;
    return static_cast<int>(store.list(query).value().size());
  }
  void forbid_events() {
    stripe->plan_fault(R"({"kind": "status", "status": 403, "path_prefix": "/v1/events",
                           "count": 1000000})");
  }
  void fail(const std::string& path_prefix, int times = 1000000) {
    stripe->plan_fault(R"({"kind": "status", "status": 500, "path_prefix": ")" + path_prefix +
                       R"(", "count": )" + std::to_string(times) + "}");
  }
  // Another session of the order, made by somebody who does not ask us.
  std::string make_beside(const std::string& out_trade_no = "A1") {
    sr::checkout_parameters parameters = page();
    parameters.out_trade_no = out_trade_no;
    parameters.attempt = 7;
    return client.create(parameters).value().session.id;
  }
  sr::open_enum<sr::session_status> status(const std::string& session) const {
    return client.retrieve(*sr::session_id::parse(session)).value().session.status;
  }

  std::shared_ptr<way_to_stripe> way = std::make_shared<way_to_stripe>(stripe);
  sr::session_client background{client_options(), {sr::adapt(way), clock}};
  sr::order_service told{background, store};
  sr::reconciler reconciler{told};
};

sr::reconcile_budget requests(int count) {
  sr::reconcile_budget budget;
  budget.requests = count;
  return budget;
}

std::vector<std::string> subjects(const sr::reconcile_report& report, const std::string& phase) {
  std::vector<std::string> all;
  for (const sr::reconcile_failure& each : report.failures)
    if (each.phase == phase) all.push_back(each.subject);
  return all;
}

TEST(Reconciler, FindsAPaymentThatNobodyToldOf) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  EXPECT_TRUE(shop.run().done());
  shop.clock->advance(20min);
  shop.stripe->customer(session, "pay");
  const sr::reconcile_report report = shop.run();
  EXPECT_TRUE(report.done());
  EXPECT_GE(report.observations, 1);
  EXPECT_EQ(shop.stage(), stage::due);
  EXPECT_EQ(shop.orders.stats().value().last_reconciled, shop.clock->unix_time());
}

TEST(Reconciler, FindsItInTheSessionsWhileEventsAreBlind) {
  reconciled_shop shop;
  shop.forbid_events();
  const std::string session = shop.open().session_id;
  shop.clock->advance(20min);
  shop.open("A2");
  EXPECT_TRUE(shop.run().blind);
  shop.stripe->customer(session, "pay"); // it is older than the overlap
  const sr::reconcile_report report = shop.run();
  EXPECT_EQ(shop.stage(), stage::due);
  EXPECT_TRUE(report.blind);
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(report.failures, IsEmpty());
  EXPECT_FALSE(report.done());
  EXPECT_EQ(shop.told.stats().value().refused_by_stripe, 2);
}

TEST(Reconciler, ReadsAllPages) {
  reconciled_shop shop;
  shop.sell(230);
  const sr::reconcile_report report = shop.run();
  EXPECT_TRUE(report.done());
  EXPECT_EQ(shop.count(stage::due), 230);
}

TEST(Reconciler, GoesOnWhereItsBudgetEnded) {
  reconciled_shop shop;
  shop.sell(150, 30s);
  const sr::reconcile_report first = shop.run(requests(3));
  EXPECT_FALSE(first.complete);
  EXPECT_LE(first.requests, 3 + 1);
  EXPECT_EQ(shop.orders.stats().value().last_reconciled, std::nullopt);
  shop.clock->advance(10min); // what comes meanwhile is read next
  shop.stripe->customer(shop.open("late").session_id, "pay");
  int runs = 1;
  while (!shop.run(requests(3)).complete && runs < 50)
    ++runs;
  EXPECT_LT(runs, 50);
  EXPECT_EQ(shop.count(stage::due), 151);
}

TEST(Reconciler, IsNotCompleteBeforeItHasReadWhatCameMeanwhile) {
  reconciled_shop shop;
  shop.sell(115, 60s);
  EXPECT_FALSE(shop.run(requests(3)).complete);
  shop.stripe->customer(shop.open("late").session_id, "pay");
  EXPECT_TRUE(shop.run().complete);
  EXPECT_EQ(shop.stage("late"), stage::due);
}

TEST(Reconciler, ReadsTheListsOfAWorkloadThatIsLargerThanItsBudget) {
  reconciled_shop shop;
  shop.open("polled");
  shop.sell(150);
  shop.clock->advance(2h);
  const sr::reconcile_report report = shop.run(requests(3));
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.polled, 1) << "the lists leave something to the polls";
}

TEST(Reconciler, TakesAnyBudget) {
  reconciled_shop shop;
  shop.sell(1);
  sr::reconcile_budget budget;
  budget.time = 0ms;
  EXPECT_EQ(shop.run(budget).requests, 0);
  budget.time = (std::chrono::milliseconds::min)();
  EXPECT_FALSE(shop.run(budget).complete);
  EXPECT_EQ(shop.run(requests(-1)).requests, 0);
  budget.time = (std::chrono::milliseconds::max)();
  budget.requests = (std::numeric_limits<int>::max)();
  EXPECT_TRUE(shop.run(budget).done());
  EXPECT_EQ(shop.count(stage::due), 1);
}

TEST(Reconciler, GivesEachPhaseItsShareOfTheTime) {
  reconciled_shop shop;
  shop.open("polled");
  shop.sell(150);
  shop.clock->advance(2h);
  shop.way->before = [&](const sr::http_request&) { shop.clock->advance(2s); };
  sr::reconcile_budget budget;
  budget.time = 3s;
  const sr::reconcile_report report = shop.run(budget);
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.requests, 2) << "one of the events, and one more within the time";
  EXPECT_GE(shop.count(stage::due), 50) << "of each page that was there";
}

// A store that is out for writing orders from the n-th write on.
class failing_store final : public sr::order_store {
public:
  failing_store(sr::order_store& kept, int writes) : kept_(kept), left_(writes) {}
  void mend() { left_ = 1000000; }

  sr::result<sr::put_result> put(const sr::order_change& change,
                                 const sr::transaction_writes& writes) override {
    if (--left_ < 0) return sr::error{code::store_unavailable, "out"};
    return kept_.put(change, writes);
  }
  sr::result<std::optional<sr::order_row>> find(std::string_view key) override {
    return kept_.find(key);
  }
  sr::result<std::optional<sr::order_row>> find_by_id(std::string_view id) override {
    return kept_.find_by_id(id);
  }
  sr::result<std::vector<sr::order_row>> list(const sr::row_query& query) override {
    return kept_.list(query);
  }
  sr::result<sr::list_stats> stats(sr::order_list list, sr::unix_seconds until) override {
    return kept_.stats(list, until);
  }
  sr::result<std::vector<std::string>> history(std::string_view key) override {
    return kept_.history(key);
  }
  sr::result<std::string> value(std::string_view name) override { return kept_.value(name); }
  sr::result<bool> change_value(std::string_view name, std::string_view from,
                                std::string_view to) override {
    return kept_.change_value(name, from, to);
  }

private:
  sr::order_store& kept_;
  int left_;
};

// Most of it is older than what the next reading would look back to.
TEST(Reconciler, KeepsItsPlaceOnlyBehindWhatIsRecorded) {
  reconciled_shop shop;
  shop.sell(30, 60s);
  failing_store store(shop.store, 17);
  sr::order_service orders(shop.client, store);
  sr::reconciler reconciler(orders);
  const sr::reconcile_report cut = reconciler.run();
  EXPECT_FALSE(cut.complete);
  ASSERT_FALSE(cut.failures.empty());
  EXPECT_EQ(cut.failures.front().failure.code, code::store_unavailable);
  EXPECT_LT(shop.count(stage::due), 30);
  store.mend();
  EXPECT_TRUE(reconciler.run().done());
  EXPECT_EQ(shop.count(stage::due), 30);
}

TEST(Reconciler, GoesOnWithAPageThatWasCut) {
  reconciled_shop shop;
  shop.sell(150);
  shop.stripe->set_outage([n = 0](const sr::http_request&) mutable { return ++n > 1; });
  EXPECT_FALSE(shop.run().complete);
  EXPECT_EQ(shop.count(stage::due), 50) << "two events of each, of which one page was read";
  shop.stripe->set_outage({});
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.count(stage::due), 150);
}

TEST(Reconciler, PassesOverWhatCannotBeRead) {
  reconciled_shop shop;
  const std::string good = shop.open("good").session_id;
  const std::string bad = shop.open("bad").session_id;
  const std::string odd = shop.open("odd").session_id;
  EXPECT_TRUE(shop.run().done());
  sr::order_change broken;
  broken.row.key = sr::order_key("broken");
  broken.row.text = "{";
  broken.row.index.time(sr::order_list::poll) = shop.noon;
  ASSERT_EQ(shop.store.put(broken, {}).value(), sr::put_result::done);
  shop.clock->advance(2h);
  shop.stripe->customer(good, "pay");
  shop.stripe->customer(odd, "pay");
  shop.fail("/v1/checkout/sessions/" + bad);
  shop.way->change = [odd](const sr::http_request& request, sr::http_response& answer) {
    const std::string id = "\"id\": \"" + odd + '"';
    if (request.url.find("/v1/events") == std::string::npos) return;
    for (std::size_t at = 0; (at = answer.body.find(id, at)) != std::string::npos;)
      answer.body.replace(at, id.size(), "\"id\": 7");
  };
  const sr::reconcile_report report = shop.run();
  EXPECT_EQ(shop.stage("good"), stage::due);
  EXPECT_EQ(shop.stage("odd"), stage::due) << "by its poll";
  EXPECT_TRUE(report.complete);
  EXPECT_FALSE(report.done());
  EXPECT_EQ(report.unreadable, 2);
  EXPECT_THAT(subjects(report, "events"), testing::ElementsAre(""));
  EXPECT_THAT(subjects(report, "sessions"), IsEmpty());
  EXPECT_THAT(subjects(report, "polls"), testing::UnorderedElementsAre("broken", "bad"));
  EXPECT_GT(shop.kept("bad").next_poll_at, shop.clock->unix_time()) << "it is put off";
}

TEST(Reconciler, PassesOverAListedSessionThatCannotBeRead) {
  reconciled_shop shop;
  shop.forbid_events();
  const std::string good = shop.open("good").session_id;
  const std::string bad = shop.open("bad").session_id; // the newer one, which is listed first
  shop.stripe->customer(good, "pay");
  shop.way->change = [bad](const sr::http_request&, sr::http_response& answer) {
    const std::string id = "\"id\": \"" + bad + '"';
    if (const std::size_t at = answer.body.find(id); at != std::string::npos)
      answer.body.insert(at, id + ", ");
  };
  const sr::reconcile_report report = shop.run();
  EXPECT_EQ(shop.stage("good"), stage::due);
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(subjects(report, "sessions"), testing::ElementsAre(bad));
}

TEST(Reconciler, FetchesTheSessionOfAnEventThatCannotBeRead) {
  reconciled_shop shop;
  shop.sell(3);
  shop.fail("/v1/checkout/sessions?");
  shop.way->change = [](const sr::http_request& request, sr::http_response& answer) {
    const std::string word = R"("payment_status": "paid")";
    if (request.url.find("/v1/events") == std::string::npos) return;
    for (std::size_t at = 0; (at = answer.body.find(word, at)) != std::string::npos;)
      answer.body.replace(at, word.size(), R"("payment_status": 7)");
  };
  EXPECT_THAT(subjects(shop.run(), "events"), IsEmpty());
  EXPECT_EQ(shop.count(stage::due), 3);
}

TEST(Reconciler, NamesAPhaseThatFailsAndGoesOn) {
  for (const char* list : {"events", "sessions"}) {
    reconciled_shop shop;
    const std::string session = shop.open().session_id;
    shop.stripe->customer(session, "pay");
    shop.fail(std::string(list) == "events" ? "/v1/events" : "/v1/checkout/sessions");
    const sr::reconcile_report report = shop.run();
    EXPECT_FALSE(report.complete);
    ASSERT_THAT(report.failures, SizeIs(1)) << list;
    EXPECT_EQ(report.failures.front().phase, list);
    EXPECT_EQ(report.failures.front().failure.code, code::stripe_unavailable);
    EXPECT_EQ(shop.stage(), stage::due);
  }
}

TEST(Reconciler, StopsPollingWhereStripeCannotBeReached) {
  reconciled_shop shop;
  for (int i = 0; i != 20; ++i)
    shop.open("A" + std::to_string(i));
  shop.clock->advance(2h);
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  const sr::reconcile_report report = shop.run();
  EXPECT_FALSE(report.complete);
  EXPECT_LT(report.polled, 20);
  shop.stripe->set_outage({});
  EXPECT_TRUE(shop.run().done());
}

TEST(Reconciler, EndsWhereTheKeyIsRefused) {
  reconciled_shop shop;
  sr::client_options options = shop.client_options();
  options.secret_key = "pk_test_1";
  const sr::session_client client(options, {sr::adapt(shop.stripe), shop.clock});
  sr::reconciler reconciler{sr::order_service(client, shop.store)};
  const sr::reconcile_report report = reconciler.run();
  EXPECT_FALSE(report.complete);
  ASSERT_THAT(report.failures, SizeIs(1));
  EXPECT_EQ(report.failures.front().failure.code, code::publishable_key);
  EXPECT_FALSE(reconciler.backfill_since(0).complete);
}

TEST(Reconciler, IsNotBlindedByAClockThatWasAhead) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  const std::string polled = shop.open("polled").session_id;
  {
    const auto ahead = std::make_shared<sr::testkit::fake_time>(shop.noon + 365 * 24 * 3600);
    const sr::session_client client(shop.client_options(), {sr::adapt(shop.stripe), ahead});
    sr::reconciler reconciler{sr::order_service(client, shop.store)};
    (void)reconciler.run();
  }
  EXPECT_GT(shop.kept("polled").next_poll_at, shop.noon + 300 * 24 * 3600);
  EXPECT_EQ(shop.run().polled, 2);
  EXPECT_LT(shop.kept("polled").next_poll_at, shop.noon + 24 * 3600);
  shop.clock->advance(20min);
  shop.stripe->customer(session, "pay");
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.stage(), stage::due);
}

TEST(Reconciler, ResetsACursorOfTheFuture) {
  reconciled_shop shop;
  shop.sell(1);
  for (const char* name : {"events//test", "sessions//test"})
    ASSERT_TRUE(shop.store.change_value(name, "", "99999999999 0 ").value());
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.count(stage::due), 1);
  EXPECT_EQ(shop.store.value("events//test").value(), std::to_string(shop.noon) + " 0 ");
}

TEST(Reconciler, KeepsACursorThatOnlyItsOwnClockContradicts) {
  reconciled_shop shop;
  shop.sell(115, 60s);
  EXPECT_TRUE(shop.run().done());
  const std::string kept = shop.store.value("events//test").value();
  const auto behind = std::make_shared<sr::testkit::fake_time>(shop.noon - 365 * 24 * 3600);
  const sr::session_client client(shop.client_options(), {sr::adapt(shop.stripe), behind});
  sr::reconciler reconciler{sr::order_service(client, shop.store)};
  EXPECT_EQ(reconciler.run().requests, 4) << "each list is asked for its newest, and then on";
  EXPECT_EQ(shop.store.value("events//test").value(), kept);
}

TEST(Reconciler, HasCursorsOfItsAccount) {
  reconciled_shop shop;
  sr::client_options options = shop.client_options();
  options.account = "acct_1FakeStripe";
  const sr::session_client client(options, {sr::adapt(shop.stripe), shop.clock});
  EXPECT_EQ(client.account(), "acct_1FakeStripe");
  shop.sell(1);
  sr::reconciler reconciler{sr::order_service(client, shop.store)};
  EXPECT_TRUE(reconciler.run().complete);
  EXPECT_NE(shop.store.value("events/acct_1FakeStripe/test").value(), "");
  EXPECT_EQ(shop.store.value("events//test").value(), "");
}

TEST(Reconciler, TwoAtOnceFindEverythingOnce) {
  reconciled_shop shop;
  shop.sell(230);
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&] { (void)shop.run(); });
  for (std::thread& each : threads)
    each.join();
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.count(stage::due), 230);
}

TEST(Reconciler, PollsLessAndLessOften) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay_later");
  EXPECT_EQ(shop.run().polled, 0);
  std::vector<int> polled_at;
  for (int hour = 1; hour <= 24 * 45; ++hour) {
    shop.clock->advance(1h);
    if (shop.run().polled != 0) polled_at.push_back(hour);
  }
  ASSERT_THAT(polled_at, SizeIs(testing::Ge(30U)));
  EXPECT_LT(polled_at.back(), 24 * 40);
  EXPECT_EQ(polled_at[20] - polled_at[19], 24);
  shop.stripe->customer(session, "succeed");
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.stage(), stage::due);
}

// The webhook's session names its PaymentIntent alone, which the return has seen on its way.
TEST(Reconciler, LooksAtAPaymentAgainThatIsSaidToHaveFailed) {
  reconciled_shop shop;
  sr::payment_listener payments{shop.orders, shop.verifier};
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay_later");
  ASSERT_TRUE(payments.on_return("session_id=" + session, "A1"));
  shop.stripe->customer(session, "fail");
  for (const auto& each : shop.stripe->webhooks())
    EXPECT_EQ(payments.on_webhook(each.body, each.signature).http_status, 200);
  EXPECT_EQ(shop.orders.view("A1").value()->state, sr::order_state::processing);

  shop.clock->advance(2s);
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.orders.view("A1").value()->state, sr::order_state::failed);
  EXPECT_EQ(shop.orders.view("A1").value()->pay_again, sr::pay_again::yes);
}

TEST(Reconciler, EndsTheOtherSessionsOfAPaidOrder) {
  reconciled_shop shop;
  const std::string first = shop.open().session_id;
  const std::string beside = shop.make_beside();
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.status(beside), sr::session_status::open);
  shop.stripe->customer(first, "pay");
  const sr::reconcile_report report = shop.run();
  EXPECT_EQ(report.ended, 1);
  EXPECT_EQ(shop.status(beside), sr::session_status::expired);
  EXPECT_EQ(shop.stage(), stage::due);
  EXPECT_THAT(shop.open_reasons(), IsEmpty());
  EXPECT_EQ(shop.run().ended, 0);
}

TEST(Reconciler, EndsThemWhileMoneyIsOnItsWay) {
  reconciled_shop shop;
  const std::string first = shop.open().session_id;
  const std::string beside = shop.make_beside();
  shop.stripe->customer(first, "pay_later");
  EXPECT_EQ(shop.run().ended, 1);
  EXPECT_EQ(shop.status(beside), sr::session_status::expired);
}

TEST(Reconciler, EndsWhatIsOpenOfAnOrderThatIsOver) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  shop.stripe->set_outage([](const sr::http_request& request) { return request.form.has_value(); });
  EXPECT_EQ(shop.orders.mark_fulfilled("A1", sr::fulfilled_by::elsewhere, "Ann").value(),
            sr::mark_result::marked);
  shop.stripe->set_outage({});
  EXPECT_EQ(shop.status(session), sr::session_status::open);
  shop.clock->advance(2h);
  EXPECT_EQ(shop.run().ended, 1);
  EXPECT_EQ(shop.status(session), sr::session_status::expired);
}

TEST(Reconciler, EndsWhatIsOpenAfterPayUntil) {
  reconciled_shop shop;
  sr::expect_options options;
  options.pay_until = shop.noon + 3600 + 120; // soon after the first poll
  const std::string session =
      shop.orders.open_checkout(shop.order(), shop.page(), options).value().session_id;
  shop.clock->advance(30min);
  shop.open("A2"); // so that the first one is in no list any more
  EXPECT_TRUE(shop.run().done());
  shop.clock->advance(30min);
  EXPECT_EQ(shop.run().ended, 0);
  EXPECT_EQ(shop.status(session), sr::session_status::open);
  shop.clock->advance(2min);
  EXPECT_EQ(shop.run().ended, 1);
  EXPECT_EQ(shop.status(session), sr::session_status::expired);
  EXPECT_EQ(shop.stage(), stage::open) << "the application closes it";
}

TEST(Reconciler, LeavesASessionThatMayBePaidAlone) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  shop.clock->advance(2h);
  const sr::reconcile_report report = shop.run();
  EXPECT_EQ(report.polled, 1);
  EXPECT_EQ(report.ended, 0);
  EXPECT_EQ(shop.status(session), sr::session_status::open);
}

TEST(Reconciler, EndsWhatAPersonHasRejected) {
  reconciled_shop shop;
  shop.open();
  const std::string beside = shop.make_beside();
  EXPECT_TRUE(shop.run().done());
  const sr::order_record kept = shop.kept();
  ASSERT_THAT(kept.review_items, SizeIs(1));
  shop.stripe->set_outage([](const sr::http_request& request) { return request.form.has_value(); });
  EXPECT_EQ(
      shop.orders.resolve(kept.review_items.front().id, sr::review_verdict::reject, "Ann").value(),
      sr::resolve_result::done);
  shop.stripe->set_outage({});
  shop.clock->advance(2h);
  EXPECT_EQ(shop.run().ended, 1);
  EXPECT_EQ(shop.status(beside), sr::session_status::expired);
}

TEST(Reconciler, LeavesMoneyOnItsWayAloneAfterPayUntil) {
  reconciled_shop shop;
  sr::expect_options options;
  options.pay_until = shop.noon + 3600;
  const std::string session =
      shop.orders.open_checkout(shop.order(), shop.page(), options).value().session_id;
  shop.stripe->customer(session, "pay_later");
  shop.clock->advance(2h);
  EXPECT_EQ(shop.run().ended, 0);
  shop.stripe->customer(session, "succeed");
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.stage(), stage::due);
}

// Stripe does not have the session any more.
void lose(reconciled_shop& shop, const std::set<std::string>& sessions) {
  shop.way->change = [sessions](const sr::http_request& request, sr::http_response& answer) {
    for (const std::string& each : sessions) {
      if (request.url.find(each) == std::string::npos) continue;
      answer.status = 404;
      answer.body = R"({"error": {"type": "invalid_request_error", "code": "resource_missing"}})";
    }
    if (request.url.find("/v1/checkout/sessions?") != std::string::npos ||
        request.url.find("/v1/events?") != std::string::npos)
      answer.body = R"({"object": "list", "data": [], "has_more": false})";
  };
}

TEST(Reconciler, GivesUpASessionThatStripeDoesNotHave) {
  reconciled_shop shop;
  const std::string older = shop.open("older").session_id;
  shop.clock->advance(1h);
  const std::string gone = shop.open().session_id;
  lose(shop, {gone});
  shop.clock->advance(2h);
  EXPECT_TRUE(shop.run().done());
  EXPECT_THAT(shop.open_reasons(), testing::ElementsAre(sr::reason::session_not_found));
  shop.clock->advance(30h);
  EXPECT_TRUE(shop.run().done());
  EXPECT_THAT(shop.open_reasons(), IsEmpty());
  EXPECT_TRUE(shop.kept().sessions.front().given_up);
  EXPECT_EQ(shop.orders.view("A1").value()->pay_again, sr::pay_again::yes);
}

TEST(Reconciler, DoesNotGiveItUpWithAnotherAccountsKey) {
  reconciled_shop shop;
  const std::string older = shop.open("older").session_id;
  shop.clock->advance(1h);
  const std::string gone = shop.open().session_id;
  lose(shop, {older, gone});
  shop.clock->advance(2h);
  EXPECT_TRUE(shop.run().done());
  shop.clock->advance(30h);
  EXPECT_TRUE(shop.run().done());
  EXPECT_FALSE(shop.kept().sessions.front().given_up);
  EXPECT_THAT(shop.open_reasons(), testing::ElementsAre(sr::reason::session_not_found));
}

TEST(Reconciler, SeesARefund) {
  reconciled_shop shop;
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.stage(), stage::due);
  shop.clock->advance(1min);
  shop.stripe->refund(session);
  shop.clock->advance(1min);
  EXPECT_TRUE(shop.run().done());
  EXPECT_THAT(shop.open_reasons(), testing::ElementsAre(sr::reason::payment_refunded));
  EXPECT_EQ(shop.run().requests, 2) << "what is known is not fetched again";
}

TEST(Reconciler, KeepsPaymentsThatBelongToNoOrder) {
  reconciled_shop shop;
  shop.stripe->customer(shop.make_beside("unknown"), "pay");
  const sr::reconcile_report report = shop.run();
  EXPECT_TRUE(report.done());
  EXPECT_EQ(report.unmatched, 1);
  EXPECT_THAT(shop.orders.list().value().unmatched, SizeIs(1));
  EXPECT_EQ(shop.run().unmatched, 0);
}

TEST(Reconciler, BackfillsWhatWasMadeBefore) {
  reconciled_shop shop;
  for (int i = 0; i != 150; ++i) {
    const std::string number = "C" + std::to_string(i);
    shop.orders.expect(shop.order(number)).value();
    shop.stripe->customer(shop.make_beside(number), "pay");
  }
  shop.clock->advance(24h * 10);
  EXPECT_TRUE(shop.run().done());
  EXPECT_EQ(shop.count(stage::due), 0) << "it is older than what a run looks back to";
  EXPECT_FALSE(shop.reconciler.backfill_since(shop.noon, requests(1)).complete);
  EXPECT_EQ(shop.count(stage::due), 100);
  const sr::reconcile_report rest = shop.reconciler.backfill_since(shop.noon);
  EXPECT_TRUE(rest.done());
  EXPECT_EQ(shop.count(stage::due), 150);
  const sr::reconcile_report again = shop.reconciler.backfill_since(shop.noon);
  EXPECT_TRUE(again.done());
  EXPECT_EQ(again.requests, 0);
}

TEST(Reconciler, DoesNotSayThatABackfillIsCompleteThatWasRefused) {
  reconciled_shop shop;
  shop.stripe->plan_fault(R"({"kind": "status", "status": 403})");
  EXPECT_FALSE(shop.reconciler.backfill_since(shop.noon).complete);
  EXPECT_TRUE(shop.reconciler.backfill_since(shop.noon).done());
}

} // namespace
