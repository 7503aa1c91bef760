// An id that anybody made up is not asked for again and again.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

class RequestSchedulerNotFound : public RequestScheduler {
protected:
  void refuse() { finish(scripted_client::status(404, "resource_missing")); }

  // Whether a call goes to Stripe; if it does, it is answered by a 404.
  bool asks(const std::string& id, const sr::retrieve_options& how = of_anybody()) {
    const std::size_t before = sender_.sent.size();
    const auto made = call(id, how);
    const bool sent = sender_.sent.size() > before;
    if (sent) refuse();
    EXPECT_EQ(outcome(made), "session_not_found");
    return sent;
  }
};

TEST_F(RequestSchedulerNotFound, AnswersFurtherCallsForAWhile) {
  EXPECT_TRUE(asks("cs_test_a1"));
  EXPECT_FALSE(asks("cs_test_a1"));
  pass(options_.not_found_memory - milliseconds(1));
  EXPECT_FALSE(asks("cs_test_a1")); // and is not prolonged by that
  pass(milliseconds(1));
  EXPECT_TRUE(asks("cs_test_a1"));
  EXPECT_FALSE(asks("cs_test_a1"));
}

TEST_F(RequestSchedulerNotFound, SaysWhatItIs) {
  asks("cs_test_a1");
  const auto made = submit("cs_test_a1");
  EXPECT_EQ(outcome(made), "waits"); // never inside submit()
  turn();
  ASSERT_EQ(outcome(made), "session_not_found");
  const sr::error& failure = answer_to(made).error();
  EXPECT_EQ(failure.http_status, 404);
  EXPECT_EQ(failure.stripe_code, "resource_missing");
  EXPECT_EQ(failure.message.find("cs_test"), std::string::npos);
  EXPECT_EQ(report_of(made).attempts, 0);
}

// A webhook, or the reconciler, asks for what was seen: it must get Stripe's own answer.
TEST_F(RequestSchedulerNotFound, OnlyForUnknownIds) {
  asks("cs_test_a1");
  EXPECT_TRUE(asks("cs_test_a1", in(call_priority::known)));
  EXPECT_TRUE(asks("cs_test_a1", in(call_priority::background)));
  EXPECT_FALSE(asks("cs_test_a1", in(call_priority::unknown)));
}

TEST_F(RequestSchedulerNotFound, OnlyForTheSameQuestion) {
  asks("cs_test_a1");
  sr::retrieve_options how;
  how.account = "acct_1";
  EXPECT_TRUE(asks("cs_test_a1", how));
  how = {};
  how.line_items = true;
  EXPECT_TRUE(asks("cs_test_a1", how));
  EXPECT_TRUE(asks("cs_test_a2"));
}

// 404 is also what Stripe says of a session of the other mode, and no other failure lasts.
TEST_F(RequestSchedulerNotFound, OnlyWhatIsNotFound) {
  options_.retry.max_retries = 0;
  const std::string other_mode =
      R"({"error":{"code":"resource_missing","message":"No such session: a )"
      R"(similar object exists in live mode, but a test mode key was used"}})";
  const std::vector<answer> answers{
      sr::testkit::stripe_response(404, other_mode, 0),
      scripted_client::status(400),
      scripted_client::status(401),
      scripted_client::status(429),
      scripted_client::status(500),
      scripted_client::failure(code::could_not_resolve),
      scripted_client::failure(code::timed_out_waiting),
      session_of("cs_test_other"),
  };
  for (std::size_t i = 0; i < answers.size(); ++i) {
    call("cs_test_a1");
    ASSERT_EQ(sender_.sent.size(), i + 1);
    finish(answers[i]);
  }
  EXPECT_EQ(order().size(), answers.size());
}

TEST_F(RequestSchedulerNotFound, NothingIsRememberedForNoTime) {
  options_.not_found_memory = milliseconds(0);
  EXPECT_TRUE(asks("cs_test_a1"));
  EXPECT_TRUE(asks("cs_test_a1"));
}

// The later of two refusals counts.
TEST_F(RequestSchedulerNotFound, IsProlongedByStripeAlone) {
  asks("cs_test_a1");
  pass(milliseconds(6000));
  asks("cs_test_a1", in(call_priority::known));
  pass(milliseconds(6000));
  EXPECT_FALSE(asks("cs_test_a1"));
  pass(milliseconds(4000));
  EXPECT_TRUE(asks("cs_test_a1"));
}

// Stripe's newer answer counts: the session is there.
TEST_F(RequestSchedulerNotFound, IsForgottenWhenTheSessionIsFound) {
  asks("cs_test_a1");
  call("cs_test_a1", in(call_priority::known));
  succeed();
  const auto made = call("cs_test_a1", in(call_priority::unknown));
  ASSERT_EQ(outcome(made), "waits");
  succeed();
  EXPECT_EQ(outcome(made), "session");
}

// The new key may belong to the account that has the session.
TEST_F(RequestSchedulerNotFound, IsForgottenWithTheKey) {
  asks("cs_test_a1");
  access().set_secret_key("sk_test_2");
  EXPECT_TRUE(asks("cs_test_a1"));
}

// Where a wrong key is replaced, nobody is told for a while what was said to it.
TEST_F(RequestSchedulerNotFound, IsNotOfAnOlderKey) {
  call("cs_test_a1");
  access().set_secret_key("sk_test_2");
  call("cs_test_b1");
  finish("cs_test_a1", scripted_client::status(404, "resource_missing"));
  EXPECT_TRUE(asks("cs_test_a1"));
  succeed("cs_test_b1");
}

// Late calls are as old as the memory is long: they get what Stripe says to them.
TEST_F(RequestSchedulerNotFound, DoesNotAnswerThoseThatWait) {
  const auto first = call("cs_test_a1");
  const auto late = call("cs_test_a1");
  refuse();
  EXPECT_EQ(outcomes({first, late}), (std::vector<std::string>{"session_not_found", "waits"}));
  succeed();
  EXPECT_EQ(outcome(late), "session");
}

// Made-up ids must not fill the memory: of very many, the oldest are forgotten early.
TEST_F(RequestSchedulerNotFound, RemembersOnlySoMany) {
  options_.not_found_memory = std::chrono::hours(1);
  constexpr int many = 10001;
  for (int i = 0; i < many; ++i)
    ASSERT_TRUE(asks("cs_test_" + std::to_string(i)));
  EXPECT_FALSE(asks("cs_test_" + std::to_string(many - 1)));
  EXPECT_FALSE(asks("cs_test_1"));
  EXPECT_TRUE(asks("cs_test_0"));
}

} // namespace
