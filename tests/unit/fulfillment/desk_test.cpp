#include "desk_fixture.hpp"
#include "out_store.hpp"
#include "same_store.hpp"

#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/session_builder.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

namespace sr = stripe_return;
using sr::order_stage;
using sr::order_state;
using testing::ElementsAre;
using testing::IsEmpty;

// As a host does that makes its sessions itself.
std::string session_made_by_the_host(shop_desk& shop, const std::string& out_trade_no,
                                     int attempt) {
  sr::checkout_parameters parameters = shop_desk::parameters();
  parameters.out_trade_no = out_trade_no;
  parameters.attempt = attempt;
  return shop.client.create(parameters).value().session.id;
}

TEST(Desk, FulfilsOnceWhatIsPaid) {
  shop_desk shop;
  const sr::opened_checkout checkout = shop.open();
  EXPECT_FALSE(checkout.url.empty());
  EXPECT_EQ(checkout.view.state, order_state::awaiting_payment);
  shop.stripe->customer(checkout.session_id, "pay");

  const auto back = shop.desk.on_return(shop.query(checkout.session_id), "A1").value();
  ASSERT_TRUE(back.view);
  EXPECT_EQ(back.view->state, order_state::paid);
  EXPECT_EQ(back.out_trade_no, "A1");
  EXPECT_TRUE(back.recorded);
  shop.deliver();
  EXPECT_EQ(shop.last_answer.http_status, 200);
  EXPECT_EQ(shop.last_answer.out_trade_no, "A1");
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 0);
  ASSERT_EQ(shop.shipped.size(), 1u);
  EXPECT_EQ(shop.shipped[0].out_trade_no, "A1");
  EXPECT_EQ(shop.shipped[0].session_id, checkout.session_id);
  EXPECT_EQ(shop.kept().stage, order_stage::fulfilled);
  EXPECT_THAT(shop.story(),
              ElementsAre("host expected", "host attempt_begun", "host session_issued",
                          "return paid", "worker claimed", "worker fulfilled"));
}

TEST(Desk, AnswersACommittedReturnFromTheStore) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.deliver();
  const int asked = shop.stripe->requests();
  EXPECT_EQ(shop.desk.on_return(shop.query(checkout.session_id), "A1")->view->state,
            order_state::paid);
  shop.desk.run_due();
  EXPECT_EQ(shop.desk.on_return(shop.query(checkout.session_id), "A1")->view->state,
            order_state::paid);
  EXPECT_EQ(shop.stripe->requests(), asked);
}

TEST(Desk, ShowsAnOrderOnlyToItsOwnBrowser) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  for (const char* stranger : {"", "A2"}) {
    const auto back = shop.desk.on_return(shop.query(checkout.session_id), stranger).value();
    EXPECT_FALSE(back.view) << stranger;
    EXPECT_EQ(http_answer(sr::result<sr::return_answer>(back)), 200);
    EXPECT_EQ(back.out_trade_no, "A1"); // and the order moves
  }
  EXPECT_EQ(shop.kept().stage, order_stage::due);
  EXPECT_EQ(http_answer(shop.desk.on_return("session_id=../x")), 400);
  EXPECT_EQ(http_answer(shop.desk.on_return("session_id=cs_test_none")), 404);
}

TEST(Desk, KnowsACustomerByTheTokenInTheUrl) {
  sr::fulfillment_options options;
  options.token_key = std::string(32, 'k');
  shop_desk shop(options);
  const auto checkout = shop.open("order #1/茶");
  shop.stripe->customer(checkout.session_id, "pay");
  const std::string url = shop.stripe->success_url(checkout.session_id);
  EXPECT_EQ(shop.desk.on_return(url)->view->state, order_state::paid);
  std::string forged = url;
  forged.back() = forged.back() == '6' ? '7' : '6';
  EXPECT_FALSE(shop.desk.on_return(forged)->view);
  EXPECT_FALSE(shop.desk.on_return(url + "&order_token=x")->view);
}

TEST(Desk, KeepsAPaymentThatComesBeforeTheOrderIsExpected) {
  shop_desk shop;
  shop.stripe->customer(session_made_by_the_host(shop, "A1", 1), "pay");
  shop.deliver();
  EXPECT_THAT(shop.kept().review, ElementsAre(sr::reason::not_checked_against_order));
  EXPECT_EQ(shop.desk.run_due().fulfilled, 0);
  EXPECT_EQ(shop.desk.view("A1").value()->pay_again, sr::pay_again::no);

  EXPECT_TRUE(shop.desk.expect(shop.order("A1")));
  EXPECT_THAT(shop.kept().review, IsEmpty());
  EXPECT_TRUE(shop.desk.sweep().done);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
}

TEST(Desk, RefusesToExpectSomethingElseUnderTheSameNumber) {
  shop_desk shop;
  EXPECT_TRUE(shop.desk.expect(shop.order("A1")));
  EXPECT_TRUE(shop.desk.expect(shop.order("A1")));
  sr::expected_order cheaper = shop.order("A1");
  cheaper.amounts = {{1, "cny"}};
  EXPECT_EQ(shop.desk.expect(cheaper).error().code, sr::error_code::invalid_option);
  for (const std::string& bad :
       {std::string(), std::string("a\nb"), std::string("\xff"), std::string(501, 'a')})
    EXPECT_EQ(shop.desk.expect(shop.order(bad)).error().code, sr::error_code::invalid_option);
}

TEST(Desk, FindsWhatNoWebhookAndNoCustomerTold) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  const auto report = shop.desk.sweep();
  EXPECT_TRUE(report.done);
  EXPECT_FALSE(report.failure);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
}

TEST(Desk, FindsASessionWhoseAnswerWasLost) {
  shop_desk shop;
  shop.stripe->lose_next_answer();
  EXPECT_FALSE(shop.desk.open_checkout(shop.order("A1"), shop.parameters()));
  const std::string lost = shop.stripe->session_ids().at(0);
  shop.stripe->customer(lost, "pay");
  EXPECT_TRUE(shop.desk.sweep().done);
  EXPECT_EQ(shop.kept().sessions.at(0).attempt, 1);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
}

TEST(Desk, RepeatsAnAttemptWhoseAnswerWasLost) {
  shop_desk shop;
  shop.stripe->lose_next_answer();
  EXPECT_FALSE(shop.desk.open_checkout(shop.order("A1"), shop.parameters()));
  EXPECT_FALSE(shop.open().url.empty());
  EXPECT_EQ(shop.stripe->session_ids().size(), 1u);
}

TEST(Desk, ResumesAnOpenCheckout) {
  shop_desk shop;
  const auto first = shop.open();
  EXPECT_EQ(shop.stripe->requests(), 1);
  const auto second = shop.open();
  EXPECT_EQ(second.session_id, first.session_id);
  EXPECT_EQ(second.url.reveal(), first.url.reveal());
  EXPECT_EQ(shop.stripe->session_ids().size(), 1u);
}

// Runs something between what the desk has read and what it writes.
class meddled_store final : public same_store {
public:
  using same_store::same_store;
  std::function<void()> meddle;

  result<bool> replace(const order_record& order, const history_entry& entry) override {
    if (entry.what == "attempt_begun" && meddle) std::exchange(meddle, nullptr)();
    return same_store::replace(order, entry);
  }
};

// The customer clicks twice, and two hosts take one each.
TEST(Desk, OpensOneCheckoutForTwoWhoOpenItAtOnce) {
  shop_desk shop;
  meddled_store meddled(shop.store);
  sr::fulfillment other(shop.client, meddled, sr::fulfil_function(), {}, shop.clock);
  std::string first;
  meddled.meddle = [&] { first = shop.open().session_id; };
  const auto second = other.open_checkout(shop.order("A1"), shop.parameters()).value();
  EXPECT_FALSE(second.url.empty());
  EXPECT_EQ(second.session_id, first);
  EXPECT_EQ(shop.stripe->session_ids().size(), 1u);
}

// As where an SQL statement of the host's failed, and the host did not look.
TEST(Desk, TakesWritesThatCannotBeCommittedForLater) {
  class refusing_store final : public same_store {
  public:
    using same_store::same_store;
    result<bool> replace_with(const order_record&, const history_entry&,
                              const sr::host_writes& writes) override {
      EXPECT_TRUE(writes({}));
      return false;
    }
  };
  shop_desk shop;
  refusing_store refusing(shop.store);
  sr::fulfillment desk(
      shop.client, refusing,
      [](const sr::fulfil_task&, const sr::open_transaction&) { return sr::fulfil_result::done; },
      {}, shop.clock);
  shop.stripe->customer(shop.open().session_id, "pay");
  shop.deliver();
  EXPECT_EQ(desk.run_due().retried, 1);
  EXPECT_EQ(shop.kept().stage, order_stage::due);
}

TEST(Desk, TakesTheNextAttemptWhereStripeSaysThatOneIsSpent) {
  shop_desk shop;
  shop.stripe->lose_next_answer();
  EXPECT_FALSE(shop.desk.open_checkout(shop.order("A1"), shop.parameters()));
  sr::checkout_parameters changed = shop.parameters();
  changed.line_items[0].name = "Green tea";
  const auto opened = shop.desk.open_checkout(shop.order("A1"), changed).value();
  EXPECT_FALSE(opened.url.empty());
  EXPECT_EQ(shop.kept().attempts, 2);
  EXPECT_EQ(shop.stripe->session_ids().size(), 2u);
}

TEST(Desk, BeginsAgainAfterExpiry) {
  shop_desk shop;
  const auto first = shop.open();
  shop.clock->advance(std::chrono::hours(25));
  EXPECT_EQ(shop.desk.on_return(shop.query(first.session_id), "A1")->view->state,
            order_state::expired);
  const auto second = shop.open();
  EXPECT_NE(second.session_id, first.session_id);
  EXPECT_EQ(second.view.state, order_state::awaiting_payment);
  EXPECT_EQ(shop.kept().attempts, 2);
}

TEST(Desk, OpensNoCheckoutWhereMoneyMayHaveMoved) {
  shop_desk shop;
  const auto first = shop.open();
  shop.stripe->customer(first.session_id, "pay_later");
  const auto second = shop.open();
  EXPECT_TRUE(second.url.empty());
  EXPECT_EQ(second.view.state, order_state::processing);
  EXPECT_EQ(second.view.pay_again, sr::pay_again::no);
  shop.stripe->customer(first.session_id, "fail");
  const auto third = shop.open();
  EXPECT_FALSE(third.url.empty());
  shop.stripe->customer(third.session_id, "pay");
  EXPECT_TRUE(shop.open().url.empty());
}

TEST(Desk, TellsADuplicatePayment) {
  shop_desk shop;
  EXPECT_TRUE(shop.desk.expect(shop.order("A1")));
  const std::string first = session_made_by_the_host(shop, "A1", 1);
  const std::string second = session_made_by_the_host(shop, "A1", 2);
  shop.stripe->customer(second, "pay");
  shop.stripe->customer(first, "pay");
  EXPECT_TRUE(shop.desk.on_return(shop.query(first), "A1"));
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
  shop.deliver();
  EXPECT_EQ(shop.desk.run_due().fulfilled, 0);
  EXPECT_EQ(shop.kept().paid_session, first);
  EXPECT_THAT(shop.kept().review, ElementsAre(sr::reason::duplicate_payment));
  EXPECT_EQ(shop.desk.view("A1").value()->state, order_state::paid);
}

TEST(Desk, LetsAPersonLookAtASessionThatItDidNotMake) {
  shop_desk shop;
  const auto checkout = shop.open();
  const std::string other = session_made_by_the_host(shop, "A1", 7);
  shop.stripe->customer(other, "pay");
  shop.deliver();
  EXPECT_THAT(shop.kept().review, ElementsAre(sr::reason::session_not_issued));
  EXPECT_EQ(shop.kept().stage, order_stage::awaiting);
  EXPECT_TRUE(shop.open().url.empty());
  EXPECT_TRUE(shop.desk.resolve("A1", sr::review_verdict::accept, "ada", "").value());
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
  EXPECT_EQ(shop.shipped.at(0).session_id, other);
}

TEST(Desk, ClosesOnlyWhatNobodyCanPay) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_EQ(shop.desk.close_order("A1").value(), sr::closing::unknown);
  shop.stripe->set_outage({});
  EXPECT_EQ(shop.desk.close_order("A1").value(), sr::closing::closed);
  EXPECT_EQ(shop.desk.close_order("A1").value(), sr::closing::closed);
  EXPECT_EQ(shop.kept().stage, order_stage::closed);
  EXPECT_TRUE(shop.open().url.empty());

  const auto paid = shop.open("A2");
  shop.stripe->customer(paid.session_id, "pay");
  EXPECT_EQ(shop.desk.close_order("A2").value(), sr::closing::not_yet);
  EXPECT_EQ(shop.kept("A2").stage, order_stage::due);
  EXPECT_EQ(shop.desk.close_order("A3").error().code, sr::error_code::order_not_found);
}

TEST(Desk, DoesNotCloseWhileASessionMayBeUnknown) {
  shop_desk shop;
  shop.stripe->lose_next_answer();
  EXPECT_FALSE(shop.desk.open_checkout(shop.order("A1"), shop.parameters()));
  EXPECT_EQ(shop.desk.close_order("A1").value(), sr::closing::not_yet);
  shop.clock->advance(std::chrono::hours(26));
  EXPECT_EQ(shop.desk.close_order("A1").value(), sr::closing::closed);
}

TEST(Desk, GivesAnOrderOutAgainLater) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.deliver();
  shop.outcome_of_shipping = sr::fulfil_result::retry_later;
  EXPECT_EQ(shop.desk.run_due().retried, 1);
  EXPECT_EQ(shop.desk.run_due().retried, 0);
  shop.clock->advance(std::chrono::minutes(1));
  shop.outcome_of_shipping = sr::fulfil_result::done;
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
  ASSERT_EQ(shop.shipped.size(), 2u);
  EXPECT_EQ(shop.shipped[0].key, shop.shipped[1].key);
  EXPECT_LT(shop.shipped[0].token, shop.shipped[1].token);
  EXPECT_EQ(shop.shipped[1].tries, 1);
}

TEST(Desk, LooksForARefundBeforeItFulfilsAnOldPayment) {
  shop_desk shop;
  const auto refunded = shop.open("A1");
  const auto kept = shop.open("A2");
  shop.stripe->customer(refunded.session_id, "pay");
  shop.stripe->customer(kept.session_id, "pay");
  shop.deliver();
  shop.clock->advance(std::chrono::hours(25));
  shop.stripe->refund(refunded.session_id);

  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_EQ(shop.desk.run_due().retried, 2);
  shop.stripe->set_outage({});
  shop.clock->advance(std::chrono::minutes(1));
  const auto report = shop.desk.run_due();
  EXPECT_EQ(report.given_up, 1);
  EXPECT_EQ(report.fulfilled, 1);
  EXPECT_EQ(shop.shipped.at(0).out_trade_no, "A2");
  EXPECT_THAT(shop.kept("A1").review, ElementsAre(sr::reason::payment_refunded));
  EXPECT_TRUE(shop.desk.resolve("A1", sr::review_verdict::reject, "ada", "refunded").value());
  EXPECT_EQ(shop.kept("A1").stage, order_stage::rejected);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 0);
}

// A key that may not read charges: who pays late is looked at by a person, and returns go on.
TEST(Desk, HoldsAnOldPaymentThatItMayNotLookAt) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.deliver();
  shop.clock->advance(std::chrono::hours(25));
  shop.stripe->plan_fault(R"({"kind": "status", "status": 403, "count": 1})");
  EXPECT_EQ(shop.desk.run_due().given_up, 1);
  EXPECT_THAT(shop.kept().review, ElementsAre(sr::reason::payment_intent_not_permitted));
  EXPECT_TRUE(shop.shipped.empty());
  const auto fetched =
      shop.client.retrieve(sr::session_id::parse(checkout.session_id).value()).value();
  EXPECT_TRUE(fetched.payment_intent_permitted);
  EXPECT_TRUE(shop.desk.resolve("A1", sr::review_verdict::accept, "ada", "stands").value());
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
}

// Stripe calls the session expired, and its PaymentIntent says that the money came.
TEST(Desk, LetsAPersonLookWhereAnExpiredSessionHasMoney) {
  shop_desk shop;
  EXPECT_TRUE(shop.desk.expect(shop.order("A1")));
  sr::testkit::scripted_transport answers([&](const sr::http_request&) {
    return sr::testkit::stripe_reply(200,
                                     sr::testkit::session_builder()
                                         .expired()
                                         .id("cs_test_1")
                                         .out_trade_no("A1")
                                         .payment_intent("succeeded")
                                         .json(),
                                     noon);
  });
  const sr::session_client client(
      shop_desk::client_options(),
      {std::shared_ptr<sr::transport>(std::shared_ptr<void>(), &answers), shop.clock});
  sr::fulfillment desk(client, shop.store, sr::fulfil_function(), {}, shop.clock);
  EXPECT_TRUE(desk.on_return("session_id=cs_test_1", "A1"));
  EXPECT_THAT(shop.kept().review, testing::Contains(sr::reason::money_may_have_moved));
  EXPECT_EQ(shop.desk.view("A1").value()->pay_again, sr::pay_again::no);
  EXPECT_TRUE(shop.desk.resolve("A1", sr::review_verdict::accept, "ada", "it came").value());
  EXPECT_EQ(shop.kept().stage, order_stage::due);
}

TEST(Desk, LetsAPersonDecide) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.deliver();
  shop.outcome_of_shipping = sr::fulfil_result::give_up;
  EXPECT_EQ(shop.desk.run_due().given_up, 1);
  shop.clock->advance(std::chrono::hours(48));
  EXPECT_EQ(shop.desk.run_due().given_up, 0);
  EXPECT_EQ(shop.desk.view("A1").value()->next_step, sr::next_step::contact_shop);
  EXPECT_TRUE(shop.desk.resolve("A1", sr::review_verdict::accept, "ada", "found it").value());
  EXPECT_FALSE(shop.desk.resolve("A1", sr::review_verdict::accept, "ada", "again").value());
  EXPECT_EQ(shop.desk.resolve("A2", sr::review_verdict::accept, "ada", "").error().code,
            sr::error_code::order_not_found);
  shop.outcome_of_shipping = sr::fulfil_result::done;
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
}

TEST(Desk, AsksStripeForWhoeverWantsToKnow) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  EXPECT_EQ(shop.desk.ask_stripe("A1", "ada")->state, order_state::paid);
  EXPECT_EQ(shop.story().back(), "ada paid");
  EXPECT_EQ(shop.desk.ask_stripe("A2", "ada").error().code, sr::error_code::order_not_found);
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_EQ(shop.desk.ask_stripe("A1", "ada").error().code, sr::error_code::connection_lost);
}

// What happens at the store's cost only: nothing is known less.
TEST(Desk, SaysWhatStripeSaysWhereTheStoreIsOut) {
  shop_desk shop;
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  out_store out;
  sr::fulfillment_options options;
  options.verifier = &shop.verifier;
  sr::fulfillment desk(shop.client, out, sr::fulfil_function(), options, shop.clock);
  const auto back = desk.on_return(shop.query(checkout.session_id), "A1").value();
  EXPECT_FALSE(back.recorded);
  EXPECT_EQ(back.view->state, order_state::paid);
  EXPECT_FALSE(desk.on_return(shop.query(checkout.session_id), "A2")->view);
  const auto webhooks = shop.stripe->webhooks();
  for (const auto& each : webhooks) {
    const auto answer = desk.on_webhook(each.body, each.signature);
    EXPECT_EQ(answer.http_status, 503);
    EXPECT_EQ(answer.failure->code, sr::error_code::store_unavailable);
  }
  EXPECT_EQ(desk.run_due().failure->code, sr::error_code::store_unavailable);
  EXPECT_FALSE(desk.sweep().done);
  EXPECT_FALSE(desk.open_checkout(shop.order("A3"), shop.parameters()));
  EXPECT_EQ(desk.close_order("A1").error().code, sr::error_code::store_unavailable);
  EXPECT_FALSE(desk.standing());
}

TEST(Desk, TakesAnExceptionOfTheHostForLater) {
  shop_desk shop;
  sr::fulfillment throws(
      shop.client, shop.store,
      [](const sr::fulfil_task&) -> sr::fulfil_result { throw std::runtime_error("no paper"); }, {},
      shop.clock);
  const auto checkout = shop.open();
  shop.stripe->customer(checkout.session_id, "pay");
  shop.deliver();
  EXPECT_EQ(throws.run_due().retried, 1);
  EXPECT_EQ(shop.kept().tries, 1);
}

TEST(Desk, AnswersForeignWebhooksWell) {
  shop_desk shop;
  shop.stripe->customer(session_made_by_the_host(shop, "A1", 1), "pay");
  sr::fulfillment_options other;
  other.query.naming.order_key = "my_order";
  other.verifier = &shop.verifier;
  sr::fulfillment elsewhere(shop.client, shop.store, sr::fulfil_function(), other, shop.clock);
  const auto webhooks = shop.stripe->webhooks();
  for (const auto& each : webhooks) {
    const auto answer = elsewhere.on_webhook(each.body, each.signature);
    EXPECT_EQ(answer.http_status, 200);
    EXPECT_EQ(answer.out_trade_no, "");
    EXPECT_EQ(answer.foreign_payment, shop.stripe->session_ids().at(0));
  }
  EXPECT_FALSE(shop.store.find("A1").value());
}

// A running shop takes a name: the sessions that it knows were made without one.
TEST(Desk, HearsOfTheSessionsItKnowsWhateverShopTheyName) {
  shop_desk shop;
  for (const char* number : {"A1", "A2"})
    ASSERT_TRUE(shop.desk.expect(shop.order(number)));
  const std::string known = session_made_by_the_host(shop, "A1", 1);
  ASSERT_TRUE(shop.desk.on_return(shop_desk::query(known)));
  shop.stripe->customer(known, "pay");
  shop.stripe->customer(session_made_by_the_host(shop, "A2", 1), "pay");
  sr::fulfillment_options named;
  named.query.naming.shop = "north";
  named.verifier = &shop.verifier;
  sr::fulfillment later(shop.client, shop.store, sr::fulfil_function(), named, shop.clock);
  for (const auto& each : shop.stripe->webhooks())
    EXPECT_EQ(later.on_webhook(each.body, each.signature).http_status, 200);
  EXPECT_EQ(shop.kept("A1").stage, sr::order_stage::due);
  EXPECT_EQ(shop.kept("A2").stage, sr::order_stage::awaiting);
}

TEST(Desk, RefusesAForgedWebhook) {
  shop_desk shop;
  const auto answer = shop.desk.on_webhook("{}", "t=1,v1=00");
  EXPECT_EQ(answer.http_status, 400);
  EXPECT_TRUE(answer.failure);
  EXPECT_FALSE(shop.desk.standing()->last_webhook);
}

TEST(Desk, MovesInWithoutShippingTwice) {
  shop_desk shop;
  const auto sell = [&](const std::string& number) {
    const std::string id = session_made_by_the_host(shop, number, 1);
    shop.stripe->customer(id, "pay");
    return id;
  };
  const std::string old = sell("old");
  sell("older");
  sell("new");
  EXPECT_TRUE(shop.desk.import_fulfilled("old", old).value());
  EXPECT_TRUE(shop.desk.expect(shop.order("old")));
  EXPECT_EQ(shop.kept("old").ask_at, 0);
  EXPECT_TRUE(shop.desk.import_fulfilled("older").value());
  EXPECT_FALSE(shop.desk.import_fulfilled("older").value());
  EXPECT_TRUE(shop.desk.adopt_since(noon - 60).done);
  shop.deliver();
  EXPECT_TRUE(shop.desk.sweep().done);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 0);
  EXPECT_THAT(shop.kept("old").review, IsEmpty());
  EXPECT_THAT(shop.kept("older").review, IsEmpty());
  EXPECT_TRUE(shop.desk.expect(shop.order("new")));
  EXPECT_TRUE(shop.desk.sweep().done);
  EXPECT_EQ(shop.desk.run_due().fulfilled, 1);
  EXPECT_EQ(shop.shipped.at(0).out_trade_no, "new");
}

TEST(Desk, RefusesOptionsOutOfRange) {
  for (const auto& spoil : {+[](sr::fulfillment_options& o) { o.lease = std::chrono::seconds(0); },
                            +[](sr::fulfillment_options& o) { o.requests_per_second = 0; },
                            +[](sr::fulfillment_options& o) { o.token_key = "short"; }}) {
    sr::fulfillment_options options;
    spoil(options);
    shop_desk shop(options);
    EXPECT_EQ(shop.desk.expect(shop.order("A1")).error().code, sr::error_code::invalid_option);
    EXPECT_EQ(shop.desk.run_due().failure->code, sr::error_code::invalid_option);
    EXPECT_EQ(shop.desk.sweep().failure->code, sr::error_code::invalid_option);
  }
}

} // namespace
