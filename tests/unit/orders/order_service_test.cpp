#include "forwarding_store.hpp"
#include "model_shop.hpp"
#include "shop_of_orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <limits>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using stage = sr::order_stage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(OrderService, OpensACheckoutAndReusesIt) {
  shop_of_orders shop;
  const sr::checkout first = shop.open();
  EXPECT_FALSE(first.url.empty());
  EXPECT_EQ(first.view.pay_again, sr::pay_again::yes);
  const sr::checkout second = shop.open();
  EXPECT_EQ(second.session_id, first.session_id);
  EXPECT_EQ(second.url.reveal(), first.url.reveal());
  EXPECT_THAT(shop.stripe->session_ids(), SizeIs(1));
}

TEST(OrderService, OpensNoneForWhatIsPaid) {
  shop_of_orders shop;
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  const sr::checkout again = shop.open();
  EXPECT_TRUE(again.session_id.empty());
  EXPECT_EQ(again.view.pay_again, sr::pay_again::no);
  EXPECT_EQ(shop.stage(), stage::due);
}

TEST(OrderService, BeginsANewOneAfterAnExpiry) {
  shop_of_orders shop;
  const std::string first = shop.open().session_id;
  shop.stripe->customer(first, "expire");
  const sr::checkout second = shop.open();
  EXPECT_NE(second.session_id, first);
  EXPECT_FALSE(second.url.empty());
  EXPECT_EQ(shop.kept().attempts.size(), 2U);
}

TEST(OrderService, FindsTheSessionOfALostAnswer) {
  shop_of_orders shop;
  shop.stripe->lose_next_answer();
  EXPECT_TRUE(shop.orders.open_checkout(shop.order(), shop.page()).error().retryable());
  EXPECT_EQ(shop.orders.open_checkout(shop.order(), shop.page()).error().code,
            code::checkout_pending);
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::not_yet);
  shop.clock->advance(std::chrono::minutes(1));
  const sr::checkout found = shop.open();
  EXPECT_THAT(shop.stripe->session_ids(), ElementsAre(found.session_id));
  EXPECT_FALSE(found.url.empty());
}

TEST(OrderService, GivesALostAttemptUpThatStripeNeverSaw) {
  shop_of_orders shop;
  shop.stripe->set_outage([](const sr::http_request& request) { return request.form.has_value(); });
  EXPECT_FALSE(shop.orders.open_checkout(shop.order(), shop.page()));
  shop.stripe->set_outage({});
  shop.clock->advance(std::chrono::minutes(1));
  EXPECT_FALSE(shop.open().url.empty());
  EXPECT_EQ(shop.kept().attempts.size(), 2U);
  EXPECT_THAT(shop.stripe->session_ids(), SizeIs(1));
}

TEST(OrderService, RefusesAPageThatContradictsTheOrder) {
  shop_of_orders shop;
  sr::checkout_parameters page = shop.page();
  page.line_items.front().unit_amount = sr::money(4, "cny");
  EXPECT_EQ(shop.orders.open_checkout(shop.order(), page).error().code, code::invalid_option);
  page = shop.page();
  page.success_url = "https://shop.test/return";
  EXPECT_EQ(shop.orders.open_checkout(shop.order(), page).error().code, code::invalid_option);
  page = shop.page();
  page.extra_parameters = {{"after_expiration[recovery][enabled]", "true"}};
  sr::expect_options until;
  until.pay_until = shop.noon + 3600;
  EXPECT_EQ(shop.orders.open_checkout(shop.order(), page, until).error().code,
            code::invalid_option);
  EXPECT_EQ(shop.stripe->requests(), 0);
}

TEST(OrderService, EndsASessionThatContradictsTheOrder) {
  shop_of_orders shop;
  sr::checkout_parameters page = shop.page();
  page.line_items.clear();
  page.extra_parameters = {{"line_items[0][price_data][currency]", "cny"},
                           {"line_items[0][price_data][unit_amount]", "450"},
                           {"line_items[0][price_data][product_data][name]", "Tea"},
                           {"line_items[0][quantity]", "1"}};
  const auto opened = shop.orders.open_checkout(shop.order(), page);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code::wrong_session);
  EXPECT_THAT(shop.open_reasons(), IsEmpty()) << "it is over without money";
  EXPECT_FALSE(shop.open().url.empty());
}

TEST(OrderService, KnowsAnOrderByItsTermsAlone) {
  shop_of_orders shop;
  shop.open();
  sr::expected_order dearer = shop.order();
  dearer.amounts = {sr::money(500, "cny")};
  EXPECT_EQ(shop.orders.expect(dearer).error().code, code::invalid_option);
  EXPECT_TRUE(shop.orders.reprice(dearer));
  EXPECT_EQ(shop.orders.expect(shop.order()).error().code, code::invalid_option);
  sr::checkout_parameters page = shop.page();
  page.line_items.front().unit_amount = sr::money(500, "cny");
  const sr::checkout opened = shop.orders.open_checkout(dearer, page).value();
  EXPECT_THAT(shop.stripe->session_ids(), SizeIs(2));
  shop.stripe->customer(opened.session_id, "pay");
  shop.orders.close("A1", "application").value();
  EXPECT_EQ(shop.stage(), stage::due);
  EXPECT_EQ(shop.orders.reprice(shop.order()).error().code, code::invalid_option);
}

TEST(OrderService, RefusesWhatItCannotKeep) {
  shop_of_orders shop;
  for (const char* number : {"", "A\n1", "\xff"})
    EXPECT_EQ(shop.orders.expect(shop.order(number)).error().code, code::invalid_option) << number;
  sr::expected_order open = shop.order();
  open.amounts.clear();
  EXPECT_EQ(shop.orders.expect(open).error().code, code::invalid_option);
  shop_of_orders weak([] {
    sr::order_options options;
    options.order_token_key = "short";
    return options;
  }());
  EXPECT_EQ(weak.orders.expect(weak.order()).error().code, code::invalid_option);
}

TEST(OrderService, KeepsNothingThatTheApplicationRefuses) {
  shop_of_orders shop;
  sr::expect_options options;
  options.with = [](sr::transaction&) { return false; };
  EXPECT_EQ(shop.orders.expect(shop.order(), options).error().code, code::canceled);
  EXPECT_FALSE(shop.orders.find("A1").value());
}

TEST(OrderService, IsNotCalledFromInsideItsOwnTransaction) {
  shop_of_orders shop;
  std::vector<code> refused;
  sr::expect_options options;
  options.with = [&](sr::transaction&) {
    const auto refuse = [&](const auto& answer) { refused.push_back(answer.error().code); };
    refuse(shop.orders.expect(shop.order("A2")));
    refuse(shop.orders.view("A2"));
    refuse(shop.orders.find("A2"));
    refuse(shop.orders.list());
    refuse(shop.orders.stats());
    refuse(shop.orders.history("A2"));
    refuse(shop.orders.close("A2", "application"));
    return true;
  };
  EXPECT_TRUE(shop.orders.expect(shop.order(), options));
  EXPECT_EQ(refused, std::vector<code>(7, code::inside_transaction));
  EXPECT_TRUE(shop.orders.expect(shop.order("A2")));
}

TEST(OrderService, ClosesWhatNobodyPaid) {
  shop_of_orders shop;
  const std::string session = shop.open().session_id;
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::closed);
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::closed);
  EXPECT_TRUE(shop.open().session_id.empty());
  EXPECT_EQ(shop.orders.close("none", "application").error().code, code::order_not_found);
}

TEST(OrderService, CancelsAndPutsTheMoneyOnTheList) {
  shop_of_orders shop;
  const std::string session = shop.open().session_id;
  shop.stripe->customer(session, "pay");
  EXPECT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::paid);
  EXPECT_EQ(shop.orders.cancel("A1", "Ann").value(), sr::cancel_result::canceled);
  sr::order_query query;
  query.to_give_back = true;
  EXPECT_THAT(shop.orders.list(query).value().orders, SizeIs(1));
  EXPECT_TRUE(shop.orders.mark_refunded(session, "Ann").value());
  EXPECT_FALSE(shop.orders.mark_refunded(session, "Ann").value());
  EXPECT_THAT(shop.orders.list(query).value().orders, IsEmpty());
}

TEST(OrderService, ClosesAnOrderWhoseCheckoutWasLost) {
  for (const bool made : {true, false}) {
    shop_of_orders shop;
    if (made)
      shop.stripe->lose_next_answer();
    else
      shop.stripe->set_outage([](const sr::http_request&) { return true; });
    EXPECT_FALSE(shop.orders.open_checkout(shop.order(), shop.page()));
    shop.stripe->set_outage({});
    EXPECT_EQ(shop.orders.close("A1", "Ann").value().result, sr::close_result::not_yet);
    shop.clock->advance(std::chrono::hours(1));
    EXPECT_EQ(shop.orders.close("A1", "Ann").value().result, sr::close_result::closed);
    EXPECT_EQ(shop.kept().sessions.size(), made ? 1U : 0U);
  }
}

TEST(OrderService, LooksForALostSessionInItsOwnShop) {
  sr::order_options tea, toys;
  tea.naming.shop = "tea";
  toys.naming.shop = "toys";
  shop_of_orders shop(tea);
  const std::string of_tea = shop.open().session_id;
  sr::memory_store store;
  sr::order_service orders(shop.client, store, toys);
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_FALSE(orders.open_checkout(shop.order(), shop.page()));
  shop.stripe->set_outage({});
  shop.clock->advance(std::chrono::hours(1));
  const sr::checkout opened = orders.open_checkout(shop.order(), shop.page()).value();
  EXPECT_FALSE(opened.session_id.empty());
  EXPECT_NE(opened.session_id, of_tea);
}

TEST(OrderService, OpensACheckoutByStripesTimeWhereItsOwnIsWrong) {
  shop_of_orders shop;
  const auto wrong = std::make_shared<order_model::wrong_time>(shop.clock);
  wrong->ahead = 365 * 86400;
  const sr::session_client client(shop_of_orders::client_options(),
                                  {sr::adapt(shop.stripe), wrong});
  sr::memory_store store;
  sr::order_service orders(client, store);
  for (int each = 0; each != 2; ++each) { // made, and then open already
    const sr::checkout opened = orders.open_checkout(shop.order(), shop.page()).value();
    EXPECT_EQ(opened.view.pay_again, sr::pay_again::yes);
    EXPECT_FALSE(opened.url.empty());
  }
}

TEST(OrderService, DoesNotCancelWhileStripeIsOut) {
  shop_of_orders shop;
  shop.open();
  shop.stripe->set_outage([](const sr::http_request&) { return true; });
  EXPECT_EQ(shop.orders.cancel("A1", "Ann").value(), sr::cancel_result::still_payable);
  const sr::close_answer answer = shop.orders.close("A1", "Ann").value();
  EXPECT_EQ(answer.result, sr::close_result::not_yet);
  EXPECT_GT(answer.until, shop.clock->unix_time());
  EXPECT_EQ(shop.stage(), stage::open);
}

TEST(OrderService, MarksWhatWasFulfilledByOtherMeans) {
  shop_of_orders shop;
  const std::string session = shop.open().session_id;
  EXPECT_EQ(shop.orders.mark_fulfilled("A1", sr::fulfilled_by::session, "Ann").error().code,
            code::invalid_option);
  EXPECT_EQ(
      shop.orders.mark_fulfilled("A1", sr::fulfilled_by::session, "Ann", "cs_test_x").error().code,
      code::invalid_option);
  EXPECT_EQ(shop.orders.mark_fulfilled("A1", sr::fulfilled_by::elsewhere, "Ann").value(),
            sr::mark_result::marked);
  EXPECT_EQ(shop.orders.mark_fulfilled("A1", sr::fulfilled_by::elsewhere, "Ann").value(),
            sr::mark_result::already_fulfilled);
  EXPECT_FALSE(shop.client.expire(*sr::session_id::parse(session))) << "it was ended";
}

TEST(OrderService, ListsInPages) {
  shop_of_orders shop;
  for (int i = 0; i != 7; ++i)
    shop.orders.expect(shop.order("A" + std::to_string(i))).value();
  sr::order_query query;
  query.limit = 3;
  query.stage = stage::open;
  std::vector<std::string> numbers;
  do {
    const sr::order_page page = shop.orders.list(query).value();
    for (const sr::order_record& each : page.orders)
      numbers.push_back(each.out_trade_no);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_THAT(numbers, ElementsAre("A0", "A1", "A2", "A3", "A4", "A5", "A6"));
  query.page_token = "elsewhere";
  EXPECT_EQ(shop.orders.list(query).error().code, code::invalid_option);
  query = {};
  query.waiting_for = sr::waits_for::checkout;
  EXPECT_THAT(shop.orders.list(query).value().orders, SizeIs(7));
  query.waiting_before = shop.noon;
  EXPECT_THAT(shop.orders.list(query).value().orders, IsEmpty());
}

TEST(OrderService, NamesRowsThatItCannotRead) {
  shop_of_orders shop;
  shop.orders.expect(shop.order()).value();
  sr::order_change broken;
  broken.row.key = sr::order_key("B1");
  broken.row.text = "{";
  broken.row.index.time(sr::order_list::all) = shop.noon;
  ASSERT_EQ(shop.store.put(broken, {}).value(), sr::put_result::done);
  const sr::order_page page = shop.orders.list().value();
  EXPECT_THAT(page.orders, SizeIs(1));
  EXPECT_THAT(page.unreadable, ElementsAre(sr::order_key("B1")));
  EXPECT_EQ(shop.orders.find("B1").error().code, code::store_corrupt);
}

TEST(OrderService, KeepsToTheStoreOfItsMode) {
  shop_of_orders shop;
  shop.open();
  sr::client_options live = shop.client_options();
  live.secret_key = "sk_live_1";
  const sr::session_client client(live, {sr::adapt(shop.stripe), shop.clock});
  sr::order_service other(client, shop.store);
  EXPECT_EQ(other.expect(shop.order("A2")).error().code, code::wrong_store);
}

TEST(OrderService, TakesTokensOfTheKeyBefore) {
  sr::order_options options;
  options.order_token_key = std::string(32, 'a');
  shop_of_orders before(options);
  const std::string session = before.open().session_id;
  const std::string url = before.stripe->success_url(session);
  const std::string token = url.substr(url.find("order_token=") + 12);
  options.previous_order_token_key = options.order_token_key;
  options.order_token_key = std::string(32, 'b');
  const shop_of_orders after(options);
  EXPECT_EQ(after.orders.order_of_token(token), "A1");
  EXPECT_EQ(after.orders.order_of_token("A1"), std::nullopt);
}

TEST(OrderService, TellsTheHistory) {
  shop_of_orders shop;
  shop.open();
  std::vector<sr::history_action> actions;
  const auto lines = shop.orders.history("A1").value();
  for (const sr::history_entry& each : lines)
    actions.push_back(each.action);
  EXPECT_THAT(actions, ElementsAre(sr::history_action::expected, sr::history_action::attempt_begun,
                                   sr::history_action::session_issued));
  EXPECT_EQ(shop.orders.history("none").error().code, code::order_not_found);
}

TEST(OrderService, TellsWhatFollowsFromAnOrderInHand) {
  shop_of_orders shop;
  const std::string session = shop.open().session_id;
  const sr::order_record open = shop.kept();
  EXPECT_EQ(shop.orders.view(open).pay_again, sr::pay_again::yes);
  EXPECT_FALSE(shop.orders.may_release(open));
  shop.stripe->customer(session, "expire");
  ASSERT_EQ(shop.orders.close("A1", "application").value().result, sr::close_result::closed);
  EXPECT_EQ(shop.orders.view(shop.kept()).stage, stage::closed);
  EXPECT_TRUE(shop.orders.may_release(shop.kept()));
  EXPECT_FALSE(shop.orders.may_release(open)); // it is told what was known then
}

TEST(OrderService, CountsForMonitoring) {
  shop_of_orders shop;
  EXPECT_EQ(shop.orders.stats()->livemode, std::nullopt); // nobody has used the store yet
  EXPECT_EQ(shop.orders.stats()->livemode, std::nullopt); // looking is no use of it
  shop.open();
  const sr::order_stats stats = shop.orders.stats().value();
  EXPECT_EQ(stats.waiting.count, 1U);
  EXPECT_EQ(stats.tasks.count, 0U);
  EXPECT_EQ(stats.last_reconciled, std::nullopt);
  EXPECT_EQ(stats.livemode, sr::livemode::test);
}

TEST(OrderService, LetsOthersWorkWhileTheStoreIsSlow) {
  shop_of_orders shop;
  forwarding_store slow(shop.store);
  sr::order_service orders(shop.client, slow);
  std::atomic<bool> begun{false};
  std::future<bool> other;
  bool answered = false;
  slow.before = [&] {
    if (!begun.exchange(true)) {
      other = std::async(std::launch::async, [&] { return orders.stats().has_value(); });
      answered = other.wait_for(std::chrono::seconds(5)) == std::future_status::ready;
    }
    return std::nullopt;
  };
  EXPECT_TRUE(orders.expect(shop.order()));
  EXPECT_TRUE(answered);
  EXPECT_TRUE(other.get());
}

TEST(OrderService, KeepsToTheStoreOfItsModeWithAnotherKey) {
  shop_of_orders shop;
  shop.open();
  shop.client.set_secret_key(sr::secret("sk_live_1"));
  EXPECT_EQ(shop.orders.expect(shop.order("A2")).error().code, code::wrong_store);
  shop.client.set_secret_key(sr::secret("sk_test_2"));
  EXPECT_TRUE(shop.orders.expect(shop.order("A2")));
}

TEST(OrderService, CannotReadAnOrderWithoutTerms) {
  shop_of_orders shop;
  shop.orders.expect(shop.order()).value();
  sr::order_record none = shop.kept();
  none.expectations.clear();
  ++none.version;
  ASSERT_EQ(shop.store.put({row_of(none), {}, ""}, {}).value(), sr::put_result::done);
  EXPECT_EQ(shop.orders.open_checkout(shop.order(), shop.page()).error().code, code::store_corrupt);
}

TEST(OrderService, NeedsTheSessionInItsParameterOfTheReturn) {
  sr::order_options options;
  options.query_parameter = "sid";
  shop_of_orders shop(options);
  sr::checkout_parameters page = shop.page();
  for (const char* url : {"?session_id={CHECKOUT_SESSION_ID}", "/sid={CHECKOUT_SESSION_ID}",
                          "#sid={CHECKOUT_SESSION_ID}", "?a=b#?sid={CHECKOUT_SESSION_ID}",
                          "?xsid={CHECKOUT_SESSION_ID}", "?sid={CHECKOUT_SESSION_ID}x"}) {
    page.success_url = std::string("https://shop.test/return") + url;
    const auto refused = shop.orders.open_checkout(shop.order(), page);
    ASSERT_FALSE(refused) << url;
    EXPECT_THAT(refused.error().message, HasSubstr("sid={CHECKOUT_SESSION_ID}")) << url;
  }
  page.success_url = "https://shop.test/return?a=b&sid={CHECKOUT_SESSION_ID}#top";
  EXPECT_TRUE(shop.orders.open_checkout(shop.order(), page));
}

TEST(OrderService, ReadsOnlyWhatHasWaitedForSoLong) {
  shop_of_orders shop;
  for (const char* number : {"A1", "A2", "A3"})
    shop.orders.expect(shop.order(number)).value();
  forwarding_store kept(shop.store);
  int calls = 0;
  kept.before = [&] {
    ++calls;
    return std::nullopt;
  };
  const sr::order_service orders(shop.client, kept);
  sr::order_query query;
  query.limit = 1;
  for (const sr::unix_seconds before :
       {shop.noon, (std::numeric_limits<sr::unix_seconds>::min)()}) {
    query.waiting_before = before;
    EXPECT_THAT(orders.list(query).value().orders, IsEmpty());
  }
  EXPECT_EQ(calls, 2) << "one for each list";
  query.waiting_before = shop.noon + 1;
  EXPECT_THAT(orders.list(query).value().orders, SizeIs(1));
}

} // namespace
