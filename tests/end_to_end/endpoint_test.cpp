// The endpoints of examples/endpoints, each as a program between a browser and a fake Stripe.
#include "end_to_end/endpoint_fixture.hpp"

#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>

#include <ctime>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using nlohmann::json;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// The page, of an endpoint that only decides as well.
class ReturnPage : public endpoint_fixture {};

TEST_P(ReturnPage, ShowsEveryState) {
  struct row {
    std::vector<std::string> actions;
    const char* page;
  };
  for (const row& each : std::vector<row>{
           {{"pay"}, thanks},
           {{"pay_later", "succeed"}, thanks},
           {{"pay_later"}, wait},
           {{"pay_later", "fail"}, pay_again},
           {{"decline"}, pay_again},
           {{}, pay_again},
           {{"expire"}, pay_again},
       }) {
    SCOPED_TRACE(testing::PrintToString(each.actions));
    const shop::json session = sell();
    for (const std::string& action : each.actions)
      shop_.apply(session, action);
    expect_page(come_back(session), 200, each.page);
  }
}

TEST_P(ReturnPage, TakesTheQueryAsTheBrowserSendsIt) {
  const shop::json session = make_session(order);
  shop_.apply(session, "pay");
  const std::string id = session.at("id");
  for (const std::string& query :
       {"session_id=" + id, "lang=zh&session_id=" + id, "session_id=%63s%5Ftest_" + id.substr(8),
        "session_id=" + id + "&payment_status=unpaid&x=%E4%BB%98%E6%AC%BE"})
    expect_page(visit("/stripe_return?" + query), 200, thanks);
}

TEST_P(ReturnPage, RefusesEveryBadQuery) {
  const std::vector<std::string> queries{
      "",
      "?",
      "?session_id=",
      "?session_id=cs_",
      "?session_id%5B%5D=cs_test_a",
      "?session_id=..%2Fcustomers%2Fcus_x",
      "?session_id=%7BCHECKOUT_SESSION_ID%7D",
      "?session_id=cs_test_a_secret_b",
      "?session_id=cs_live_a",
      "?session_id=cs_test_a%00b",
      "?session_id=cs_test_a%26session_id=b",
      "?session_id=%2563s_test_a",
      "?session_id=cs_test_" + std::string(300, 'a'),
      "?session_id=cs_test_a&session_id=cs_test_b",
  };
  for (const std::string& query : queries) {
    SCOPED_TRACE(query);
    expect_page(visit("/stripe_return" + query), 400, bad_link);
  }
  EXPECT_EQ(shop_.look("/requests").at("data").size(), 0u);
}

TEST_P(ReturnPage, SaysSoWhereStripeFails) {
  expect_page(visit("/stripe_return?session_id=cs_test_unknown"), 404, bad_link);
  for (const shop::json& fault : std::vector<shop::json>{
           {{"kind", "status"}, {"status", 429}, {"count", 1}},
           {{"kind", "status"}, {"status", 503}, {"should_retry", false}, {"count", 1}},
           {{"kind", "cut"}, {"count", 3}},
       }) {
    SCOPED_TRACE(fault.dump());
    const shop::json session = sell();
    shop_.apply(session, "decline"); // no worker asks about it meanwhile
    shop_.commanded("/faults", fault);
    expect_page(come_back(session), 503, reload);
    shop_.clear_faults();
    expect_page(come_back(session), 200, pay_again);
  }
}

TEST_P(ReturnPage, ServesManyAtOnce) {
  const shop::json session = sell();
  shop_.apply(session, "pay");
  std::vector<std::thread> browsers;
  for (int i = 0; i < 16; ++i)
    browsers.emplace_back([&] { expect_page(come_back(session), 200, thanks); });
  for (std::thread& each : browsers)
    each.join();
}

TEST_P(ReturnPage, IsAllThatCanBeVisited) {
  for (const char* target : {"/", "/webhook", "/checkout", "/stripe_return/x"}) {
    const auto answer = visit(target);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404) << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, ReturnPage, testing::ValuesIn(endpoint_programs), name_of_endpoint);
INSTANTIATE_TEST_SUITE_P(OfTheShortest, ReturnPage, testing::Values(decide_only_program),
                         name_of_endpoint);

class Endpoint : public endpoint_fixture {
protected:
  // The newest events, as Stripe sends them.
  std::vector<std::string> events() const {
    std::vector<std::string> bodies;
    const json list = shop_.read("/v1/events");
    for (const json& each : list.at("data"))
      bodies.push_back(each.dump());
    return bodies;
  }
  static std::string sign(const std::string& body) {
    return sr::testkit::sign_webhook(body, "whsec_test",
                                     static_cast<sr::unix_seconds>(std::time(nullptr)));
  }
  int status_of_webhook(const std::string& body, const std::string& signature) const {
    const auto answer = send_webhook(body, signature);
    return answer ? answer->status : 0;
  }
};

TEST_P(Endpoint, FulfillsAnOrderOnce) {
  shop_.commanded("/webhooks", {{"url", url_ + "/webhook"},
                                {"secret", "whsec_test"},
                                {"payload", "both"},
                                {"duplicate", 2}});
  const shop::json session = sell(order);
  shop_.apply(session, "pay");
  expect_page(come_back(session), 200, thanks);
  const shop::json sent = shop_.commanded("/webhooks/flush").at("data");
  ASSERT_EQ(sent.size(), 4u) << "two kinds, each twice";
  for (const shop::json& each : sent)
    EXPECT_EQ(each.at("attempts").at(0).at("status"), 200) << each;
  expect_page(come_back(session), 200, thanks);
  EXPECT_EQ(program_.line(), effect_of(order));
  expect_page(visit("/stripe_return?session_id=" + session.at("id").get<std::string>()), 200,
              thanks); // in another browser

  const auto again = check_out("out_trade_no=" + order + "&amount=400&currency=cny");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 409);
  EXPECT_THAT(effects(), IsEmpty());
}

TEST_P(Endpoint, FulfillsNothingThatDoesNotAgree) {
  const shop::json other = make_session("1774256382025448501");
  shop_.apply(other, "pay");
  expect_page(come_back(other), 200, unknown_browser);
  const shop::json cheap = make_session(order, "300");
  shop_.apply(cheap, "pay");
  expect_page(come_back(cheap), 200, wait);
  EXPECT_THAT(effects(), IsEmpty());
}

TEST_P(Endpoint, FulfillsByWebhookAlone) {
  shop_.commanded("/webhooks", {{"url", url_ + "/webhook"}, {"secret", "whsec_test"}});
  shop_.apply(sell("a"), "pay");
  const shop::json later = sell("b");
  shop_.apply(later, "pay_later");
  shop_.apply(later, "succeed");
  shop_.apply(sell("c"), "expire");
  const shop::json sent = shop_.commanded("/webhooks/flush").at("data");
  ASSERT_EQ(sent.size(), 4u);
  for (const shop::json& each : sent) {
    EXPECT_EQ(each.at("state"), "delivered") << each;
    EXPECT_EQ(each.at("attempts").at(0).at("status"), 200);
  }
  EXPECT_THAT(effects(), UnorderedElementsAre(effect_of("a"), effect_of("b")));
}

TEST_P(Endpoint, BelievesNoWebhookButStripes) {
  shop_.apply(sell(order), "pay");
  const std::string event = events().front();
  const std::string good = sign(event);
  const auto now = static_cast<sr::unix_seconds>(std::time(nullptr));
  EXPECT_EQ(status_of_webhook(event, "t=1,v1=00"), 400);
  EXPECT_EQ(status_of_webhook(event, ""), 400);
  EXPECT_EQ(status_of_webhook(event, sr::testkit::sign_webhook(event, "whsec_other", now)), 400);
  EXPECT_EQ(status_of_webhook(event, sr::testkit::sign_webhook(event, "whsec_test", now - 3600)),
            400);
  EXPECT_EQ(status_of_webhook(event + " ", good), 400);
  const auto form =
      httplib::Client(url_).Post("/webhook", "--x--", "multipart/form-data; boundary=x");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->status, 400);
  EXPECT_EQ(form->get_header_value("EXCEPTION_WHAT"), "");
  EXPECT_THAT(effects(), IsEmpty());
}

// Whoever has an account that is connected to the shop's can name the shop's order there.
TEST_P(Endpoint, FulfillsNothingOfAConnectedAccount) {
  shop_.apply(sell(order), "pay");
  json event = json::parse(events().front());
  event["account"] = "acct_other";
  EXPECT_EQ(status_of_webhook(event.dump(), sign(event.dump())), 200);
  const std::string invented = sr::testkit::session_builder()
                                   .paid()
                                   .out_trade_no(order)
                                   .account("acct_other")
                                   .event("checkout.session.completed");
  EXPECT_EQ(status_of_webhook(invented, sign(invented)), 200);
  EXPECT_THAT(effects(), IsEmpty());
}

TEST_P(Endpoint, RefusesACheckoutThatMakesNoOrder) {
  for (const char* form : {"", "out_trade_no=a", "out_trade_no=a&amount=400&currency=yuan",
                           "out_trade_no=a&amount=-1&currency=cny", "amount=400&currency=cny"}) {
    const auto answer = check_out(form);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400) << form;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Endpoint, testing::ValuesIn(endpoint_programs), name_of_endpoint);

// No customer sets a price.
TEST(EndpointWithStripe, HasNoCheckoutByForm) {
  const temporary_folder folder;
  for (const endpoint_program& each : endpoint_programs) {
    running_program program(each.path, {"0", "sqlite:" + (folder.path() / each.name).string()},
                            {"STRIPE_SECRET_KEY=sk_test_shop", "STRIPE_WEBHOOK_SECRET=whsec_test",
                             "STRIPE_API_BASE=https://127.0.0.1:1"});
    const auto answer = httplib::Client(program.line())
                            .Post("/checkout", "out_trade_no=a&amount=1&currency=cny",
                                  "application/x-www-form-urlencoded");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404) << each.name;
  }
}

TEST(EndpointThatCannotWork, EndsAtOnce) {
  for (const endpoint_program& each : endpoint_programs) {
    running_program no_key(each.path, {"0", "sqlite:/no/such/folder/orders.db"},
                           {"STRIPE_SECRET_KEY="});
    EXPECT_EQ(no_key.line(), "");
    EXPECT_EQ(no_key.end(0), 1) << each.name;
    running_program no_folder(each.path, {"0", "sqlite:/no/such/folder/orders.db"},
                              {"STRIPE_SECRET_KEY=sk_test_shop"});
    EXPECT_EQ(no_folder.line(), "");
    EXPECT_EQ(no_folder.end(0), 1) << each.name;
    running_program no_store(each.path, {"0", "orders.db"}, {"STRIPE_SECRET_KEY=sk_test_shop"});
    EXPECT_EQ(no_store.line(), "");
    EXPECT_EQ(no_store.end(0), 1) << each.name;
  }
}

} // namespace
