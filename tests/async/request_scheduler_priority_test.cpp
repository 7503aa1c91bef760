// Which call goes first where not all can.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

// One request at a time, and one is in flight.
class RequestSchedulerPriority : public RequestScheduler {
protected:
  void SetUp() override {
    options_.max_in_flight = 1;
    options_.deadline = std::chrono::minutes(10);
    call("cs_test_busy");
  }

  // The order in which all that waits is sent.
  std::vector<std::string> order_sent() {
    const std::size_t before = sender_.sent.size();
    for (int i = 0; i < 20 && !sender_.in_flight.empty(); ++i)
      succeed(sender_.last().id);
    std::vector<std::string> ids = sender_.ids_sent();
    ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(before));
    for (std::string& id : ids)
      id.erase(0, std::string("cs_test_").size());
    return ids;
  }
};

TEST_F(RequestSchedulerPriority, KnownThenWebhooksThenUnknownThenBackground) {
  call("cs_test_b1", in(call_priority::background));
  call("cs_test_u1", in(call_priority::unknown));
  call("cs_test_w1", in(call_priority::webhook));
  call("cs_test_k1", in(call_priority::known));
  call("cs_test_b2", in(call_priority::background));
  call("cs_test_u2", in(call_priority::unknown));
  call("cs_test_k2", in(call_priority::known));
  EXPECT_THAT(order_sent(), ElementsAre("k1", "k2", "w1", "u1", "u2", "b1", "b2"));
}

TEST_F(RequestSchedulerPriority, AKnownCallTakesAnUnknownFetchAlong) {
  call("cs_test_u1", in(call_priority::unknown));
  const auto first = call("cs_test_u2", in(call_priority::unknown));
  call("cs_test_k1", in(call_priority::known));
  const auto joining = call("cs_test_u2", in(call_priority::known));
  EXPECT_THAT(order_sent(), ElementsAre("k1", "u2", "u1"));
  EXPECT_EQ(outcomes({first, joining}), (std::vector<std::string>{"session", "session"}));
}

TEST_F(RequestSchedulerPriority, AnUnknownCallHoldsNoKnownFetchBack) {
  call("cs_test_k1", in(call_priority::known));
  call("cs_test_u1", in(call_priority::unknown));
  call("cs_test_k1", in(call_priority::background));
  EXPECT_THAT(order_sent(), ElementsAre("k1", "u1"));
}

// What has been asked once is owed the answer before those that never were.
TEST_F(RequestSchedulerPriority, ARetryGoesFirstAmongItsEquals) {
  const auto again = call("cs_test_r1", in(call_priority::known));
  succeed("cs_test_busy");
  fail(code::connection_lost);
  call("cs_test_k1", in(call_priority::known));
  call("cs_test_k2", in(call_priority::known));
  pass(milliseconds(1000));
  EXPECT_THAT(order_sent(), ElementsAre("r1", "k2"));
  EXPECT_EQ(outcome(again), "session");
}

// And only there.
TEST_F(RequestSchedulerPriority, ARetryGoesBehindBetterOnes) {
  call("cs_test_r1", in(call_priority::background));
  succeed("cs_test_busy");
  fail(code::connection_lost);
  call("cs_test_u1", in(call_priority::unknown));
  call("cs_test_u2", in(call_priority::unknown));
  pass(milliseconds(1000));
  EXPECT_THAT(order_sent(), ElementsAre("u2", "r1"));
}

TEST_F(RequestSchedulerPriority, AKnownCallTakesAPausingFetchAlong) {
  call("cs_test_r1", in(call_priority::background));
  succeed("cs_test_busy");
  fail(code::connection_lost);
  call("cs_test_u1", in(call_priority::unknown));
  call("cs_test_u2", in(call_priority::unknown));
  call("cs_test_r1", in(call_priority::known));
  pass(milliseconds(1000));
  EXPECT_THAT(order_sent(), ElementsAre("r1", "u2"));
}

TEST_F(RequestSchedulerPriority, AKnownCallThatCameLateBringsItsPriority) {
  call("cs_test_l1", in(call_priority::background));
  succeed("cs_test_busy");
  ASSERT_EQ(sender_.last().id, "cs_test_l1");
  call("cs_test_l1", in(call_priority::known));
  call("cs_test_u1", in(call_priority::unknown));
  EXPECT_THAT(order_sent(), ElementsAre("l1", "u1"));
}

// With the known call its priority goes as well: anybody could else keep an id before all others by
// asking for it again and again.
TEST_F(RequestSchedulerPriority, AnAnsweredCallLeavesNoPriority) {
  call("cs_test_l1", in(call_priority::known));
  succeed("cs_test_busy");
  ASSERT_EQ(sender_.last().id, "cs_test_l1");
  call("cs_test_u1", in(call_priority::unknown));
  call("cs_test_l1", in(call_priority::background)); // late
  EXPECT_THAT(order_sent(), ElementsAre("u1", "l1"));
}

TEST_F(RequestSchedulerPriority, ACanceledCallLeavesNoPriority) {
  call("cs_test_l1", in(call_priority::background));
  call("cs_test_u1", in(call_priority::unknown));
  cancel(call("cs_test_l1", in(call_priority::known)));
  EXPECT_THAT(order_sent(), ElementsAre("u1", "l1"));
}

// What anybody can send does not end a reconciliation, nor does one hold anybody back for long.
TEST_F(RequestSchedulerPriority, OneInFiveGoesToTheBackgroundWhereUnknownIdsFlood) {
  for (int i = 0; i < 12; ++i)
    call("cs_test_u" + std::to_string(i), in(call_priority::unknown));
  call("cs_test_b1", in(call_priority::background));
  call("cs_test_b2", in(call_priority::background));
  EXPECT_THAT(order_sent(), ElementsAre("u0", "u1", "u2", "b1", "u3", "u4", "u5", "u6", "b2", "u7",
                                        "u8", "u9", "u10", "u11"));
}

} // namespace
