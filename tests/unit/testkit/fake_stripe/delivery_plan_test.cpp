#include "testkit/fake_stripe/delivery_plan.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {

using namespace stripe_return::fake;

constexpr stripe_return::unix_seconds now = 1800000000;

class DeliveryPlan : public testing::Test {
protected:
  DeliveryPlan() { plan_.endpoint.signing_secret = stripe_return::secret("whsec_x"); }

  void add(const std::string& id, const std::string& type = "checkout.session.completed") {
    event made;
    made.id = id;
    made.thin_id = "thin_" + id;
    made.type = type;
    made.created = now;
    made.as_it_was.asked = std::make_shared<session_request>();
    plan_.add(made);
  }

  // Answers all that is due, in its order: "a b ".
  std::string deliver(int status = 200, stripe_return::unix_seconds at = now) {
    std::string order;
    while (const auto number = plan_.due(at)) {
      order += plan_.at(*number).event_id + " ";
      plan_.attempted(*number, status, at);
    }
    return order;
  }

  delivery_plan plan_;
};

TEST_F(DeliveryPlan, TellsNobodyWithoutASecret) {
  plan_.endpoint.signing_secret = {};
  add("a");
  EXPECT_TRUE(plan_.all().empty());
  EXPECT_EQ(plan_.pending("a"), 0);
}

TEST_F(DeliveryPlan, DeliversInOrder) {
  add("a");
  add("b");
  EXPECT_EQ(plan_.pending("a"), 1);
  EXPECT_EQ(deliver(), "a b ");
  EXPECT_EQ(plan_.pending("a"), 0);
}

TEST_F(DeliveryPlan, SaysInTheBodyThatOneIsPending) {
  add("a");
  EXPECT_EQ(nlohmann::json::parse(plan_.all().begin()->second.body).at("pending_webhooks"), 1);
}

TEST_F(DeliveryPlan, TellsOfTheTypesThatTheEndpointNames) {
  add("a", "payment_intent.succeeded");
  plan_.endpoint.event_types = {"checkout.session.expired"};
  add("b");
  add("c", "checkout.session.expired");
  plan_.endpoint.event_types = {"*"};
  add("d");
  EXPECT_EQ(deliver(), "c d ");
}

TEST_F(DeliveryPlan, SendsEachEventInTheFormsThatTheEndpointTakes) {
  plan_.endpoint.payload = event_payload::thin;
  add("a");
  plan_.endpoint.payload = event_payload::both;
  add("b");
  EXPECT_EQ(deliver(), "thin_a b thin_b ");
}

TEST_F(DeliveryPlan, KeepsTheLastOfThoseThatAreOver) {
  for (int i = 0; i < 10001; ++i) {
    add(std::to_string(i));
    deliver();
  }
  EXPECT_EQ(plan_.all().size(), 10000u);
  EXPECT_EQ(plan_.all().begin()->second.event_id, "1");
}

TEST_F(DeliveryPlan, RetriesThreeTimesAndGivesUp) {
  add("a");
  EXPECT_EQ(deliver(500), "a ");
  EXPECT_EQ(deliver(500, now + 599), "");
  EXPECT_EQ(deliver(302, now + 600), "a ");
  EXPECT_EQ(deliver(0, now + 600 + 3600), "a ");
  EXPECT_EQ(plan_.all().begin()->second.state, delivery_state::pending);
  EXPECT_EQ(deliver(404, now + 600 + 3600 + 3 * 3600), "a ");
  EXPECT_EQ(plan_.all().begin()->second.state, delivery_state::failed);
  EXPECT_EQ(plan_.all().begin()->second.attempts.size(), 4u);
  EXPECT_EQ(deliver(200, now + 1000000), "");
  EXPECT_EQ(plan_.pending("a"), 1);
}

TEST_F(DeliveryPlan, DuplicatesTheNextEvents) {
  plan_.faults.duplicate = 1;
  add("a");
  add("b");
  EXPECT_EQ(deliver(), "a a b ");
}

TEST_F(DeliveryPlan, LosesTheNextEvents) {
  plan_.faults.lose = 1;
  plan_.faults.duplicate = 1;
  add("a");
  add("b");
  EXPECT_EQ(deliver(), "b b ");
  EXPECT_EQ(plan_.all().begin()->second.state, delivery_state::lost);
  EXPECT_EQ(plan_.flush(now).attempts.size(), 0u);
}

TEST_F(DeliveryPlan, ReordersTheNextEvents) {
  plan_.faults.reorder = 2;
  add("a");
  EXPECT_EQ(deliver(), "");
  add("b");
  EXPECT_EQ(deliver(), "b a ");
  add("c");
  EXPECT_EQ(deliver(), "c ");
}

TEST_F(DeliveryPlan, ReleasesWhatIsHeldWhenFlushed) {
  plan_.faults.reorder = 3;
  add("a");
  add("b");
  plan_.flush(now);
  EXPECT_EQ(deliver(), "b a ");
  add("c");
  EXPECT_EQ(deliver(), "c ");
}

TEST_F(DeliveryPlan, DelaysByTheClock) {
  plan_.faults.delay = 60;
  add("a");
  EXPECT_EQ(deliver(200, now + 59), "");
  EXPECT_EQ(deliver(200, now + 60), "a ");
}

TEST_F(DeliveryPlan, FlushEndsWhenEachHadOneMoreAttempt) {
  plan_.faults.delay = 60;
  add("a");
  plan_.faults.delay = 0;
  add("b");
  EXPECT_EQ(deliver(500), "b ");
  const auto ticket = plan_.flush(now);
  EXPECT_FALSE(plan_.all_attempted(ticket));
  EXPECT_EQ(deliver(500), "a b ");
  EXPECT_TRUE(plan_.all_attempted(ticket));
}

} // namespace
