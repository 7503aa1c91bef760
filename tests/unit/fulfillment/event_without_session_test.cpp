// Events whose session the desk has to fetch.
#include "desk_fixture.hpp"

#include <stripe_return/testkit/session_builder.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using sr::testkit::session_builder;

class EventWithoutSession : public ::testing::Test {
protected:
  sr::webhook_answer hear(const std::string& body) {
    return shop_.desk.on_webhook(
        body, sr::testkit::sign_webhook(body, "whsec_test", shop_.clock->unix_time()));
  }
  sr::webhook_answer hear_thin(const std::string& type, const std::string& session_id) {
    return hear(session_builder().id(session_id).thin_event(type));
  }

  shop_desk shop_;
};

TEST_F(EventWithoutSession, IsHeardAsStripeHasTheSession) {
  const std::string id = shop_.open().session_id;
  shop_.stripe->customer(id, "pay");
  const auto answer = hear_thin("checkout.session.completed", id);
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(answer.out_trade_no, "A1");
  EXPECT_FALSE(answer.failure);
  EXPECT_EQ(shop_.kept().stage, sr::order_stage::due);
  EXPECT_EQ(shop_.store.history("A1").value().back().event_id, "evt_1");
}

TEST_F(EventWithoutSession, TellsThatAPaymentFailedThoughThePaymentIntentMayNotBeRead) {
  const std::string id = shop_.open().session_id;
  shop_.stripe->customer(id, "pay_later");
  shop_.stripe->plan_fault(
      R"({"kind": "status", "status": 403, "path_prefix": "/v1/checkout/sessions", "count": 1})");
  EXPECT_EQ(hear_thin("checkout.session.async_payment_failed", id).http_status, 200);
  EXPECT_EQ(shop_.desk.view("A1").value()->state, sr::order_state::failed);
}

TEST_F(EventWithoutSession, ComesAgainWhereStripeIsOut) {
  const std::string id = shop_.open().session_id;
  shop_.stripe->customer(id, "pay");
  shop_.stripe->set_outage([](const sr::http_request&) { return true; });
  const auto answer = hear_thin("checkout.session.completed", id);
  EXPECT_EQ(answer.http_status, 503);
  EXPECT_EQ(answer.failure->code, sr::error_code::connection_lost);
}

TEST_F(EventWithoutSession, OfASessionThatStripeDoesNotKnowIsAccepted) {
  const auto answer = hear_thin("checkout.session.completed", "cs_test_unknown");
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(answer.failure->code, sr::error_code::session_not_found);
}

TEST_F(EventWithoutSession, ThatCannotBeReadIsFetched) {
  const std::string id = shop_.open().session_id;
  shop_.stripe->customer(id, "pay");
  const auto answer =
      hear(session_builder().id(id).set("status", "7").event("checkout.session.completed"));
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_EQ(answer.out_trade_no, "A1");
  EXPECT_FALSE(answer.failure);
  EXPECT_EQ(shop_.kept().stage, sr::order_stage::due);
}

TEST_F(EventWithoutSession, ThatCannotBeReadNorFetchedComesAgain) {
  const auto nowhere =
      hear(session_builder().set("object", "7").event("checkout.session.completed"));
  EXPECT_EQ(nowhere.http_status, 500);
  EXPECT_EQ(nowhere.failure->code, sr::error_code::session_not_found);
  const auto nameless =
      hear(session_builder().set("id", "null").event("checkout.session.completed"));
  EXPECT_EQ(nameless.http_status, 500);
  EXPECT_EQ(nameless.failure->code, sr::error_code::unreadable_event);
}

TEST_F(EventWithoutSession, AboutThePaymentIsAcceptedAndNothingIsFetched) {
  const int before = shop_.stripe->requests();
  const auto answer = hear(R"({"id":"evt_1","object":"event","type":"charge.refunded",)"
                           R"("livemode":false,"data":{"object":{"payment_intent":"pi_1"}}})");
  EXPECT_EQ(answer.http_status, 200);
  EXPECT_FALSE(answer.failure);
  EXPECT_EQ(shop_.stripe->requests(), before);
}

} // namespace
