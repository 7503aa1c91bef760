// Shops with the same numbers, side by side: two in one Stripe account, one in a connected account,
// one in the other mode.
#include "unit/stripe_in_process.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/memory_store.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/testkit/session_builder.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using stage = sr::order_stage;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sr::unix_seconds noon = 1774267200;
const std::string connected = "acct_1Connected";

struct one_stripe {
  one_stripe() { stripe->connect_account(connected); }

  std::shared_ptr<sr::testkit::fake_time> clock = std::make_shared<sr::testkit::fake_time>(noon);
  std::shared_ptr<stripe_in_process> stripe = std::make_shared<stripe_in_process>(clock);
};

// All roles of a shop, with a store of its own.
class one_shop {
public:
  one_shop(one_stripe& shared, const std::string& name, std::string account = {},
           std::string secret_key = "sk_test_1")
      : stripe_(*shared.stripe), client_(client_options(std::move(account), std::move(secret_key)),
                                         {sr::adapt(shared.stripe), shared.clock}),
        orders(client_, store, options(name)) {}

  static sr::expected_order order(const std::string& out_trade_no = "A1",
                                  const std::string& account = {}) {
    sr::expected_order expected;
    expected.out_trade_no = out_trade_no;
    expected.amounts.emplace_back(400, "cny");
    expected.account = account;
    return expected;
  }
  static sr::checkout_parameters page() {
    sr::checkout_parameters page;
    page.line_items = {{"Tea", sr::money(400, "cny"), 1}};
    page.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    return page;
  }
  // Gives the session that is then paid.
  std::string sell(const sr::expected_order& expected = order()) {
    const sr::checkout opened = orders.open_checkout(expected, page()).value();
    EXPECT_FALSE(opened.url.empty());
    stripe_.customer(opened.session_id, "pay");
    return opened.session_id;
  }
  // A session that this shop's secret key makes, whatever it is for.
  std::string make_session(const std::string& out_trade_no, const std::string& account = {}) {
    sr::checkout_parameters parameters = page();
    parameters.out_trade_no = out_trade_no;
    parameters.attempt = 7;
    sr::call_options how;
    how.account = account;
    return client_.create(parameters, how).value().session.id;
  }
  std::string make_paid_session(const std::string& out_trade_no, const std::string& account = {}) {
    std::string id = make_session(out_trade_no, account);
    stripe_.customer(id, "pay");
    return id;
  }

  // Everything comes to every shop, twice: webhooks, returns and lists.
  void receive_all() {
    sr::payment_listener payments(orders, verifier_);
    for (int i = 0; i != 2; ++i) {
      for (const auto& each : stripe_.webhooks())
        EXPECT_EQ(payments.on_webhook(each.body, each.signature).http_status, 200);
      const std::vector<std::string> sessions = stripe_.session_ids();
      for (const std::string& each : sessions)
        (void)payments.on_return("session_id=" + each, "A1");
      EXPECT_THAT(sr::reconciler(orders).run().failures, IsEmpty());
    }
  }
  // The sessions that orders were shipped for.
  std::vector<std::string> ship() {
    std::vector<std::string> sessions;
    sr::task_handlers handlers;
    handlers.fulfill = [&](const sr::fulfill_task& task) {
      sessions.push_back(task.session_id);
      return sr::task_result::done;
    };
    (void)sr::fulfillment_worker(orders, handlers).run();
    return sessions;
  }
  sr::order_record kept(const std::string& out_trade_no = "A1") const {
    return orders.find(out_trade_no).value().value();
  }
  // The rows that the shop has: nothing of another one is among them.
  std::vector<std::string> rows() {
    std::vector<std::string> keys;
    const std::vector<sr::order_row> all = store.list({}).value();
    for (const sr::order_row& each : all)
      keys.push_back(each.key);
    return keys;
  }
  // How many wait for a person, or for somebody at all.
  std::size_t in_review() const { return orders.stats().value().reviews.count; }
  std::size_t waiting() const { return orders.stats().value().waiting.count; }

private:
  static sr::client_options client_options(std::string account, std::string secret_key) {
    sr::client_options options;
    options.secret_key = std::move(secret_key);
    options.account = std::move(account);
    options.retry.max_retries = 0;
    options.requests_per_second = 0;
    return options;
  }
  static sr::order_options options(const std::string& name) {
    sr::order_options options;
    options.naming.shop = name;
    return options;
  }

  stripe_in_process& stripe_;
  const sr::session_client client_;
  // An endpoint for all accounts, as at a platform.
  const sr::webhook_verifier verifier_{{{"one", "whsec_test"}}, sr::livemode::test};

public:
  sr::memory_store store;
  sr::order_service orders;
};

const std::string a1 = sr::order_key("A1");

TEST(TwoShops, InOneAccountEachShipItsOwnOrder) {
  one_stripe all;
  one_shop production(all, "production");
  one_shop staging(all, "staging");
  const std::string sold = production.sell();
  const std::string tried = staging.sell();
  EXPECT_NE(sold, tried) << "one idempotency key for both";
  for (one_shop* each : {&production, &staging})
    each->receive_all();
  EXPECT_THAT(production.ship(), ElementsAre(sold));
  EXPECT_THAT(staging.ship(), ElementsAre(tried));
  for (one_shop* each : {&production, &staging}) {
    EXPECT_THAT(each->rows(), ElementsAre(a1));
    EXPECT_EQ(each->waiting(), 0U);
    EXPECT_EQ(each->kept().sessions.size(), 1U);
    EXPECT_EQ(each->orders.stats().value().foreign_payments, 1);
  }
  EXPECT_EQ(production.orders.stats().value().last_foreign_payment, tried);
}

TEST(TwoShops, InOneAccountCannotPayTheOthersOrder) {
  one_stripe all;
  one_shop production(all, "production");
  one_shop staging(all, "staging");
  production.orders.open_checkout(one_shop::order(), one_shop::page()).value();
  staging.sell();
  production.receive_all();
  EXPECT_EQ(production.kept().stage, stage::open);
  EXPECT_THAT(production.ship(), IsEmpty());
}

TEST(TwoShops, InOneAccountNeitherFillsTheOthersLists) {
  one_stripe all;
  one_shop production(all, "production");
  one_shop staging(all, "staging");
  staging.sell(one_shop::order("S1")); // a number of its own
  staging.orders.open_checkout(one_shop::order("S2"), one_shop::page()).value(); // nobody pays
  production.receive_all();
  EXPECT_THAT(production.rows(), IsEmpty());
}

TEST(TwoShops, InOneAccountNeitherLocksTheOthersNumbers) {
  one_stripe all;
  one_shop production(all, "production");
  one_shop staging(all, "staging");
  staging.sell();
  production.receive_all();
  const std::string sold = production.sell(); // its customer can pay
  staging.orders.cancel("A1", "Ann").value();
  all.clock->advance(std::chrono::hours(1));
  production.receive_all();
  EXPECT_THAT(production.ship(), ElementsAre(sold));
}

TEST(TwoShops, InOneAccountNeitherEndsTheOthersSessions) {
  one_stripe all;
  one_shop production(all, "production");
  one_shop staging(all, "staging");
  const auto opened = production.orders.open_checkout(one_shop::order(), one_shop::page()).value();
  staging.orders.open_checkout(one_shop::order(), one_shop::page()).value();
  EXPECT_EQ(staging.orders.close("A1", "Ann").value().result, sr::close_result::closed);
  staging.receive_all();
  all.stripe->customer(opened.session_id, "pay"); // it would throw
  production.receive_all();
  EXPECT_THAT(production.ship(), ElementsAre(opened.session_id));
}

TEST(ConnectedAccounts, OrdersAreShippedForTheirOwnSessions) {
  one_stripe all;
  one_shop platform(all, "");
  const std::string sold = platform.sell(one_shop::order("A1", connected));
  const std::string own = platform.sell(one_shop::order("B1"));
  platform.receive_all();
  EXPECT_THAT(platform.ship(), testing::UnorderedElementsAre(sold, own));
  EXPECT_EQ(platform.waiting(), 0U);
  EXPECT_THAT(platform.rows(), testing::UnorderedElementsAre(a1, sr::order_key("B1")));
}

TEST(ConnectedAccounts, CannotPayForAnOrderOfThePlatform) {
  one_stripe all;
  one_shop platform(all, "");
  const auto opened = platform.orders.open_checkout(one_shop::order(), one_shop::page()).value();
  platform.make_paid_session("A1", connected);
  platform.receive_all();
  EXPECT_EQ(platform.kept().stage, stage::open);
  EXPECT_EQ(platform.in_review(), 0U) << "whose customer could not pay then";
  EXPECT_THAT(platform.ship(), IsEmpty());
  all.stripe->customer(opened.session_id, "pay");
  platform.receive_all();
  EXPECT_THAT(platform.ship(), ElementsAre(opened.session_id));
}

TEST(ConnectedAccounts, CannotTakeANumberThatThePlatformWillUse) {
  one_stripe all;
  one_shop platform(all, "");
  platform.make_paid_session("A1", connected);
  platform.make_paid_session("no order's", connected);
  platform.receive_all();
  EXPECT_THAT(platform.rows(), IsEmpty()) << "nobody could look at all of their payments";
  const std::string sold = platform.sell();
  platform.receive_all();
  EXPECT_THAT(platform.ship(), ElementsAre(sold));
}

TEST(ConnectedAccounts, CannotPayForEachOthersOrders) {
  one_stripe all;
  const std::string other = "acct_1Other";
  all.stripe->connect_account(other);
  one_shop platform(all, "");
  platform.orders.open_checkout(one_shop::order("A1", connected), one_shop::page()).value();
  platform.make_paid_session("A1", other);
  platform.receive_all();
  EXPECT_EQ(platform.kept().stage, stage::open);
  EXPECT_EQ(platform.in_review(), 0U);
}

// As where somebody forgets to name the account.
TEST(ConnectedAccounts, PaymentsToThePlatformInsteadArePersonsToDecide) {
  one_stripe all;
  one_shop platform(all, "");
  const sr::expected_order order = one_shop::order("A1", connected);
  platform.orders.expect(order).value();
  const std::string wrong = platform.make_paid_session("A1");
  platform.receive_all();
  for (int day = 0; day != 3; ++day) {
    all.clock->advance(std::chrono::hours(25));
    platform.receive_all();
  }
  EXPECT_THAT(platform.ship(), IsEmpty());
  ASSERT_EQ(platform.in_review(), 1U);
  EXPECT_EQ(platform.kept().review_items.size(), 1U);
  const std::string item = platform.kept().review_items.front().id;
  EXPECT_EQ(platform.orders.resolve(item, sr::review_verdict::reject, "Ann").value(),
            sr::resolve_result::done);
  EXPECT_EQ(platform.orders.stats().value().to_give_back.count, 1U);
  EXPECT_TRUE(platform.orders.mark_refunded(wrong, "Ann").value());
  const std::string right = platform.sell(order);
  platform.receive_all();
  EXPECT_THAT(platform.ship(), ElementsAre(right));
}

TEST(ConnectedAccounts, SessionsOfThePlatformInsteadAreEndedThere) {
  const std::vector<std::function<void(one_shop&)>> ways = {
      [](one_shop& shop) {
        EXPECT_EQ(shop.orders.close("A1", "Ann").value().result, sr::close_result::closed);
      },
      [](one_shop& shop) {
        EXPECT_EQ(shop.orders.cancel("A1", "Ann").value(), sr::cancel_result::canceled);
      },
      [](one_shop& shop) {
        shop.orders.mark_fulfilled("A1", sr::fulfilled_by::elsewhere, "Ann").value();
      },
      [](one_shop& shop) {
        const std::string item = shop.kept().review_items.front().id;
        shop.orders.resolve(item, sr::review_verdict::reject, "Ann").value();
      },
      [](one_shop& shop) { // in its own account
        shop.make_paid_session("A1", connected);
        shop.receive_all();
        EXPECT_EQ(shop.kept().stage, stage::due);
      },
  };
  for (std::size_t i = 0; i != ways.size(); ++i) {
    SCOPED_TRACE("way " + std::to_string(i));
    one_stripe all;
    one_shop platform(all, "");
    platform.orders.expect(one_shop::order("A1", connected)).value();
    const std::string wrong = platform.make_session("A1");
    platform.receive_all();
    ASSERT_EQ(platform.in_review(), 1U);
    ways[i](platform);
    EXPECT_THROW(all.stripe->customer(wrong, "pay"), std::exception);
  }
}

TEST(ConnectedAccounts, AndThePlatformWithTheSameNumbersShipTheirOwn) {
  one_stripe all;
  one_shop platform(all, "");
  one_shop seller(all, "", connected);
  const std::string platforms = platform.sell();
  const std::string sellers = seller.sell(one_shop::order("A1", connected));
  platform.receive_all();
  EXPECT_THAT(platform.ship(), ElementsAre(platforms));
  EXPECT_THAT(platform.rows(), ElementsAre(a1));
  EXPECT_EQ(platform.waiting(), 0U);
  seller.receive_all();
  EXPECT_THAT(seller.ship(), ElementsAre(sellers));
}

TEST(OtherMode, GetsNothingOutOfTheStore) {
  one_stripe all;
  one_shop test(all, "");
  test.sell();
  const int requests = all.stripe->requests();

  sr::client_options options;
  options.secret_key = "sk_live_1";
  const sr::session_client live(options, {sr::adapt(all.stripe), all.clock});
  sr::order_service orders(live, test.store);
  const auto is_refused = [](const auto& answer) {
    return !answer && answer.error().code == sr::error_code::wrong_store;
  };
  EXPECT_TRUE(is_refused(orders.open_checkout(one_shop::order(), one_shop::page())));
  EXPECT_TRUE(is_refused(orders.expect(one_shop::order())));
  EXPECT_TRUE(is_refused(orders.cancel("A1", "Ann")));
  EXPECT_TRUE(is_refused(orders.mark_fulfilled("A1", sr::fulfilled_by::unknown, "Ann")));
  sr::task_handlers handlers;
  handlers.fulfill = [](const sr::fulfill_task&) { return sr::task_result::done; };
  const sr::run_report ran = sr::fulfillment_worker(orders, handlers).run();
  EXPECT_EQ(ran.fulfilled, 0);
  EXPECT_EQ(ran.failures.size(), 1U);
  EXPECT_EQ(sr::reconciler(orders).run().failures.size(), 1U);
  EXPECT_EQ(all.stripe->requests(), requests) << "the live key went out";
  EXPECT_EQ(test.kept().stage, stage::open);
}

TEST(OtherMode, PaysForNothing) {
  one_stripe all;
  one_shop test(all, "");
  test.orders.open_checkout(one_shop::order(), one_shop::page()).value();
  const std::string body = sr::testkit::session_builder()
                               .id("cs_live_a1")
                               .out_trade_no("A1")
                               .amount(400, "cny")
                               .paid()
                               .event("checkout.session.completed");
  const sr::webhook_verifier verifier({{"one", "whsec_test"}}, sr::livemode::test);
  sr::payment_listener payments(test.orders, verifier);
  const auto answer = payments.on_webhook(
      body, sr::testkit::sign_webhook(body, "whsec_test", all.clock->unix_time()));
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(test.kept().stage, stage::open);
  EXPECT_EQ(test.kept().sessions.size(), 1U);
  EXPECT_THAT(test.rows(), ElementsAre(a1));
}

} // namespace
