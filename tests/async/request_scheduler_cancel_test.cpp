// A call can be given up wherever it is.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::Each;
using testing::ElementsAre;

using RequestSchedulerCancel = RequestScheduler;

TEST_F(RequestSchedulerCancel, BeforeItsTurn) {
  const auto made = submit();
  scheduler().cancel(made);
  EXPECT_EQ(outcome(made), "waits"); // never inside cancel()
  turn();
  EXPECT_EQ(outcome(made), "canceled");
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(RequestSchedulerCancel, WhileQueued) {
  options_.max_in_flight = 1;
  call("cs_test_a1");
  const auto made = call("cs_test_b1");
  const auto next = call("cs_test_c1");
  cancel(made);
  EXPECT_EQ(outcome(made), "canceled");
  succeed("cs_test_a1");
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_c1"));
  succeed("cs_test_c1");
  EXPECT_EQ(outcome(next), "session");
}

// The slot is free at once.
TEST_F(RequestSchedulerCancel, OnTheWire) {
  options_.max_in_flight = 1;
  const auto made = call("cs_test_a1");
  call("cs_test_b1");
  const std::uint64_t attempt = sender_.last().number;
  cancel(made);
  EXPECT_EQ(outcome(made), "canceled");
  EXPECT_THAT(sender_.abandoned, ElementsAre(attempt));
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1"));
}

TEST_F(RequestSchedulerCancel, WhilePausing) {
  const auto made = call();
  fail(code::connection_lost);
  EXPECT_EQ(time_left(), milliseconds(1000));
  cancel(made);
  EXPECT_EQ(outcome(made), "canceled");
  EXPECT_FALSE(time_left());
  pass(milliseconds(5000));
  EXPECT_EQ(sender_.sent.size(), 1u);
  EXPECT_TRUE(sender_.abandoned.empty());
}

TEST_F(RequestSchedulerCancel, WhileARetryIsQueued) {
  options_.max_in_flight = 1;
  const auto made = call("cs_test_a1");
  fail(code::connection_lost);
  call("cs_test_b1");
  pass(milliseconds(1000));
  cancel(made);
  EXPECT_EQ(outcome(made), "canceled");
  succeed("cs_test_b1");
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1"));
}

TEST_F(RequestSchedulerCancel, LeavesTheOthersOfASharedFetch) {
  const auto first = submit();
  const auto second = submit();
  turn();
  cancel(first);
  EXPECT_EQ(outcomes({first, second}), (std::vector<std::string>{"canceled", "waits"}));
  EXPECT_TRUE(sender_.abandoned.empty());
  succeed();
  EXPECT_EQ(outcomes({first, second}), (std::vector<std::string>{"canceled", "session"}));
}

TEST_F(RequestSchedulerCancel, OfALateCallLeavesTheAttempt) {
  const auto first = call();
  const auto late = call();
  cancel(late);
  EXPECT_EQ(outcomes({first, late}), (std::vector<std::string>{"waits", "canceled"}));
  succeed();
  EXPECT_EQ(outcome(first), "session");
  EXPECT_EQ(sender_.sent.size(), 1u);
}

TEST_F(RequestSchedulerCancel, AfterTheAnswerDoesNothing) {
  const auto made = submit();
  turn();
  scheduler().attempt_finished(sender_.last().number, session_of("cs_test_a1"));
  sender_.in_flight.clear();
  scheduler().cancel(made); // answered, though its callback did not run yet
  turn();
  EXPECT_EQ(outcome(made), "session");
}

TEST_F(RequestSchedulerCancel, TwiceIsOnce) {
  const auto made = call();
  scheduler().cancel(made);
  scheduler().cancel(made);
  turn();
  EXPECT_EQ(order().size(), 1u);
}

TEST_F(RequestSchedulerCancel, AllOfThemWhereverTheyAre) {
  options_.max_in_flight = 2;
  std::vector<call_number> calls;
  calls.push_back(call("cs_test_pausing"));
  fail(code::connection_lost);
  calls.push_back(call("cs_test_on_wire"));
  calls.push_back(call("cs_test_on_wire")); // late
  calls.push_back(call("cs_test_other", in(call_priority::background)));
  calls.push_back(call("cs_test_queued", in(call_priority::known)));
  calls.push_back(submit("cs_test_unseen"));
  scheduler().cancel_all();
  EXPECT_TRUE(sender_.in_flight.empty());
  turn();
  EXPECT_THAT(outcomes(calls), Each("canceled"));
  EXPECT_EQ(sender_.sent.size(), 3u);
}

// Whatever has become of the key meanwhile.
TEST_F(RequestSchedulerCancel, AllOfThemUnderABadKey) {
  const std::vector<call_number> calls{call(), call(), call()};
  access().set_secret_key("");
  scheduler().cancel_all();
  turn();
  EXPECT_THAT(outcomes(calls), Each("canceled"));
}

} // namespace
