#include "forwarding_store.hpp"
#include "shop_of_orders.hpp"
#include "unit/orders/unavailable_store.hpp"

#include <stripe_return/orders/async_payment_listener.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/testkit/manual_loop.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using stage = sr::order_stage;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PaymentListener : public testing::Test {
protected:
  shop_of_orders shop;
  sr::payment_listener payments{shop.orders, shop.verifier};

  static std::string query(const std::string& session) { return "session_id=" + session; }
  // Every event so far, as Stripe sends it.
  sr::webhook_result deliver(const std::string& type = {}) {
    sr::webhook_result last;
    for (const auto& each : shop.stripe->webhooks())
      if (type.empty() || each.type == type) last = payments.on_webhook(each.body, each.signature);
    return last;
  }
  // A payment that names an order which nobody expects, and whether Stripe has told of it.
  std::string pay_for(const std::string& number, bool told = true) {
    sr::checkout_parameters page = shop.page();
    page.out_trade_no = number;
    page.attempt = 1;
    page.store_id = "elsewhere" + number;
    std::string session = shop.client.create(page).value().session.id;
    shop.stripe->customer(session, "pay");
    if (told) {
      EXPECT_EQ(deliver("checkout.session.completed").http_status, 200);
    }
    return session;
  }
  // The payments of no order about which a person has to decide.
  std::vector<sr::order_record> in_review() const {
    sr::order_query query;
    query.in_review = true;
    return shop.orders.list(query).value().unmatched;
  }
  static sr::error is_away() {
    return {code::store_unavailable, "The store of this test is away."};
  }
};

TEST_F(PaymentListener, ShowsTheOrderToItsOwnBrowserAlone) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  const auto stranger = payments.on_return(query(session), "A2").value();
  EXPECT_FALSE(stranger.view);
  EXPECT_EQ(stranger.out_trade_no, "A1");
  const auto customer = payments.on_return(query(session), "A1").value();
  ASSERT_TRUE(customer.view);
  EXPECT_EQ(customer.view->state, sr::order_state::paid);
  EXPECT_EQ(shop.stage(), stage::due);
}

TEST_F(PaymentListener, KnowsTheBrowserByItsToken) {
  sr::order_options options;
  options.order_token_key = std::string(32, 'k');
  shop_of_orders signed_shop(options);
  sr::payment_listener listener(signed_shop.orders, signed_shop.verifier);
  const std::string session = signed_shop.open().session_id;
  const std::string url = signed_shop.stripe->success_url(session);
  EXPECT_TRUE(listener.on_return(url.substr(url.find('?') + 1)).value().view);
  EXPECT_FALSE(listener.on_return(query(session)).value().view);
  EXPECT_FALSE(listener.on_return(query(session) + "&order_token=0.A1").value().view);
}

TEST_F(PaymentListener, AsksStripeOnceForWhatIsPaid) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_TRUE(payments.on_return(query(session), "A1"));
  const int requests = shop.stripe->requests();
  for (int i = 0; i != 3; ++i)
    EXPECT_TRUE(payments.on_return(query(session), "A1").value().view);
  EXPECT_EQ(shop.stripe->requests(), requests);
}

TEST_F(PaymentListener, SaysNoMoreThanIsSureWithoutAStore) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "expire");
  unavailable_store away;
  sr::order_service orders(shop.client, away);
  sr::payment_listener listener(orders, shop.verifier);
  const auto answer = listener.on_return(query(session), "A1").value();
  EXPECT_FALSE(answer.recorded);
  ASSERT_TRUE(answer.view);
  EXPECT_EQ(answer.view->pay_again, sr::pay_again::unknown) << "another session may be paid";
  for (const auto& each : shop.stripe->webhooks())
    EXPECT_EQ(listener.on_webhook(each.body, each.signature).http_status, 503);
}

TEST_F(PaymentListener, RecordsWebhooksHoweverOftenTheyCome) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  for (int i = 0; i != 3; ++i) {
    const sr::webhook_result answer = deliver("checkout.session.completed");
    EXPECT_EQ(answer.http_status, 200);
    EXPECT_EQ(answer.out_trade_no, "A1");
  }
  EXPECT_EQ(shop.stage(), stage::due);
  const auto history = shop.orders.history("A1").value();
  EXPECT_EQ(std::count_if(history.begin(), history.end(),
                          [](const auto& each) { return each.who == "webhook"; }),
            1);
}

TEST_F(PaymentListener, RefusesWhatIsNotSigned) {
  const auto refused = payments.on_webhook("{}", "t=1,v1=00");
  EXPECT_EQ(refused.http_status, 400);
  EXPECT_TRUE(refused.failure);
  sr::payment_listener without(shop.orders);
  const auto unset = without.on_webhook("{}", "t=1,v1=00");
  EXPECT_EQ(unset.http_status, 500);
  EXPECT_EQ(unset.failure->code, code::missing_webhook_secret);
}

TEST_F(PaymentListener, KeepsAPaymentThatBelongsToNoOrder) {
  const std::string session = pay_for("A9", false);
  EXPECT_EQ(deliver("checkout.session.completed").unmatched_payment, session);
  ASSERT_THAT(in_review(), SizeIs(1));
  EXPECT_EQ(in_review().front().waits_for, sr::waits_for::expectation);
  EXPECT_EQ(shop.orders.history(session).value().front().who, "webhook");
  // The order is expected after all.
  EXPECT_TRUE(shop.orders.expect(shop.order("A9")));
  EXPECT_EQ(shop.stage("A9"), stage::due);
  EXPECT_THAT(in_review(), IsEmpty());
}

TEST_F(PaymentListener, LetsAPersonSayWhoseAPaymentIs) {
  const std::string session = pay_for("typo");
  const std::string item = in_review().front().review_items.front().id;
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::accept, "Ann").value(),
            sr::resolve_result::refused)
      << "nobody expects that order";
  shop.orders.expect(shop.order("A1")).value();
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::accept, "Ann", "a typo", "A1").value(),
            sr::resolve_result::done);
  EXPECT_EQ(shop.stage("A1"), stage::due);
  EXPECT_EQ(shop.kept("A1").paid_session, session);
}

TEST_F(PaymentListener, LooksAtAPaymentThatWasRefunded) {
  shop.stripe->send_all_events();
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_EQ(deliver("checkout.session.completed").http_status, 200);
  EXPECT_TRUE(payments.refresh("A1", "Ann"));
  shop.stripe->refund(session);
  const sr::webhook_result answer = deliver("charge.refunded");
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(answer.out_trade_no, "A1");
  EXPECT_THAT(shop.open_reasons(), ElementsAre(sr::reason::payment_refunded));
}

TEST_F(PaymentListener, AsksNothingAboutAPaymentThatNoOrderHas) {
  shop.stripe->send_all_events();
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  shop.stripe->refund(session);
  shop_of_orders other;
  sr::payment_listener listener(other.orders, other.verifier);
  const int requests = other.stripe->requests();
  int told = 0;
  for (const auto& each : shop.stripe->webhooks()) {
    if (each.type != "charge.refunded") continue;
    ++told;
    EXPECT_EQ(listener.on_webhook(each.body, each.signature).http_status, 200);
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(other.stripe->requests(), requests);
}

TEST_F(PaymentListener, LeavesAnotherShopsSessionsAlone) {
  sr::order_options north;
  north.naming.shop = "north";
  sr::order_service orders(shop.client, shop.store, north);
  sr::payment_listener listener(orders, shop.verifier);
  const std::string session = shop.open().session_id; // which names no shop
  shop.stripe->customer(session, "pay");
  sr::memory_store empty;
  sr::order_service elsewhere(shop.client, empty, north);
  sr::payment_listener listens_elsewhere(elsewhere, shop.verifier);
  for (const auto& each : shop.stripe->webhooks())
    EXPECT_EQ(listens_elsewhere.on_webhook(each.body, each.signature).http_status, 200);
  EXPECT_EQ(elsewhere.stats().value().foreign_payments, 1);
  EXPECT_EQ(elsewhere.stats().value().last_foreign_payment, session);
  EXPECT_THAT(elsewhere.list().value().unmatched, IsEmpty());
  // What the store knows is its own, whatever the shop is called by now.
  for (const auto& each : shop.stripe->webhooks())
    EXPECT_EQ(listener.on_webhook(each.body, each.signature).http_status, 200);
  EXPECT_EQ(shop.stage(), stage::due);
}

TEST_F(PaymentListener, RefreshesAnOrderThatIsStuck) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_EQ(payments.refresh("A1", "Ann").value().state, sr::order_state::paid);
  EXPECT_EQ(payments.refresh("A2", "Ann").error().code, code::order_not_found);
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_EQ(payments.refresh("A1", "Ann").error().code, code::connection_lost);
}

TEST_F(PaymentListener, AnswersOnTheLoopWhatOtherThreadsHaveDone) {
  sr::testkit::manual_loop loop(shop.clock);
  std::vector<std::function<void()>> work;
  const sr::async_payment_listener on_loop(
      payments, [&](std::function<void()> one) { work.push_back(std::move(one)); }, loop);
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  const auto sent = shop.stripe->webhooks().front();
  int answers = 0;
  on_loop.on_return(query(session), "A1", [&](const sr::result<sr::return_result>& answer) {
    ++answers;
    EXPECT_TRUE(answer.value().view);
  });
  on_loop.on_webhook(sent.body, sent.signature, [&](const sr::webhook_result& answer) {
    ++answers;
    EXPECT_EQ(answer.http_status, 200);
  });
  sr::blocking_call([&](std::function<void()> one) { work.push_back(std::move(one)); }, loop,
                    [&] { return shop.orders.close("A1", "Ann"); },
                    [&](const sr::result<sr::close_answer>& answer) {
                      ++answers;
                      EXPECT_EQ(answer.value().result, sr::close_result::paid);
                    });
  for (const auto& each : work)
    each();
  EXPECT_EQ(answers, 0) << "not on the thread that worked";
  loop.run();
  EXPECT_EQ(answers, 3);
}

TEST_F(PaymentListener, TakesAPaymentThatTheFirstCallCouldNotTake) {
  const std::string session = pay_for("A9");
  forwarding_store kept(shop.store);
  bool away = false;
  kept.before_put = [&](const sr::order_change&) {
    away = true; // once the order is kept
    return std::nullopt;
  };
  kept.before = [&] { return away ? std::optional<sr::error>(is_away()) : std::nullopt; };
  sr::order_service orders(shop.client, kept);
  EXPECT_EQ(orders.expect(shop.order("A9")).error().code, code::store_unavailable);
  EXPECT_TRUE(shop.open("A9").session_id.empty());
  EXPECT_EQ(shop.kept("A9").paid_session, session);
  EXPECT_THAT(in_review(), IsEmpty());
}

TEST_F(PaymentListener, TakesAPaymentThatIsKeptWhileItsOrderIsExpected) {
  const std::string session = pay_for("A9", false);
  forwarding_store kept(shop.store);
  kept.before_put = [&](const sr::order_change& change) {
    if (change.row.key == sr::unmatched_key(session)) shop.orders.expect(shop.order("A9")).value();
    return std::nullopt;
  };
  const sr::order_service orders(shop.client, kept);
  sr::payment_listener listener(orders, shop.verifier);
  EXPECT_EQ(listener.on_return(query(session), "A9").value().out_trade_no, "A9");
  EXPECT_EQ(shop.stage("A9"), stage::due);
  EXPECT_THAT(in_review(), IsEmpty());
}

TEST_F(PaymentListener, KeepsAPaymentInReviewThatItsOrderCannotTake) {
  const std::string session = pay_for("A9");
  forwarding_store kept(shop.store);
  kept.before_put = [&](const sr::order_change& change) {
    sr::order_change other;
    other.row.key = "other";
    other.new_ids = {session};
    if (change.row.key == sr::order_key("A9") && change.row.version == 2) {
      EXPECT_EQ(shop.store.put(other, {}).value(), sr::put_result::done);
    }
    return std::nullopt;
  };
  sr::order_service orders(shop.client, kept);
  EXPECT_TRUE(orders.expect(shop.order("A9")));
  EXPECT_THAT(in_review(), SizeIs(1));
}

TEST_F(PaymentListener, ResolvesAPaymentWhoseOrderWasClaimed) {
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_TRUE(payments.on_return(query(session), "A1"));
  pay_for("typo");
  const std::string item = in_review().front().review_items.front().id;
  const auto accept = [&] {
    return shop.orders.resolve(item, sr::review_verdict::accept, "Ann", "a typo", "A1").value();
  };
  sr::task_handlers handlers;
  handlers.fulfill = [&](const sr::fulfill_task&) {
    EXPECT_EQ(accept(), sr::resolve_result::claimed);
    return sr::task_result::done;
  };
  sr::fulfillment_worker worker(shop.orders, handlers);
  EXPECT_EQ(worker.run_order("A1").fulfilled, 1);
  EXPECT_EQ(accept(), sr::resolve_result::done);
  EXPECT_THAT(in_review(), IsEmpty());
  EXPECT_THAT(shop.open_reasons(), IsEmpty());
}

TEST_F(PaymentListener, EndsAnUnmatchedPaymentWhoseSessionIsNamed) {
  sr::expected_order order = shop.order("A2");
  for (const char* const number : {"A2", "typo"}) // new, and known
    order.session_ids.push_back(pay_for(number));
  shop.orders.expect(order).value();
  EXPECT_THAT(in_review(), IsEmpty());
  EXPECT_EQ(shop.stage("A2"), stage::due);
  order.session_ids.push_back(pay_for("another"));
  shop.orders.expect(order).value();
  EXPECT_THAT(in_review(), IsEmpty());
  EXPECT_THAT(shop.open_reasons("A2"), SizeIs(4)) << "two are one too many, and name other orders";
}

TEST_F(PaymentListener, EndsAnUnmatchedPaymentThatAnOrderTakesLater) {
  const std::string session = pay_for("A9");
  forwarding_store kept(shop.store);
  bool away = false;
  kept.before_put = [&](const sr::order_change&) {
    away = true;
    return std::nullopt;
  };
  kept.before = [&] { return away ? std::optional<sr::error>(is_away()) : std::nullopt; };
  sr::order_service orders(shop.client, kept);
  EXPECT_FALSE(orders.expect(shop.order("A9")));
  EXPECT_TRUE(payments.on_return(query(session), "A9"));
  EXPECT_EQ(shop.stage("A9"), stage::due);
  EXPECT_THAT(in_review(), IsEmpty());
}

TEST_F(PaymentListener, EndsAnUnmatchedPaymentWhoseAcceptWasRefused) {
  sr::expected_order live = shop.order("A1");
  live.livemode = sr::livemode::live;
  shop.orders.expect(live).value();
  pay_for("typo");
  const std::string item = in_review().front().review_items.front().id;
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::accept, "Ann", "", "A1").value(),
            sr::resolve_result::refused);
  EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::reject, "Ann").value(),
            sr::resolve_result::changed_meanwhile)
      << "it is the order's now, with an item there";
  EXPECT_THAT(in_review(), IsEmpty());
  EXPECT_THAT(shop.open_reasons(), Contains(sr::reason::livemode_mismatch));
}

TEST_F(PaymentListener, FulfillsNoPaymentThatAPersonRejected) {
  for (const bool expected_first : {true, false}) {
    const std::string number = expected_first ? "A8" : "A9";
    const std::string session = pay_for(number);
    const std::string item = in_review().front().review_items.front().id;
    EXPECT_EQ(shop.orders.resolve(item, sr::review_verdict::reject, "Ann").value(),
              sr::resolve_result::done);
    sr::expected_order order = shop.order(number);
    if (!expected_first) order.session_ids = {session};
    EXPECT_EQ(shop.orders.expect(order)->pay_again, sr::pay_again::no);
    EXPECT_TRUE(payments.on_return(query(session), number));
    EXPECT_EQ(shop.stage(number), stage::open);
    sr::order_query query;
    query.to_give_back = true;
    EXPECT_THAT(shop.orders.list(query)->orders, SizeIs(1));
    EXPECT_THAT(shop.orders.list(query)->unmatched, IsEmpty());
    EXPECT_TRUE(shop.orders.mark_refunded(session, "Ann").value());
    EXPECT_FALSE(shop.orders.mark_refunded(session, "Ann").value());
    EXPECT_THAT(shop.orders.list(query)->orders, IsEmpty());
    EXPECT_EQ(shop.orders.expect(order)->pay_again, sr::pay_again::yes);
  }
}

} // namespace
