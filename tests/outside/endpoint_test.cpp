// The endpoints of examples/endpoints, each as a program between a browser and a fake Stripe.
#include "outside/endpoint_fixture.hpp"

#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>

#include <ctime>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;

class Endpoint : public endpoint_fixture {};

TEST_P(Endpoint, EveryState) {
  struct row {
    std::vector<std::string> happenings;
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
    SCOPED_TRACE(testing::PrintToString(each.happenings));
    const shop::json session = checkout();
    for (const std::string& happening : each.happenings)
      shop_.let(session, happening);
    expect_page(come_back(session), 200, each.page);
  }
  EXPECT_THAT(fulfilled(), ElementsAre("fulfill " + order, "fulfill " + order));
}

TEST_P(Endpoint, FulfillsNoOrderButItsOwn) {
  const shop::json other = checkout("1774256382025448501");
  const shop::json cheap = checkout(order, "300");
  for (const shop::json& each : {other, cheap}) {
    shop_.let(each, "pay");
    expect_page(come_back(each), 200, wait);
  }
  EXPECT_THAT(fulfilled(), IsEmpty());
}

TEST_P(Endpoint, TakesTheQueryAsTheBrowserSendsIt) {
  const shop::json session = checkout();
  shop_.let(session, "pay");
  const std::string id = session.at("id");
  for (const std::string& query :
       {"session_id=" + id, "lang=zh&session_id=" + id, "session_id=%63s%5Ftest_" + id.substr(8),
        "session_id=" + id + "&payment_status=unpaid&x=%E4%BB%98%E6%AC%BE"})
    expect_page(visit("/stripe_return?" + query), 200, thanks);
}

TEST_P(Endpoint, EveryRefusalOfAQuery) {
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
  EXPECT_THAT(fulfilled(), IsEmpty());
}

TEST_P(Endpoint, EveryFailureOfStripe) {
  expect_page(visit("/stripe_return?session_id=cs_test_unknown"), 404, bad_link);
  const shop::json session = checkout();
  shop_.let(session, "pay");
  for (const shop::json& fault : std::vector<shop::json>{
           {{"kind", "status"}, {"status", 429}, {"count", 1}},
           {{"kind", "status"}, {"status", 503}, {"should_retry", false}, {"count", 1}},
           {{"kind", "cut"}, {"count", 3}},
       }) {
    SCOPED_TRACE(fault.dump());
    shop_.commanded("/faults", fault);
    expect_page(come_back(session), 503, reload);
    shop_.clear_faults();
    expect_page(come_back(session), 200, thanks);
  }
}

TEST_P(Endpoint, ServesManyAtOnce) {
  const shop::json session = checkout();
  shop_.let(session, "pay");
  std::vector<std::thread> browsers;
  for (int i = 0; i < 16; ++i)
    browsers.emplace_back([&] { expect_page(come_back(session), 200, thanks); });
  for (std::thread& each : browsers)
    each.join();
}

TEST_P(Endpoint, HearsOfPaymentsByWebhook) {
  shop_.commanded("/webhooks", {{"url", url_ + "/webhook"}, {"secret", "whsec_test"}});
  shop_.let(checkout(), "pay");
  const shop::json later = checkout();
  shop_.let(later, "pay_later");
  shop_.let(later, "succeed");
  shop_.let(checkout(), "expire");
  const shop::json sent = shop_.commanded("/webhooks/flush").at("data");
  ASSERT_EQ(sent.size(), 4u);
  for (const shop::json& each : sent) {
    EXPECT_EQ(each.at("state"), "delivered") << each;
    EXPECT_EQ(each.at("attempts").at(0).at("status"), 200);
  }
  EXPECT_THAT(fulfilled(), ElementsAre("fulfill " + order, "fulfill " + order));
}

TEST_P(Endpoint, BelievesNoWebhookButStripes) {
  const std::string event =
      sr::testkit::session_builder().paid().out_trade_no(order).event("checkout.session.completed");
  const auto now = static_cast<sr::unix_seconds>(std::time(nullptr));
  const std::string good = sr::testkit::sign_webhook(event, "whsec_test", now);
  const auto status = [&](const std::string& body, const std::string& signature) {
    const auto answer = send_webhook(body, signature);
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(status(event, "t=1,v1=00"), 400);
  EXPECT_EQ(status(event, ""), 400);
  EXPECT_EQ(status(event, sr::testkit::sign_webhook(event, "whsec_other", now)), 400);
  EXPECT_EQ(status(event, sr::testkit::sign_webhook(event, "whsec_test", now - 3600)), 400);
  EXPECT_EQ(status(event + " ", good), 400);
  const auto form =
      httplib::Client(url_).Post("/webhook", "--x--", "multipart/form-data; boundary=x");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->status, 400);
  EXPECT_EQ(form->get_header_value("EXCEPTION_WHAT"), "");
  EXPECT_EQ(status(event, good), 200);
  EXPECT_THAT(fulfilled(), ElementsAre("fulfill " + order));
}

// Whoever has an account that is connected to the shop's can name the shop's order there.
TEST_P(Endpoint, FulfillsNothingOfAConnectedAccount) {
  const std::string event = sr::testkit::session_builder()
                                .paid()
                                .out_trade_no(order)
                                .account("acct_other")
                                .event("checkout.session.completed");
  const auto now = static_cast<sr::unix_seconds>(std::time(nullptr));
  const auto answer = send_webhook(event, sr::testkit::sign_webhook(event, "whsec_test", now));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(fulfilled(), IsEmpty());
}

TEST_P(Endpoint, HasNothingElse) {
  for (const char* target : {"/", "/webhook", "/stripe_return/x"}) {
    const auto answer = visit(target);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404) << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Endpoint, testing::ValuesIn(endpoint_programs), name_of_endpoint);

} // namespace
