// Calls for the same session share a request, but none gets an answer that is older than itself.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::Each;
using testing::ElementsAre;

using RequestSchedulerSharing = RequestScheduler;

TEST_F(RequestSchedulerSharing, OneRequestForACrowdOfOneTurn) {
  std::vector<call_number> calls;
  for (int i = 0; i < 200; ++i)
    calls.push_back(submit());
  turn();
  ASSERT_EQ(sender_.sent.size(), 1u);
  succeed();
  EXPECT_THAT(outcomes(calls), Each("session"));
  EXPECT_EQ(order(), calls);
  EXPECT_EQ(sender_.sent.size(), 1u);
  for (const call_number each : calls)
    EXPECT_EQ(answer_to(each)->session.id, "cs_test_a1");
}

TEST_F(RequestSchedulerSharing, TwoRequestsForACrowdThatComesOneByOne) {
  std::vector<call_number> calls;
  for (int i = 0; i < 200; ++i)
    calls.push_back(call());
  ASSERT_EQ(sender_.sent.size(), 1u);
  succeed();
  EXPECT_EQ(outcome(calls.front()), "session");
  EXPECT_EQ(order().size(), 1u);
  ASSERT_EQ(sender_.sent.size(), 2u);
  succeed();
  EXPECT_THAT(outcomes(calls), Each("session"));
  EXPECT_EQ(sender_.sent.size(), 2u);
}

// The customer paid between the two requests: who asks after that must be told.
TEST_F(RequestSchedulerSharing, NoAnswerIsOlderThanItsCall) {
  const auto before = call();
  const auto after = call();
  finish(scripted_client::session(session_json().words("open", "unpaid")));
  ASSERT_EQ(outcome(before), "session");
  EXPECT_TRUE(answer_to(before)->session.payment_status == sr::session_payment_status::unpaid);
  EXPECT_EQ(outcome(after), "waits");
  finish(scripted_client::session(session_json().words("complete", "paid")));
  ASSERT_EQ(outcome(after), "session");
  EXPECT_TRUE(answer_to(after)->session.payment_status == sr::session_payment_status::paid);
}

// Whatever ends the attempt for good, the late ones begin again.
TEST_F(RequestSchedulerSharing, NoFailureIsOlderThanItsCall) {
  for (const int status : {400, 401, 404, 429, 302}) {
    const auto before = call("cs_test_a1", in(call_priority::known));
    const auto after = call("cs_test_a1", in(call_priority::known));
    finish(scripted_client::status(status));
    EXPECT_NE(outcome(before), "waits") << status;
    EXPECT_EQ(outcome(after), "waits") << status;
    succeed();
    EXPECT_EQ(outcome(after), "session") << status;
  }
}

// The retry is sent later than they came.
TEST_F(RequestSchedulerSharing, TheLateJoinARetry) {
  const auto first = call();
  const auto late = call();
  fail(code::connection_lost);
  const auto while_pausing = call();
  pass(milliseconds(1000));
  const auto later = call();
  ASSERT_EQ(sender_.sent.size(), 2u);
  succeed();
  EXPECT_EQ(outcomes({first, late, while_pausing, later}),
            (std::vector<std::string>{"session", "session", "session", "waits"}));
  EXPECT_EQ(sender_.sent.size(), 3u);
}

// So is the request without the PaymentIntent that follows a refusal.
TEST_F(RequestSchedulerSharing, TheLateJoinTheFallback) {
  const auto first = call();
  const auto late = call();
  finish(scripted_client::status(403));
  ASSERT_EQ(sender_.sent.size(), 2u);
  succeed();
  EXPECT_EQ(outcomes({first, late}), (std::vector<std::string>{"session", "session"}));
}

// The attempt is for nobody any more, and too old for the late ones.
TEST_F(RequestSchedulerSharing, TheLateBeginAgainWhenTheLastServedLeaves) {
  const auto first = submit();
  const auto second = submit();
  turn();
  const auto late = call();
  const std::uint64_t attempt = sender_.last().number;
  cancel(first);
  EXPECT_TRUE(sender_.abandoned.empty());
  cancel(second);
  EXPECT_THAT(sender_.abandoned, ElementsAre(attempt));
  ASSERT_EQ(sender_.sent.size(), 2u);
  EXPECT_GT(sender_.last().number, attempt);
  EXPECT_EQ(outcome(late), "waits");
  succeed();
  EXPECT_EQ(outcome(late), "session");
}

TEST_F(RequestSchedulerSharing, TheLateBeginAgainWhenTheLastServedIsDue) {
  call("cs_test_a1", within(milliseconds(300)));
  const auto late = call("cs_test_a1", within(milliseconds(900)));
  pass(milliseconds(300));
  ASSERT_EQ(sender_.sent.size(), 2u);
  EXPECT_EQ(sender_.last().request.timeout,
            milliseconds(600)); // its own time, not that of the first
  succeed();
  EXPECT_EQ(outcome(late), "session");
}

// They begin again with all their attempts, as if nobody had been there before.
TEST_F(RequestSchedulerSharing, TheLateHaveAllTheirAttempts) {
  options_.retry.max_retries = 1;
  options_.deadline = milliseconds(60000);
  const auto first = call();
  fail(code::connection_lost);
  pass(milliseconds(1000));
  const auto late = call();
  fail(code::connection_lost);
  EXPECT_EQ(outcomes({first, late}), (std::vector<std::string>{"connection_lost", "waits"}));
  ASSERT_EQ(sender_.sent.size(), 3u);
  fail(code::connection_lost);
  pass(milliseconds(1000));
  ASSERT_EQ(sender_.sent.size(), 4u);
  succeed();
  EXPECT_EQ(outcome(late), "session");
}

// Another account's session, or one without its line items, is another answer.
TEST_F(RequestSchedulerSharing, OnlyTheSameQuestionIsShared) {
  std::vector<sr::retrieve_options> questions(5);
  questions[1].line_items = true;
  questions[2].account = "acct_1";
  questions[3].account = "acct_2";
  questions[4].account = "acct_2";
  questions[4].line_items = true;
  std::vector<call_number> calls;
  for (const auto& how : questions)
    calls.push_back(submit("cs_test_a1", how));
  for (const auto& how : questions)
    calls.push_back(submit("cs_test_a1", how));
  submit("cs_test_a", questions[0]); // the beginning of the other id
  turn();
  ASSERT_EQ(sender_.sent.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) {
    const sr::http_request& request = sender_.sent[i].request;
    EXPECT_EQ(request.url.find("line_items") != std::string::npos, questions[i].line_items) << i;
    EXPECT_EQ(request.headers.size() > 1 ? request.headers[1].value : "", questions[i].account)
        << i;
    finish_attempt(sender_.sent[i].number, session_of("cs_test_a1"));
    EXPECT_EQ(outcomes({calls[i], calls[i + 5]}), (std::vector<std::string>{"session", "session"}));
    EXPECT_EQ(answer_to(calls[i])->session.account, questions[i].account);
    EXPECT_EQ(order().size(), 2 * (i + 1));
  }
}

// Neither its priority nor its deadline keeps a call from sharing.
TEST_F(RequestSchedulerSharing, LanesAndDeadlinesShare) {
  const std::vector<call_number> calls{submit("cs_test_a1", in(call_priority::background)),
                                       submit("cs_test_a1", in(call_priority::known)),
                                       submit("cs_test_a1", within(milliseconds(50)))};
  turn();
  EXPECT_EQ(sender_.sent.size(), 1u);
  succeed();
  EXPECT_THAT(outcomes(calls), Each("session"));
}

// One after the other, nothing is kept of the answer.
TEST_F(RequestSchedulerSharing, NothingIsRememberedOfASession) {
  for (int i = 1; i <= 3; ++i) {
    const auto made = call();
    EXPECT_EQ(sender_.sent.size(), static_cast<std::size_t>(i));
    succeed();
    EXPECT_EQ(outcome(made), "session");
  }
}

} // namespace
