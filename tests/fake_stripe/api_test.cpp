#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;

class FakeStripeApi : public testing::Test {
protected:
  sr::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
};

json error_of(const httplib::Result& answer) {
  return answer ? json::parse(answer->body).at("error") : json();
}

TEST_F(FakeStripeApi, CreatesAnOpenSession) {
  const json made = shop_.create();
  EXPECT_EQ(made.at("object"), "checkout.session");
  EXPECT_EQ(made.at("id").get<std::string>().size(), 66u);
  EXPECT_EQ(made.at("status"), "open");
  EXPECT_EQ(made.at("payment_status"), "unpaid");
  EXPECT_EQ(made.at("amount_total"), 400);
  EXPECT_EQ(made.at("currency"), "cny");
  EXPECT_EQ(made.at("livemode"), false);
  EXPECT_EQ(made.at("metadata"), json({{"out_trade_no", "A1"}}));
  EXPECT_TRUE(made.at("payment_intent").is_null());
  EXPECT_TRUE(made.at("customer_details").is_null());
  EXPECT_FALSE(made.contains("line_items"));
  EXPECT_EQ(made.at("expires_at").get<int>() - made.at("created").get<int>(), 24 * 60 * 60);
  EXPECT_EQ(made.at("url").get<std::string>().rfind(stripe_.url() + "/c/pay/cs_test_", 0), 0u);
  EXPECT_EQ(shop_.read(shop::path_of(made)), made);
}

TEST_F(FakeStripeApi, SendsStripesHeaders) {
  const httplib::Result answer = shop_.post("/v1/checkout/sessions", shop::least_form(), "key-1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->get_header_value("Request-Id").rfind("req_", 0), 0u);
  EXPECT_EQ(answer->get_header_value("Stripe-Version"), "2026-09-30.endive");
  EXPECT_EQ(answer->get_header_value("Idempotency-Key"), "key-1");
  EXPECT_EQ(answer->get_header_value("Original-Request"), answer->get_header_value("Request-Id"));
  EXPECT_FALSE(answer->get_header_value("Date").empty());
}

TEST_F(FakeStripeApi, TakesKeysOfTestModeAlone) {
  const auto status_of = [&](const httplib::Headers& headers) {
    const httplib::Result answer = httplib::Client(stripe_.url()).Get("/v1/events", headers);
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(status_of({{"Authorization", "Bearer sk_test_x"}}), 200);
  EXPECT_EQ(status_of({httplib::make_basic_authentication_header("rk_test_x", "")}), 200);
  EXPECT_EQ(status_of({}), 401);
  EXPECT_EQ(status_of({{"Authorization", "Bearer sk_test_"}}), 401);
  EXPECT_EQ(status_of({{"Authorization", "Bearer sk_live_x"}}), 401);
  EXPECT_EQ(status_of({{"Authorization", "Digest sk_test_x"}}), 401);
  EXPECT_EQ(status_of({{"Authorization", "Bearer pk_test_x"}}), 403);
}

TEST_F(FakeStripeApi, MasksAWrongKey) {
  sr::fake_stripe_server_options options;
  options.secret_key = "sk_test_right";
  const sr::fake_stripe_server other(options);
  const httplib::Result answer =
      httplib::Client(other.url())
          .Get("/v1/events", {{"Authorization", "Bearer sk_test_abcdefgh1234"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(error_of(answer).at("message"), "Invalid API Key provided: sk_test_********1234");
  EXPECT_FALSE(answer->has_header("Request-Id"));
  EXPECT_TRUE(answer->has_header("WWW-Authenticate"));
}

TEST_F(FakeStripeApi, RefusesUnknownSessionsAndUrls) {
  const httplib::Result missing = shop_.get("/v1/checkout/sessions/cs_test_x");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
  EXPECT_EQ(error_of(missing).at("code"), "resource_missing");
  EXPECT_EQ(error_of(missing).at("message"), "No such checkout.session: 'cs_test_x'");
  EXPECT_EQ(shop_.get("/v1/checkout/sessions/" + std::string(67, 'x'))->status, 400);
  for (const char* path : {"/v1/checkout/sessions/", "/v1/nothing", "/v1/checkout/sessions/a/b",
                           "/v1/events/evt_1/x", "/v1/checkout/sessions//expire"}) {
    const httplib::Result answer = shop_.get(path);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404) << path;
    EXPECT_FALSE(error_of(answer).contains("code")) << path;
  }
}

TEST_F(FakeStripeApi, ExpandsTheWayDown) {
  json made = shop_.create();
  EXPECT_TRUE(
      shop_.read(shop::path_of(made) + "?expand[]=payment_intent").at("payment_intent").is_null());
  shop_.apply(made, "pay");
  const json read = shop_.read(
      shop::path_of(made) +
      "?expand%5B0%5D=payment_intent.latest_charge&expand%5B1%5D=line_items.data.price.product");
  EXPECT_EQ(read.at("payment_intent").at("status"), "succeeded");
  EXPECT_EQ(read.at("payment_intent").at("amount_received"), 400);
  EXPECT_EQ(read.at("payment_intent").at("latest_charge").at("refunded"), false);
  const json item = read.at("line_items").at("data").at(0);
  EXPECT_EQ(item.at("description"), "Tea");
  EXPECT_EQ(item.at("amount_total"), 400);
  EXPECT_EQ(item.at("price").at("product").at("name"), "Tea");
  const json list = shop_.read("/v1/checkout/sessions?expand[]=data.payment_intent");
  EXPECT_EQ(list.at("data").at(0).at("payment_intent").at("status"), "succeeded");
  for (const char* path : {"url", "metadata", "nothing", "payment_intent.status", "data",
                           "payment_intent.latest_charge.a.b.c"}) {
    const httplib::Result refused = shop_.get(shop::path_of(made) + "?expand[]=" + path);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 400) << path;
  }
}

TEST_F(FakeStripeApi, MakesNothingWhereTheExpansionIsWrong) {
  const httplib::Result refused =
      shop_.post("/v1/checkout/sessions", shop::least_form() + "&expand[]=nothing");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 400);
  EXPECT_TRUE(shop_.read("/v1/checkout/sessions").at("data").empty());
}

TEST_F(FakeStripeApi, ListsSessionsNewestFirst) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.insert(ids.begin(), shop_.create().at("id"));
  std::vector<std::string> listed;
  json page = shop_.read("/v1/checkout/sessions?limit=2");
  while (true) {
    for (const json& each : page.at("data"))
      listed.push_back(each.at("id"));
    if (!page.at("has_more").get<bool>()) break;
    page = shop_.read("/v1/checkout/sessions?limit=2&starting_after=" + listed.back());
  }
  EXPECT_EQ(listed, ids);
}

TEST_F(FakeStripeApi, FiltersSessions) {
  const json first = shop_.create();
  shop_.commanded("/clock", {{"advance", 1000}});
  const json second = shop_.apply(shop_.create(), "pay");
  const auto ids = [&](const std::string& query) {
    std::vector<std::string> all;
    const json list = shop_.read("/v1/checkout/sessions?" + query);
    for (const json& each : list.at("data"))
      all.push_back(each.at("id") == first.at("id") ? "first" : "second");
    return all;
  };
  const std::string created = std::to_string(first.at("created").get<int>());
  using names = std::vector<std::string>;
  EXPECT_EQ(ids("created[gte]=" + created), (names{"second", "first"}));
  EXPECT_EQ(ids("created[gt]=" + created), (names{"second"}));
  EXPECT_EQ(ids("created[lte]=" + created), (names{"first"}));
  EXPECT_EQ(ids("status=open"), (names{"first"}));
  EXPECT_EQ(ids("payment_intent=" + second.at("payment_intent").at("id").get<std::string>()),
            (names{"second"}));
  EXPECT_EQ(ids("customer=cus_x"), (names{}));
  EXPECT_EQ(shop_.get("/v1/checkout/sessions?nothing=1")->status, 400);
}

TEST_F(FakeStripeApi, ListsLineItemsInPages) {
  std::string more;
  for (int i = 1; i < 12; ++i) {
    const std::string item = "&line_items[" + std::to_string(i) + "]";
    more += item + "[price_data][currency]=cny" + item + "[price_data][product_data][name]=n" +
            std::to_string(i) + item + "[price_data][unit_amount]=1" + item + "[quantity]=1";
  }
  const json made = shop_.create(more + "&expand[]=line_items");
  EXPECT_EQ(made.at("line_items").at("data").size(), 10u);
  EXPECT_EQ(made.at("line_items").at("has_more"), true);
  const std::string path = shop::path_of(made) + "/line_items";
  const json page = shop_.read(path + "?limit=2&starting_after=" +
                               made.at("line_items").at("data").at(9).at("id").get<std::string>());
  EXPECT_EQ(page.at("data").size(), 2u);
  EXPECT_EQ(page.at("has_more"), false);
  EXPECT_EQ(page.at("data").at(1).at("description"), "n11");
}

TEST_F(FakeStripeApi, TakesAFormOfMoreThan8KiB) {
  std::string more;
  for (int i = 0; i < 40; ++i)
    more += "&metadata[k" + std::to_string(i) + "]=" + std::string(400, 'a');
  EXPECT_EQ(shop_.create(more).at("metadata").size(), 41u);
}

TEST_F(FakeStripeApi, ExpiresOnlyOpenSessions) {
  const json made = shop_.create();
  const json expired = shop::body(shop_.post(shop::path_of(made) + "/expire"));
  EXPECT_EQ(expired.at("status"), "expired");
  EXPECT_EQ(expired.at("payment_status"), "unpaid");
  EXPECT_TRUE(expired.at("url").is_null());
  const httplib::Result again = shop_.post(shop::path_of(made) + "/expire");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 400);
  EXPECT_EQ(error_of(again).at("message"),
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout "
            "Session has a status of `expired`.");
}

TEST_F(FakeStripeApi, ReplaysWhatAnIdempotencyKeyBegan) {
  const auto create = [&](const std::string& more, const std::string& key) {
    return shop_.post("/v1/checkout/sessions", shop::least_form() + more, key);
  };
  const httplib::Result first = create("", "a");
  const httplib::Result again = create("", "a");
  ASSERT_TRUE(first && again);
  EXPECT_EQ(again->body, first->body);
  EXPECT_EQ(again->get_header_value("Idempotent-Replayed"), "true");
  EXPECT_EQ(again->get_header_value("Original-Request"), first->get_header_value("Request-Id"));
  EXPECT_FALSE(first->has_header("Idempotent-Replayed"));
  EXPECT_EQ(shop_.read("/v1/checkout/sessions").at("data").size(), 1u);

  const httplib::Result other = create("&client_reference_id=x", "a");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->status, 400);
  EXPECT_EQ(error_of(other).at("type"), "idempotency_error");

  // What was never begun may be put right under the same key.
  EXPECT_EQ(create("&mode=wrong", "b")->status, 400);
  EXPECT_EQ(create("", "b")->status, 200);

  shop_.commanded("/clock", {{"advance", 24 * 60 * 60 + 1}});
  EXPECT_NE(create("", "a")->body, first->body);
}

TEST_F(FakeStripeApi, ReplaysTheRefusalToExpire) {
  const json made = shop_.apply(shop_.create(), "pay");
  const std::string path = shop::path_of(made) + "/expire";
  EXPECT_EQ(shop_.post(path, "", "k")->status, 400);
  EXPECT_EQ(shop_.post(path, "", "k")->get_header_value("Idempotent-Replayed"), "true");
}

TEST_F(FakeStripeApi, ShowsEventsOfEachStep) {
  const json paid = shop_.apply(shop_.create(), "pay");
  const json later = shop_.apply(shop_.create(), "pay_later");
  shop_.apply(later, "fail");
  const json gone = shop_.create();
  shop_.post(shop::path_of(gone) + "/expire", "", "expiry");

  const json events = shop_.read("/v1/events");
  std::vector<std::string> types;
  for (const json& each : events.at("data"))
    types.push_back(each.at("type"));
  EXPECT_EQ(types, (std::vector<std::string>{
                       "checkout.session.expired", "checkout.session.async_payment_failed",
                       "checkout.session.completed", "checkout.session.completed",
                       "payment_intent.succeeded"}));
  const json& expired = events.at("data").at(0);
  EXPECT_EQ(expired.at("data").at("object").at("id"), gone.at("id"));
  EXPECT_EQ(expired.at("data").at("object").at("status"), "expired");
  EXPECT_EQ(expired.at("request").at("idempotency_key"), "expiry");
  EXPECT_EQ(expired.at("pending_webhooks"), 0);
  // Snapshots: the first of them does not know of what came later, and nothing is expanded.
  const json& completed = events.at("data").at(2);
  EXPECT_EQ(completed.at("data").at("object").at("payment_status"), "unpaid");
  EXPECT_TRUE(completed.at("data").at("object").at("payment_intent").is_string());
  EXPECT_TRUE(completed.at("request").at("id").is_null());
  EXPECT_EQ(shop_.read("/v1/events/" + completed.at("id").get<std::string>()), completed);

  EXPECT_EQ(shop_.read("/v1/events?type=checkout.session.completed").at("data").size(), 2u);
  EXPECT_EQ(shop_.read("/v1/events?types[]=checkout.session.expired&types[]=x").at("data").size(),
            1u);
  EXPECT_EQ(shop_.read("/v1/events?limit=1&starting_after=" + completed.at("id").get<std::string>())
                .at("data")
                .at(0)
                .at("data")
                .at("object")
                .at("id"),
            paid.at("id"));
}

TEST_F(FakeStripeApi, ForgetsEventsAfter30Days) {
  shop_.apply(shop_.create(), "pay_later");
  shop_.commanded("/clock", {{"advance", 30 * 24 * 60 * 60 - 10}});
  EXPECT_EQ(shop_.read("/v1/events").at("data").size(), 1u);
  shop_.commanded("/clock", {{"advance", 11}});
  EXPECT_EQ(shop_.read("/v1/events").at("data").size(), 0u);
}

TEST_F(FakeStripeApi, ServesManyAtOnce) {
  std::vector<std::thread> shops;
  for (int i = 0; i < 8; ++i) {
    shops.emplace_back([this] {
      for (int j = 0; j < 5; ++j)
        shop_.apply(shop_.create(), "pay");
    });
  }
  for (std::thread& each : shops)
    each.join();
  std::set<std::string> intents;
  const json list = shop_.read("/v1/checkout/sessions?limit=100");
  for (const json& each : list.at("data"))
    intents.insert(each.at("payment_intent").get<std::string>());
  EXPECT_EQ(intents.size(), 40u);
}

} // namespace
