// What the observer is told.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using std::chrono::microseconds;
using testing::ElementsAre;

class FetchSchedulerReport : public FetchScheduler {
protected:
  std::shared_ptr<noting_observer> observer_ = std::make_shared<noting_observer>();

  FetchSchedulerReport() { load_.observer = observer_; }
};

TEST_F(FetchSchedulerReport, OfASuccess) {
  load_.max_in_flight = 1;
  call("cs_test_busy");
  phases_ = {microseconds(1), microseconds(2), microseconds(3), microseconds(4), microseconds(5)};
  reused_ = true;
  const auto made = call("cs_test_a1", in(lane::known));
  pass(milliseconds(40));
  succeed("cs_test_busy");
  pass(milliseconds(7));
  succeed("cs_test_a1");
  const sr::fetch_report& report = report_of(made);
  EXPECT_EQ(report.lane, lane::known);
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
  EXPECT_EQ(report.http_status, 200);
  EXPECT_EQ(report.request_id, "req_scripted");
  EXPECT_FALSE(report.failure);
}

TEST_F(FetchSchedulerReport, OfEachStartInItsLane) {
  call("cs_test_a1", in(lane::known));
  call("cs_test_a1", in(lane::unknown));
  call("cs_test_b1", in(lane::background));
  EXPECT_THAT(observer_->notes, ElementsAre("start 0", "start 1", "start 2"));
}

// Those that are refused at once have started as well: starts and finishes are to agree.
TEST_F(FetchSchedulerReport, OfTheStartOfARefusedCall) {
  access().set_secret_key("");
  const auto made = call();
  EXPECT_THAT(observer_->notes, ElementsAre("start 1"));
  EXPECT_EQ(report_of(made).failure, code::missing_secret_key);
  EXPECT_EQ(report_of(made).attempts, 0);
  EXPECT_EQ(report_of(made).duration, microseconds(0));
}

TEST_F(FetchSchedulerReport, OfRetries) {
  const auto made = call();
  pass(milliseconds(10));
  fail(code::connection_lost);
  pass(milliseconds(1000));
  finish(scripted_client::status(503));
  pass(milliseconds(1000));
  succeed();
  EXPECT_THAT(observer_->notes, ElementsAre("start 1", "retry 1 connection_lost 1000",
                                            "retry 1 stripe_unavailable 1000"));
  EXPECT_EQ(report_of(made).attempts, 3);
  EXPECT_EQ(report_of(made).queued, microseconds(0));
  EXPECT_EQ(report_of(made).duration, milliseconds(2010));
  EXPECT_EQ(report_of(made).http_status, 200);
}

// The last failure is the call's, and no retry.
TEST_F(FetchSchedulerReport, OfAFailure) {
  options_.retry.max_retries = 0;
  const auto made = call();
  finish(scripted_client::status(503));
  EXPECT_THAT(observer_->notes, ElementsAre("start 1"));
  EXPECT_EQ(report_of(made).failure, code::stripe_unavailable);
  EXPECT_EQ(report_of(made).http_status, 503);
  EXPECT_EQ(report_of(made).request_id, "req_scripted");
  const auto lost = call();
  fail(code::connection_lost);
  EXPECT_EQ(report_of(lost).failure, code::connection_lost);
  EXPECT_EQ(report_of(lost).http_status, 0);
}

TEST_F(FetchSchedulerReport, OfASharedRequest) {
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
TEST_F(FetchSchedulerReport, OfTheAttemptsOfEachCall) {
  const auto first = call();
  fail(code::connection_lost);
  const auto second = call();
  pass(milliseconds(1000));
  succeed();
  EXPECT_EQ(report_of(first).attempts, 2);
  EXPECT_EQ(report_of(second).attempts, 1);
  EXPECT_EQ(report_of(second).queued, milliseconds(1000));
}

TEST_F(FetchSchedulerReport, OfWhatWasNeverSent) {
  load_.max_in_flight = 1;
  load_.max_queued = 1;
  call("cs_test_busy");
  const auto queued = call("cs_test_a1");
  const auto refused = call("cs_test_b1");
  pass(milliseconds(30));
  cancel(queued);
  EXPECT_EQ(report_of(refused).failure, code::overloaded);
  EXPECT_EQ(report_of(refused).attempts, 0);
  EXPECT_EQ(report_of(queued).failure, code::canceled);
  EXPECT_EQ(report_of(queued).attempts, 0);
  EXPECT_EQ(report_of(queued).queued, milliseconds(30)); // all of its time
  EXPECT_EQ(report_of(queued).duration, milliseconds(30));
}

TEST_F(FetchSchedulerReport, OfWhatWasGivenUpOnTheWire) {
  const auto first = submit("cs_test_a1", within(milliseconds(500)));
  const auto second = submit();
  turn();
  pass(milliseconds(200));
  cancel(second);
  EXPECT_EQ(report_of(second).failure, code::canceled);
  EXPECT_EQ(report_of(second).attempts, 1);
  EXPECT_EQ(report_of(second).queued, microseconds(0));
  EXPECT_EQ(report_of(second).duration, milliseconds(200));
  pass(milliseconds(300));
  EXPECT_EQ(report_of(first).failure, code::timed_out_in_tls);
  EXPECT_EQ(report_of(first).duration, milliseconds(500));
  EXPECT_EQ(report_of(first).phases.tls, microseconds(70)); // as the wire says
}

} // namespace
