#include "unit/client/client_calls.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/testkit/fake_stripe.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;
using testing::ElementsAre;

constexpr sr::unix_seconds start = 1790000000;
constexpr sr::unix_seconds day = 24 * 60 * 60;

class FakeStripe : public testing::Test {
protected:
  static sr::testkit::fake_stripe_options options() {
    sr::testkit::fake_stripe_options options;
    options.connected_accounts = {"acct_connected"};
    options.webhook_secret = sr::secret("whsec_test");
    return options;
  }

  // The API without the client, which knows only a part of it. Without a form it is a GET.
  sr::http_response send(const std::string& target, std::optional<std::string> form = {},
                         std::vector<sr::http_header> headers = {}) {
    sr::http_request request;
    request.url = "https://api.stripe.com" + target;
    request.authorization = sr::secret("Bearer sk_test_x");
    request.headers = std::move(headers);
    request.form = std::move(form);
    request.timeout = std::chrono::seconds(10);
    auto answer = send_once(*stripe_, request);
    EXPECT_TRUE(answer) << target;
    return answer ? *std::move(answer) : sr::http_response{};
  }
  json call(const std::string& target, std::optional<std::string> form = {},
            std::vector<sr::http_header> headers = {}) {
    const sr::http_response answer = send(target, std::move(form), std::move(headers));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  json create(const std::string& more = "&success_url=https://shop.example/ok",
              const std::string& mode = "payment") {
    return call("/v1/checkout/sessions", "mode=" + mode + more + item_);
  }
  json post(const std::string& path, const std::string& body = {}) {
    const auto answer = stripe_->post("/_fake/" + path, body);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? json::parse(*answer) : json();
  }
  json apply(const json& session, const std::string& action, const std::string& body = {}) {
    return post("sessions/" + session.at("id").get<std::string>() + "/" + action, body);
  }
  std::vector<std::string> event_types() {
    std::vector<std::string> types;
    const json events = call("/v1/events?limit=100");
    for (const json& each : events.at("data"))
      types.insert(types.begin(), each.at("type").get<std::string>());
    return types;
  }

  std::shared_ptr<sr::testkit::fake_time> time_ = std::make_shared<sr::testkit::fake_time>(start);
  std::shared_ptr<sr::testkit::fake_stripe> stripe_ =
      std::make_shared<sr::testkit::fake_stripe>(time_, options());
  sr::session_client client_ = sr::session_client(
      [] {
        sr::client_options options;
        options.secret_key = sr::secret("sk_test_x");
        return options;
      }(),
      {stripe_, time_});
  const std::string item_ = "&line_items[0][price_data][currency]=eur"
                            "&line_items[0][price_data][product_data][name]=Tea"
                            "&line_items[0][price_data][unit_amount]=1000"
                            "&line_items[0][quantity]=2";
  const std::string monthly_ = "&line_items[0][price_data][recurring][interval]=month"
                               "&success_url=https://shop.example/ok";
};

sr::expected_order order_of(std::int64_t amount, const char* currency = "eur") {
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {sr::money(amount, currency)};
  order.livemode = sr::livemode::test;
  return order;
}

sr::checkout_parameters checkout_of(const sr::expected_order& order) {
  sr::checkout_parameters asked;
  asked.out_trade_no = order.out_trade_no;
  asked.attempt = 1;
  asked.line_items = {{"Tea", order.amounts.front(), 1}};
  asked.success_url = "https://shop.example/ok?session_id={CHECKOUT_SESSION_ID}";
  return asked;
}

TEST_F(FakeStripe, IsATransportOnTheTimeOfTheTest) {
  const sr::expected_order order = order_of(400, "cny");
  const auto made = client_.create(checkout_of(order));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->session.created, start);
  EXPECT_EQ(sr::decide(*made, order).state(), sr::order_state::awaiting_payment);

  time_->advance(std::chrono::minutes(5));
  post("sessions/" + made->session.id + "/pay");
  const auto paid = client_.retrieve(*sr::session_id::parse(made->session.id));
  ASSERT_TRUE(paid) << paid.error().message;
  EXPECT_EQ(sr::decide(*paid, order).state(), sr::order_state::paid);
  EXPECT_EQ(paid->time, start + 300);
}

TEST_F(FakeStripe, SignsWebhooksByTheTimeOfTheTest) {
  const sr::webhook_verifier verifier({{"test", sr::secret("whsec_test")}}, sr::livemode::test);
  apply(create(), "pay");
  std::vector<std::string> told;
  int status = 500;
  const auto receive = [&](const sr::testkit::fake_webhook& each) {
    const auto event = verifier.verify(each.body, each.signature, time_->unix_time());
    EXPECT_TRUE(event) << event.error().message;
    told.push_back(each.event_type);
    return status;
  };
  stripe_->deliver_webhooks(receive);
  stripe_->deliver_webhooks(receive); // it is not due again yet
  status = 200;
  time_->advance(std::chrono::minutes(10));
  stripe_->deliver_webhooks(receive);
  time_->advance(std::chrono::hours(24));
  stripe_->deliver_webhooks(receive);
  EXPECT_THAT(told, ElementsAre("checkout.session.completed", "checkout.session.completed"));
}

TEST_F(FakeStripe, MakesTheSameIdsFromTheSameSeed) {
  const json here = create();
  sr::testkit::fake_stripe_options other = options();
  stripe_ = std::make_shared<sr::testkit::fake_stripe>(time_, other);
  EXPECT_EQ(create(), here);
  other.seed = 2;
  stripe_ = std::make_shared<sr::testkit::fake_stripe>(time_, other);
  EXPECT_NE(create().at("id"), here.at("id"));
}

TEST_F(FakeStripe, MakesSessionsForThePageOfAShop) {
  for (const char* ui : {"embedded_page", "elements", "form"}) {
    const json made = create("&ui_mode=" + std::string(ui) + "&return_url=https://shop.example/");
    EXPECT_EQ(made.at("ui_mode"), ui);
    EXPECT_TRUE(made.at("url").is_null());
    EXPECT_EQ(made.at("client_secret").get<std::string>().find(made.at("id")), 0u);
    EXPECT_TRUE(apply(made, "pay").at("client_secret").is_null());
  }
}

TEST_F(FakeStripe, SetsUpAPaymentMethodWithoutMoney) {
  const json made =
      call("/v1/checkout/sessions", "mode=setup&currency=eur&success_url=https://shop.example/ok");
  EXPECT_EQ(made.at("payment_status"), "no_payment_required");
  EXPECT_TRUE(made.at("amount_total").is_null());
  EXPECT_TRUE(made.at("setup_intent").is_string());
  const json done = apply(made, "pay");
  EXPECT_EQ(done.at("status"), "complete");
  EXPECT_EQ(done.at("payment_status"), "no_payment_required");
  EXPECT_TRUE(done.at("payment_intent").is_null());
}

TEST_F(FakeStripe, StartsASubscriptionWithItsFirstInvoice) {
  const json made = create(monthly_, "subscription");
  EXPECT_TRUE(made.at("subscription").is_null());
  const json paid = apply(made, "pay");
  EXPECT_EQ(paid.at("payment_status"), "paid");
  EXPECT_TRUE(paid.at("payment_intent").is_null());
  EXPECT_TRUE(paid.at("subscription").is_string());
  EXPECT_TRUE(paid.at("invoice").is_string());

  const json later = create(monthly_, "subscription");
  EXPECT_EQ(apply(later, "pay_later").at("payment_status"), "unpaid");
  EXPECT_EQ(apply(later, "fail").at("payment_status"), "unpaid");
  EXPECT_EQ(event_types().back(), "checkout.session.async_payment_failed");

  const json trial = create(monthly_ + "&subscription_data[trial_period_days]=14", "subscription");
  EXPECT_EQ(trial.at("amount_total"), 0);
  EXPECT_EQ(apply(trial, "pay").at("payment_status"), "no_payment_required");
}

TEST_F(FakeStripe, RecoversASessionTwiceInARow) {
  const json first = create("&success_url=https://shop.example/ok&metadata[out_trade_no]=A1"
                            "&after_expiration[recovery][enabled]=true");
  time_->advance(std::chrono::hours(25));
  const json second = apply(first, "recover");
  EXPECT_EQ(second.at("recovered_from"), first.at("id"));
  EXPECT_EQ(second.at("metadata").at("out_trade_no"), "A1");
  apply(second, "expire");
  const json third = apply(second, "recover");
  EXPECT_EQ(third.at("recovered_from"), second.at("id"));
  time_->advance(std::chrono::hours(31 * 24));
  EXPECT_FALSE(stripe_->post("/_fake/sessions/" + first.at("id").get<std::string>() + "/recover"));
}

class CapturedByHand : public FakeStripe {
protected:
  json authorized() {
    const json made = create("&success_url=https://shop.example/ok"
                             "&payment_intent_data[capture_method]=manual");
    const json held = apply(made, "pay");
    EXPECT_EQ(held.at("payment_status"), "unpaid");
    EXPECT_EQ(held.at("payment_intent").at("status"), "requires_capture");
    EXPECT_EQ(held.at("payment_intent").at("amount_capturable"), 2000);
    return held;
  }
  std::string intent_of(const json& session) {
    return "/v1/payment_intents/" + session.at("payment_intent").at("id").get<std::string>();
  }
  sr::order_outcome outcome_of(const json& session) {
    const auto seen = client_.retrieve(*sr::session_id::parse(session.at("id").get<std::string>()));
    EXPECT_TRUE(seen);
    return sr::decide_unchecked(*seen);
  }
};

TEST_F(CapturedByHand, WholeIsPaid) {
  const json held = authorized();
  EXPECT_EQ(call(intent_of(held) + "/capture", "").at("amount_received"), 2000);
  EXPECT_EQ(call("/v1/checkout/sessions/" + held.at("id").get<std::string>()).at("payment_status"),
            "paid");
  EXPECT_THAT(event_types(), ElementsAre("payment_intent.amount_capturable_updated",
                                         "checkout.session.completed", "payment_intent.succeeded"));
}

TEST_F(CapturedByHand, InPartIsToldByThePaymentIntentAlone) {
  const json held = authorized();
  apply(held, "capture", R"({"amount": 1500})");
  const json intent = call(intent_of(held));
  EXPECT_EQ(intent.at("amount"), 2000);
  EXPECT_EQ(intent.at("amount_received"), 1500);
  EXPECT_EQ(intent.at("amount_capturable"), 0);
  EXPECT_TRUE(outcome_of(held).has(sr::reason::partially_captured));
}

TEST_F(CapturedByHand, OrVoidedOrLeftFor7Days) {
  const json canceled = authorized();
  EXPECT_EQ(call(intent_of(canceled) + "/cancel", "").at("status"), "canceled");
  const json left = authorized();
  time_->advance(std::chrono::seconds(7 * day));
  EXPECT_EQ(call(intent_of(left)).at("status"), "canceled");
  EXPECT_EQ(outcome_of(left).state(), sr::order_state::failed);
  EXPECT_EQ(send(intent_of(left) + "/capture", "").status, 400);
}

TEST_F(FakeStripe, GivesMoneyBackInPartAndInWhole) {
  const json paid = apply(create(), "pay");
  const std::string intent = paid.at("payment_intent").at("id");
  const std::string charge = paid.at("payment_intent").at("latest_charge").at("id");
  const json refund = call("/v1/refunds", "payment_intent=" + intent + "&amount=500");
  EXPECT_EQ(refund.at("charge"), charge);
  EXPECT_EQ(call("/v1/charges/" + charge).at("amount_refunded"), 500);
  EXPECT_EQ(call("/v1/charges/" + charge).at("refunded"), false);
  EXPECT_EQ(send("/v1/refunds", "charge=" + charge + "&amount=1501").status, 400);
  post("charges/" + charge + "/refund");
  EXPECT_EQ(call("/v1/charges/" + charge).at("refunded"), true);
  EXPECT_EQ(call("/v1/refunds?charge=" + charge).at("data").size(), 2u);
  EXPECT_EQ(call("/v1/refunds/" + refund.at("id").get<std::string>()), refund);
  EXPECT_EQ(call("/v1/checkout/sessions/" + paid.at("id").get<std::string>()).at("payment_status"),
            "paid");
  EXPECT_THAT(event_types(), ElementsAre("payment_intent.succeeded", "checkout.session.completed",
                                         "charge.refunded", "charge.refunded"));
}

TEST_F(FakeStripe, LetsTheCustomerDispute) {
  const json paid = apply(create(), "pay");
  const std::string charge = paid.at("payment_intent").at("latest_charge").at("id");
  EXPECT_EQ(post("charges/" + charge + "/dispute")
                .at("payment_intent")
                .at("latest_charge")
                .at("disputed"),
            true);
  const json event = call("/v1/events?type=charge.dispute.created").at("data").at(0);
  const json& dispute = event.at("data").at("object");
  EXPECT_EQ(dispute.at("charge"), charge);
  EXPECT_EQ(call("/v1/disputes/" + dispute.at("id").get<std::string>()), dispute);
}

TEST_F(FakeStripe, PresentsTheCustomersCurrencyInBothSchemas) {
  const sr::expected_order order = order_of(2000);
  for (const bool converts : {false, true}) {
    const json made = create("&success_url=https://shop.example/ok&metadata[out_trade_no]=A1"
                             "&adaptive_pricing[enabled]=true");
    apply(made, "present",
          json{{"currency", "usd"},
               {"amount", 2300},
               {"fx_rate", "1.15"},
               {"currency_conversion", converts}}
              .dump());
    const json paid = apply(made, "pay");
    EXPECT_EQ(paid.at("amount_total"), converts ? 2300 : 2000);
    EXPECT_EQ(paid.at("payment_intent").at("currency"), converts ? "usd" : "eur");
    const auto seen = client_.retrieve(*sr::session_id::parse(paid.at("id").get<std::string>()));
    ASSERT_TRUE(seen);
    EXPECT_EQ(sr::decide(*seen, order).state(), sr::order_state::paid) << converts;
  }
}

TEST_F(FakeStripe, ChangesAmountAndMetadataWhileOpen) {
  const json made = create();
  const std::string path = "/v1/checkout/sessions/" + made.at("id").get<std::string>();
  EXPECT_EQ(call(path, "metadata[a]=1&metadata[b]=2").at("metadata"),
            (json{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(call(path, "metadata[a]=").at("metadata"), (json{{"b", "2"}}));
  const json reduced =
      apply(made, "update", R"({"discount": 300, "tax": 19, "metadata": {"c": "3"}})");
  EXPECT_EQ(reduced.at("amount_subtotal"), 2000);
  EXPECT_EQ(reduced.at("amount_total"), 1719);
  EXPECT_EQ(reduced.at("metadata"), (json{{"c", "3"}}));
  EXPECT_EQ(apply(made, "pay").at("payment_intent").at("amount"), 1719);
  EXPECT_FALSE(stripe_->post("/_fake/sessions/" + made.at("id").get<std::string>() + "/update",
                             R"({"discount": 1})"));

  const json elements = create("&ui_mode=elements&return_url=https://shop.example/");
  EXPECT_EQ(call("/v1/checkout/sessions/" + elements.at("id").get<std::string>(),
                 "line_items[0][price_data][currency]=eur"
                 "&line_items[0][price_data][product_data][name]=Cup"
                 "&line_items[0][price_data][unit_amount]=700&line_items[0][quantity]=1")
                .at("amount_total"),
            700);
}

TEST_F(FakeStripe, TellsWhoseEventItIs) {
  const std::vector<sr::http_header> connected = {{"stripe-account", "acct_connected"}};
  const json theirs = call("/v1/checkout/sessions",
                           "mode=payment&success_url=https://shop.example/ok" + item_, connected);
  const std::string path = "/v1/checkout/sessions/" + theirs.at("id").get<std::string>();
  EXPECT_EQ(send(path).status, 404);
  EXPECT_EQ(send(path, {}, {{"stripe-context", "acct_platform/acct_connected"}}).status, 200);
  EXPECT_EQ(send(path, {}, {{"stripe-account", "acct_unknown"}}).status, 403);
  apply(theirs, "pay");
  apply(create(), "pay");
  std::vector<json> told;
  stripe_->deliver_webhooks([&](const sr::testkit::fake_webhook& each) {
    told.push_back(json::parse(each.body));
    return 200;
  });
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].at("account"), "acct_connected");
  EXPECT_EQ(told[0].at("context"), "acct_connected");
  EXPECT_FALSE(told[1].contains("account"));
}

TEST_F(FakeStripe, TakesTheKeyOfEachAccount) {
  post("accounts", R"({"id": "acct_third", "secret_key": "sk_test_third"})");
  const auto status = [&](const char* key, std::vector<sr::http_header> headers = {}) {
    sr::http_request request;
    request.url = "https://api.stripe.com/v1/checkout/sessions";
    request.authorization = sr::secret("Bearer " + std::string(key));
    request.headers = std::move(headers);
    return send_once(*stripe_, request)->status;
  };
  EXPECT_EQ(status("sk_test_third"), 200);
  EXPECT_EQ(status("sk_test_third", {{"stripe-account", "acct_connected"}}), 403);
  EXPECT_EQ(status("sk_org_test_x"), 400);
  EXPECT_EQ(status("sk_org_test_x", {{"stripe-context", "acct_third"}}), 200);
  EXPECT_EQ(status("sk_live_x"), 401);
}

TEST_F(FakeStripe, SendsThinEvents) {
  post("webhooks", R"({"payload": "thin", "events": ["*"]})");
  const json paid = apply(create(), "pay");
  const sr::webhook_verifier verifier({{"test", sr::secret("whsec_test")}}, sr::livemode::test);
  std::vector<std::string> types;
  stripe_->deliver_webhooks([&](const sr::testkit::fake_webhook& each) {
    const auto event = verifier.verify(each.body, each.signature, time_->unix_time());
    EXPECT_TRUE(event) << event.error().message;
    EXPECT_TRUE(event->thin);
    EXPECT_EQ(call("/v2/core/events/" + each.event_id), json::parse(each.body));
    const std::string snapshot = json::parse(each.body).at("snapshot_event");
    EXPECT_EQ(call("/v1/events/" + snapshot).at("type"), each.event_type);
    EXPECT_EQ(send("/v2/core/events/" + snapshot).status, 404);
    EXPECT_EQ(json::parse(each.body).at("type"), "v1." + each.event_type);
    types.push_back(each.event_type);
    return 200;
  });
  EXPECT_THAT(types, ElementsAre("payment_intent.succeeded", "checkout.session.completed"));
}

TEST_F(FakeStripe, RunsIntoFaultsWithoutWaiting) {
  const auto code = [&] {
    const auto answer = client_.retrieve(*sr::session_id::parse("cs_test_a1"));
    EXPECT_FALSE(answer);
    return answer ? sr::error_code{} : answer.error().code;
  };
  post("faults", R"({"kind": "cut", "count": 9})");
  EXPECT_EQ(code(), sr::error_code::connection_lost);
  post("reset");
  post("faults", R"({"kind": "stall", "count": 9})");
  EXPECT_EQ(code(), sr::error_code::timed_out_receiving);
  post("reset");
  post("faults", R"({"kind": "latency", "latency_ms": 3600000, "count": 9})");
  EXPECT_EQ(code(), sr::error_code::timed_out_waiting);
  EXPECT_GT(time_->unix_time(), start);
  EXPECT_LT(time_->unix_time(), start + 3600); // nobody waits longer than the client does
}

TEST_F(FakeStripe, IsNeverStillAtWorkOnWhatNoFaultDelays) {
  std::vector<std::thread> clicks;
  for (int i = 0; i != 4; ++i)
    clicks.emplace_back([this] {
      for (int order = 0; order != 200; ++order) {
        const auto key = "order-" + std::to_string(order);
        EXPECT_EQ(send("/v1/checkout/sessions",
                       "mode=payment&success_url=https://shop.example/ok" + item_,
                       {{"idempotency-key", key}})
                      .status,
                  200);
      }
    });
  for (std::thread& each : clicks)
    each.join();
}

TEST_F(FakeStripe, RefusesAnotherVersionOfTheApi) {
  EXPECT_EQ(send("/v1/events", {}, {{"stripe-version", "2026-09-30.endive"}}).status, 200);
  const sr::http_response refused =
      send("/v1/events", {}, {{"stripe-version", "2026-10-28.endive"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, testing::HasSubstr("2026-09-30.endive"));
}

TEST_F(FakeStripe, SellsFromACatalogToCustomers) {
  const json product = call("/v1/products", "name=Tea&metadata[a]=b");
  const std::string product_id = product.at("id");
  EXPECT_FALSE(product.contains("attributes"));
  const json price = call("/v1/prices", "currency=eur&unit_amount=300&product=" + product_id);
  const json customer = call("/v1/customers", "email=jenny@example.com");
  const json made =
      call("/v1/checkout/sessions?", "mode=payment&success_url=https://shop.example/ok"
                                     "&customer=" +
                                         customer.at("id").get<std::string>() +
                                         "&line_items[0][quantity]=3"
                                         "&line_items[0][price]=" +
                                         price.at("id").get<std::string>());
  EXPECT_EQ(made.at("amount_total"), 900);
  EXPECT_EQ(made.at("customer"), customer.at("id"));
  EXPECT_EQ(call("/v1/products/" + product_id), product);
  EXPECT_EQ(call("/v1/prices?product=" + product_id).at("data").at(0), price);
  EXPECT_EQ(call("/v1/customers?email=jenny@example.com").at("data").at(0), customer);
}

TEST_F(FakeStripe, LeavesNoSessionBehindThatCannotBeShown) {
  EXPECT_EQ(send("/v1/checkout/sessions",
                 "mode=payment&success_url=https://shop.example/ok&expand[]=nothing" + item_)
                .status,
            400);
  EXPECT_EQ(call("/v1/checkout/sessions").at("data").size(), 0u);
  EXPECT_EQ(call("/v1/products").at("data").size(), 0u);
}

TEST_F(FakeStripe, WalksThroughALongListOfOrders) {
  std::vector<std::string> ids;
  for (int i = 0; i < 250; ++i)
    ids.insert(ids.begin(), create().at("id").get<std::string>());
  std::vector<std::string> walked;
  std::string cursor;
  for (bool more = true; more;) {
    const auto page = client_.sessions_since(made_since(start, cursor));
    ASSERT_TRUE(page);
    for (const auto& each : page->data)
      walked.push_back(each.id);
    more = page->has_more;
    cursor = walked.back();
  }
  EXPECT_EQ(walked, ids);
}

} // namespace
