#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;

class FakeStripeFault : public testing::Test {
protected:
  void plan(const json& fault) { shop_.commanded("/faults", fault); }
  httplib::Result create(const std::string& key) {
    return shop_.post("/v1/checkout/sessions", shop::least_form(), key);
  }
  std::size_t sessions() { return shop_.read("/v1/checkout/sessions").at("data").size(); }
  void wait_for_requests(std::size_t count) {
    while (shop_.look("/requests").at("data").size() < count)
      std::this_thread::yield();
  }

  std::unique_ptr<sr::fake_stripe_server> stripe_ = std::make_unique<sr::fake_stripe_server>();
  shop shop_{stripe_->url()};
};

TEST_F(FakeStripeFault, LimitsTheRate) {
  plan({{"kind", "status"}, {"status", 429}, {"count", 2}});
  for (int i = 0; i < 2; ++i) {
    const httplib::Result answer = shop_.get("/v1/events");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 429);
    EXPECT_EQ(json::parse(answer->body).at("error").at("code"), "rate_limit");
    EXPECT_EQ(answer->get_header_value("Stripe-Rate-Limited-Reason"), "global-rate");
    EXPECT_FALSE(answer->has_header("Stripe-Should-Retry"));
  }
  EXPECT_EQ(shop_.get("/v1/events")->status, 200);
}

TEST_F(FakeStripeFault, LocksAnObject) {
  plan({{"kind", "status"}, {"status", 429}, {"code", "lock_timeout"}, {"should_retry", true}});
  const httplib::Result answer = shop_.get("/v1/events");
  ASSERT_TRUE(answer);
  EXPECT_EQ(json::parse(answer->body).at("error").at("code"), "lock_timeout");
  EXPECT_FALSE(answer->has_header("Stripe-Rate-Limited-Reason"));
  EXPECT_EQ(answer->get_header_value("Stripe-Should-Retry"), "true");
}

TEST_F(FakeStripeFault, HitsTheRequestsItIsMeantFor) {
  plan({{"kind", "status"}, {"status", 503}, {"method", "POST"}, {"path_prefix", "/v1/checkout"}});
  EXPECT_EQ(shop_.get("/v1/checkout/sessions")->status, 200);
  EXPECT_EQ(create("")->status, 503);
  EXPECT_EQ(create("")->status, 200);
}

TEST_F(FakeStripeFault, SavesA500UnderTheKeyButNoOtherStatus) {
  plan({{"kind", "status"}, {"status", 503}});
  plan({{"kind", "status"}, {"status", 429}});
  plan({{"kind", "status"}, {"status", 500}});
  EXPECT_EQ(create("a")->status, 503);
  EXPECT_EQ(create("a")->status, 429);
  EXPECT_EQ(create("a")->status, 500);
  EXPECT_EQ(create("a")->status, 500);
  EXPECT_EQ(create("a")->get_header_value("Idempotent-Replayed"), "true");
  EXPECT_EQ(sessions(), 0u);
}

TEST_F(FakeStripeFault, CutsTheAnswerToWhatWasDone) {
  plan({{"kind", "cut"}});
  EXPECT_FALSE(create("a"));
  EXPECT_EQ(sessions(), 1u);
  const httplib::Result replayed = create("a");
  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->status, 200);
  EXPECT_EQ(replayed->get_header_value("Idempotent-Replayed"), "true");
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(FakeStripeFault, CutsTheBodyAndNoHeader) {
  plan({{"kind", "cut"}});
  std::string content_type;
  httplib::Client client(stripe_->url());
  client.Get(
      "/v1/events", {{"Authorization", "Bearer sk_test_shop"}},
      [&](const httplib::Response& begun) {
        content_type = begun.get_header_value("Content-Type");
        return true;
      },
      [](const char*, std::size_t) { return true; });
  EXPECT_EQ(content_type, "application/json");
}

TEST_F(FakeStripeFault, KeepsAKeyInFlightWhileItWaits) {
  plan({{"kind", "latency"}, {"latency_ms", 1000000}});
  int status = 0;
  std::thread first([&] {
    httplib::Client client(stripe_->url());
    client.set_read_timeout(100);
    const httplib::Result answer =
        client.Post("/v1/checkout/sessions",
                    {{"Authorization", "Bearer sk_test_shop"}, {"Idempotency-Key", "a"}},
                    shop::least_form(), "application/x-www-form-urlencoded");
    if (answer) status = answer->status;
  });
  wait_for_requests(1);
  const httplib::Result second = create("a");
  shop_.clear_faults();
  first.join();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 409);
  EXPECT_EQ(json::parse(second->body).at("error").at("code"), "idempotency_key_in_use");
  EXPECT_EQ(status, 200);
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(FakeStripeFault, StallsUntilTheClientGoes) {
  plan({{"kind", "stall"}});
  httplib::Client client(stripe_->url());
  client.set_read_timeout(0, 50000);
  EXPECT_FALSE(client.Get("/v1/events", {{"Authorization", "Bearer sk_test_shop"}}));
  EXPECT_EQ(shop_.get("/v1/events")->status, 200);
}

TEST_F(FakeStripeFault, EndsWithConnectionsStalledSilentAndWaiting) {
  plan({{"kind", "stall"}});
  plan({{"kind", "latency"}, {"latency_ms", 1000000}});
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([url = stripe_->url()] {
      httplib::Client client(url);
      client.set_read_timeout(100);
      client.Get("/v1/events", {{"Authorization", "Bearer sk_test_shop"}});
    });
  }
  wait_for_requests(2);
  stripe_.reset();
  for (std::thread& each : clients)
    each.join();
}

TEST_F(FakeStripeFault, IsRefusedWhereItMakesNoSense) {
  const json wrong[] = {{{"kind", "nothing"}},
                        {{"kind", "status"}},
                        {{"kind", "status"}, {"status", 200}},
                        {{"kind", "status"}, {"status", 418}},
                        {{"kind", "latency"}},
                        {{"kind", "cut"}, {"latency_ms", 1}},
                        {{"kind", "cut"}, {"status", 500}},
                        {{"kind", "cut"}, {"count", 0}},
                        {{"kind", "cut"}, {"coutn", 1}},
                        {{"kind", 5}},
                        json::array(),
                        json()};
  for (const json& each : wrong)
    EXPECT_EQ(shop_.command("/faults", each)->status, 400) << each;
  EXPECT_TRUE(shop_.look("/faults").at("data").empty());
}

TEST_F(FakeStripeFault, LeavesTheControlAlone) {
  plan({{"kind", "status"}, {"status", 500}, {"path_prefix", "/"}});
  EXPECT_EQ(shop_.look("/faults").at("data").size(), 1u);
  EXPECT_EQ(shop_.get("/v1/events")->status, 500);
}

TEST_F(FakeStripeFault, OfRequestsShowsNoKey) {
  shop_.post("/v1/checkout/sessions?a=b", shop::least_form(), "the-key");
  const json all = shop_.look("/requests");
  EXPECT_EQ(all.at("data").at(0), json({{"method", "POST"},
                                        {"path", "/v1/checkout/sessions"},
                                        {"query", "a=b"},
                                        {"idempotency_key", "the-key"},
                                        {"stripe_account", nullptr},
                                        {"stripe_version", nullptr}}));
  EXPECT_EQ(all.dump().find("sk_test"), std::string::npos);
}

TEST_F(FakeStripeFault, AndEverythingElseIsForgottenByAReset) {
  shop_.apply(shop_.create(), "pay");
  plan({{"kind", "status"}, {"status", 500}});
  create("a");
  plan({{"kind", "status"}, {"status", 500}});
  shop_.commanded("/clock", {{"advance", 1000}});
  const int before = shop_.look("/clock").at("now");
  EXPECT_LT(shop_.commanded("/reset").at("now"), before - 500);
  EXPECT_TRUE(shop_.look("/requests").at("data").empty());
  EXPECT_TRUE(shop_.look("/faults").at("data").empty());
  EXPECT_TRUE(shop_.read("/v1/events").at("data").empty());
  EXPECT_EQ(create("a")->status, 200);
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(FakeStripeFault, IsNotTheOnlyThingThatCanBeWrong) {
  EXPECT_EQ(shop_.command("/nothing")->status, 404);
  EXPECT_EQ(shop_.command("/sessions/cs_test_x/pay")->status, 404);
  const json made = shop_.create();
  const std::string path = "/sessions/" + made.at("id").get<std::string>();
  EXPECT_EQ(shop_.command(path + "/nothing")->status, 404);
  EXPECT_EQ(shop_.command(path + "/succeed")->status, 400);
  EXPECT_EQ(shop_.command("/clock", {{"advance", -1}})->status, 400);
  EXPECT_EQ(httplib::Client(stripe_->url()).Post("/_fake/clock", "{", "application/json")->status,
            400);
  EXPECT_EQ(httplib::Client(stripe_->url()).Get("/_fake/clock%zz")->status, 400);
}

} // namespace
