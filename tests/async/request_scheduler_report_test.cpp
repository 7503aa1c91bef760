// What is told of each call.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using std::chrono::microseconds;
using testing::ElementsAre;

class RequestSchedulerReport : public RequestScheduler {
protected:
  std::vector<std::string> retries() {
    std::vector<std::string> words;
    for (const auto& each : scheduler().take_retry_notes())
      words.push_back(std::string(to_string(each.call)) + " " +
                      std::string(to_string(each.failure)) + " " +
                      std::to_string(each.delay.count()));
    return words;
  }
};

TEST_F(RequestSchedulerReport, OfASuccess) {
  options_.max_in_flight = 1;
  call("cs_test_busy");
  phases_ = {microseconds(1), microseconds(2), microseconds(3), microseconds(4), microseconds(5)};
  reused_ = true;
  const auto made = call("cs_test_a1", in(call_priority::known));
  pass(milliseconds(40));
  succeed("cs_test_busy");
  pass(milliseconds(7));
  succeed("cs_test_a1");
  const sr::call_report& report = report_of(made);
  EXPECT_EQ(report.priority, call_priority::known);
  EXPECT_EQ(report.duration, milliseconds(47));
  EXPECT_EQ(report.queued, milliseconds(40));
  EXPECT_EQ(report.attempts, 1);
  EXPECT_EQ(report.phases.resolve, microseconds(1));
  EXPECT_EQ(report.phases.connect, microseconds(2));
  EXPECT_EQ(report.phases.tls, microseconds(3));
  EXPECT_EQ(report.phases.wait, microseconds(4));
  EXPECT_EQ(report.phases.receive, microseconds(5));
  EXPECT_TRUE(report.connection_reused);
  EXPECT_FALSE(report.shared);
}

TEST_F(RequestSchedulerReport, OfRetries) {
  const auto made = call();
  pass(milliseconds(10));
  fail(code::connection_lost);
  pass(milliseconds(1000));
  finish(scripted_client::status(503));
  pass(milliseconds(1000));
  succeed();
  EXPECT_THAT(retries(),
              ElementsAre("retrieve connection_lost 1000", "retrieve stripe_unavailable 1000"));
  EXPECT_EQ(report_of(made).attempts, 3);
  EXPECT_EQ(report_of(made).queued, microseconds(0));
  EXPECT_EQ(report_of(made).duration, milliseconds(2010));
}

// The last failure is the call's, and no retry.
TEST_F(RequestSchedulerReport, OfNoRetryWhereNoneFollows) {
  options_.retry.max_retries = 0;
  call();
  finish(scripted_client::status(503));
  EXPECT_THAT(retries(), ElementsAre());
}

TEST_F(RequestSchedulerReport, OfASharedRequest) {
  const auto first = call();
  pass(milliseconds(20));
  const std::vector<call_number> late{submit(), submit()};
  turn();
  pass(milliseconds(30));
  succeed();
  EXPECT_FALSE(report_of(first).shared); // the others were answered by another request
  pass(milliseconds(5));
  succeed();
  for (const call_number each : late) {
    EXPECT_TRUE(report_of(each).shared);
    EXPECT_EQ(report_of(each).queued, milliseconds(30));
    EXPECT_EQ(report_of(each).duration, milliseconds(35));
    EXPECT_EQ(report_of(each).attempts, 1);
  }
}

// Each counts the attempts that were made for it.
TEST_F(RequestSchedulerReport, OfTheAttemptsOfEachCall) {
  const auto first = call();
  fail(code::connection_lost);
  const auto second = call();
  pass(milliseconds(1000));
  succeed();
  EXPECT_EQ(report_of(first).attempts, 2);
  EXPECT_EQ(report_of(second).attempts, 1);
  EXPECT_EQ(report_of(second).queued, milliseconds(1000));
}

TEST_F(RequestSchedulerReport, OfWhatWasNeverSent) {
  options_.max_in_flight = 1;
  options_.max_queued = 1;
  call("cs_test_busy");
  const auto queued = call("cs_test_a1");
  const auto refused = call("cs_test_b1");
  pass(milliseconds(30));
  cancel(queued);
  EXPECT_EQ(report_of(refused).attempts, 0);
  EXPECT_EQ(report_of(queued).attempts, 0);
  EXPECT_EQ(report_of(queued).queued, milliseconds(30)); // all of its time
  EXPECT_EQ(report_of(queued).duration, milliseconds(30));
}

TEST_F(RequestSchedulerReport, OfWhatWasGivenUpOnTheWire) {
  const auto first = submit("cs_test_a1", within(milliseconds(500)));
  const auto second = submit();
  turn();
  pass(milliseconds(200));
  cancel(second);
  EXPECT_EQ(report_of(second).attempts, 1);
  EXPECT_EQ(report_of(second).queued, microseconds(0));
  EXPECT_EQ(report_of(second).duration, milliseconds(200));
  pass(milliseconds(300));
  EXPECT_EQ(report_of(first).duration, milliseconds(500));
  EXPECT_EQ(report_of(first).phases.tls, microseconds(70)); // as the sender says
}

} // namespace
