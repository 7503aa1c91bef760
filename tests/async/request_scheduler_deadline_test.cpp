// A call is answered by its deadline wherever it is then.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

using RequestSchedulerDeadline = RequestScheduler;

TEST_F(RequestSchedulerDeadline, WhileQueued) {
  options_.max_in_flight = 1;
  call("cs_test_a1");
  const auto made = call("cs_test_b1", within(milliseconds(300)));
  pass(milliseconds(299));
  EXPECT_EQ(outcome(made), "waits");
  pass(milliseconds(1));
  EXPECT_EQ(outcome(made), "deadline_exceeded");
  EXPECT_EQ(answer_to(made).error().http_status, 0);
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1"));
  // The place in the queue is gone as well.
  succeed("cs_test_a1");
  EXPECT_EQ(sender_.sent.size(), 1u);
}

// Callbacks took so long: whoever they made late is told so, and not that it was sent in vain.
TEST_F(RequestSchedulerDeadline, BetweenTwoAnswers) {
  const auto hasty = submit("cs_test_a1", within(milliseconds(300)));
  const auto patient = submit("cs_test_a1");
  clock_.advance(milliseconds(300));
  scheduler().send_queued();
  EXPECT_TRUE(sender_.sent.empty());
  turn();
  EXPECT_EQ(outcomes({hasty, patient}), (std::vector<std::string>{"deadline_exceeded", "waits"}));
  EXPECT_EQ(sender_.sent.size(), 1u);
}

// In flight, the sender knows for what the call waited.
TEST_F(RequestSchedulerDeadline, OnTheWire) {
  const auto made = call("cs_test_a1", within(milliseconds(300)));
  const std::uint64_t attempt = sender_.last().number;
  pass(milliseconds(300));
  EXPECT_EQ(outcome(made), "timed_out_in_tls");
  EXPECT_THAT(sender_.abandoned, ElementsAre(attempt));
}

// Having come late, a call waits for no attempt yet, so the sender can say nothing of it.
TEST_F(RequestSchedulerDeadline, BehindAnAttemptOfOthers) {
  const auto first = call();
  const auto late = call("cs_test_a1", within(milliseconds(300)));
  pass(milliseconds(300));
  EXPECT_EQ(outcomes({first, late}), (std::vector<std::string>{"waits", "deadline_exceeded"}));
  EXPECT_TRUE(sender_.abandoned.empty());
  succeed();
  EXPECT_EQ(outcome(first), "session");
  EXPECT_EQ(sender_.sent.size(), 1u);
}

// Two calls share one fetch; a pause that outlasts one of them is made for the other.
TEST_F(RequestSchedulerDeadline, WhilePausing) {
  const auto hasty = submit("cs_test_a1", within(milliseconds(1500)));
  const auto patient = submit();
  turn();
  pass(milliseconds(1000));
  finish(scripted_client::status(503));
  const auto newcomer =
      call("cs_test_a1", within(milliseconds(500))); // asked nothing of Stripe yet
  pass(milliseconds(500));
  EXPECT_EQ(outcomes({hasty, patient, newcomer}),
            (std::vector<std::string>{"stripe_unavailable", "waits", "deadline_exceeded"}));
  EXPECT_EQ(sender_.sent.size(), 1u);
  pass(milliseconds(500));
  EXPECT_EQ(sender_.sent.size(), 2u);
  succeed();
  EXPECT_EQ(outcome(patient), "session");
}

// Alone, as session_client: a pause that would outlast the deadline is not begun, and the failure
// says more than that the time is up.
TEST_F(RequestSchedulerDeadline, BeginsNoPauseThatWouldOutlastIt) {
  struct row {
    milliseconds deadline;
    const char* word;
  };
  for (const row& each : std::vector<row>{{milliseconds(1000), "stripe_unavailable"},
                                          {milliseconds(1001), "waits"}}) {
    const auto made = call("cs_test_a1", within(each.deadline));
    finish(scripted_client::status(503));
    EXPECT_EQ(outcome(made), each.word) << each.deadline.count();
  }
}

// A deadline that passes while the retry waits for its turn: the last attempt has failed, and that
// is what session_client would tell.
TEST_F(RequestSchedulerDeadline, WhileARetryIsQueuedTellsTheLastFailure) {
  options_.max_in_flight = 1;
  const auto made = call("cs_test_a1", within(milliseconds(3000)));
  finish(scripted_client::status(503));
  call("cs_test_b1", in(call_priority::known));
  pass(milliseconds(1000));
  ASSERT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1"));
  pass(milliseconds(2000));
  EXPECT_EQ(outcome(made), "stripe_unavailable");
}

TEST_F(RequestSchedulerDeadline, EachCallOfASharedFetchKeepsItsOwn) {
  std::vector<call_number> calls;
  for (int i = 5; i >= 1; --i)
    calls.push_back(submit("cs_test_a1", within(milliseconds(i * 100))));
  turn();
  EXPECT_EQ(sender_.last().request.timeout, milliseconds(500)); // for the most patient one
  for (std::size_t answered = 1; answered <= 4; ++answered) {
    EXPECT_EQ(time_left(), milliseconds(100));
    pass(milliseconds(100));
    EXPECT_EQ(order().size(), answered);
    EXPECT_EQ(order().back(), calls[calls.size() - answered]);
  }
  EXPECT_TRUE(sender_.abandoned.empty());
  succeed();
  EXPECT_EQ(outcomes(calls),
            (std::vector<std::string>{"session", "timed_out_in_tls", "timed_out_in_tls",
                                      "timed_out_in_tls", "timed_out_in_tls"}));
}

// The time of a retry is what is left of the whole call.
TEST_F(RequestSchedulerDeadline, CountsFromTheCallThroughAllAttempts) {
  const auto made = call("cs_test_a1", within(milliseconds(3000)));
  pass(milliseconds(500));
  fail(code::connection_lost);
  pass(milliseconds(1000));
  ASSERT_EQ(sender_.sent.size(), 2u);
  EXPECT_EQ(sender_.last().request.timeout, milliseconds(1500));
  pass(milliseconds(1500));
  EXPECT_EQ(outcome(made), "timed_out_in_tls");
}

// A thread that is busy with a callback takes new calls in later than they are made.
TEST_F(RequestSchedulerDeadline, CountsFromWhenTheCallWasMade) {
  sr::retrieve_options how = within(milliseconds(3000));
  std::vector<std::string> outcomes;
  const auto note = [&](const auto& got) {
    outcomes.emplace_back(got ? "session" : to_string(got.error().code));
  };
  const auto made = clock_.now();
  clock_.advance(milliseconds(1000));
  submit_to(scheduler(), 100, id_of("cs_test_a1"), how, made, note);
  clock_.advance(milliseconds(2000));
  submit_to(scheduler(), 101, id_of("cs_test_b1"), how, made, note);
  scheduler().advance();
  EXPECT_TRUE(sender_.sent.empty());
  for (int i = 0; i < 2; ++i) {
    const auto ended = scheduler().next_answered();
    ASSERT_FALSE(ended.empty());
    EXPECT_EQ(ended.front().report.duration, milliseconds(3000));
    ended.front().done(ended.front().read_answer());
  }
  EXPECT_THAT(outcomes, ElementsAre("deadline_exceeded", "deadline_exceeded"));
}

// The core may come late: what is due by then is not sent any more.
TEST_F(RequestSchedulerDeadline, SendsNothingForACallThatIsDue) {
  const auto made = submit("cs_test_a1", within(milliseconds(300)));
  pass(milliseconds(300));
  EXPECT_EQ(outcome(made), "deadline_exceeded");
  EXPECT_TRUE(sender_.sent.empty());
}

// As when the computer was asleep. Each call is answered once, and the rate has saved up nothing.
TEST_F(RequestSchedulerDeadline, SurvivesALeapOfTheClock) {
  options_.requests_per_second = 4;
  options_.max_in_flight = 2;
  const auto in_flight = call("cs_test_a1");
  const auto queued = call("cs_test_b1");
  pass(std::chrono::hours(24 * 365));
  EXPECT_EQ(outcome(in_flight), "timed_out_in_tls");
  EXPECT_EQ(outcome(queued), "deadline_exceeded");
  const auto after = call("cs_test_c1");
  call("cs_test_d1");
  succeed("cs_test_c1");
  EXPECT_EQ(outcome(after), "session");
  EXPECT_EQ(sender_.sent.size(), 2u);
}

// steady_clock counts in nanoseconds, the deadline in milliseconds from any of them.
class fine_clock final : public sr::time_source {
public:
  std::chrono::steady_clock::time_point now() override { return time; }
  sr::unix_seconds unix_time() override { return 0; }
  void wait_until(std::unique_lock<std::mutex>&, std::condition_variable&,
                  std::chrono::steady_clock::time_point) override {}
  std::chrono::steady_clock::time_point time{std::chrono::hours(1)};
};

// libcurl would take a timeout of 0 ms for none: fake_sender does not let it pass.
TEST(RequestSchedulerFineDeadline, SendsNothingWithoutATimeout) {
  fine_clock clock;
  fake_sender sender;
  sr::api_access access(scripted_client::options());
  sr::request_scheduler scheduler(access, clock, sender);
  int answers = 0;
  sr::retrieve_options how;
  how.deadline = std::chrono::milliseconds(2);
  submit_to(scheduler, 1, id_of("cs_test_a1"), how, clock.now(), [&](const auto& answer) {
    ++answers;
    EXPECT_FALSE(answer);
  });
  clock.time += std::chrono::microseconds(1500);
  scheduler.advance();
  clock.time += std::chrono::microseconds(500);
  scheduler.advance();
  for (auto next = scheduler.next_answered(); !next.empty(); next = scheduler.next_answered())
    next.front().done(next.front().read_answer());
  EXPECT_EQ(answers, 1);
  EXPECT_FALSE(scheduler.next_time());
}

} // namespace
