// What is in flight at once, what may wait, and how many requests go out in a second.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::Each;
using testing::ElementsAre;

class RequestSchedulerLoad : public RequestScheduler {
protected:
  RequestSchedulerLoad() { options_.deadline = std::chrono::minutes(10); }

  std::vector<call_number> submit_many(int count, const std::string& prefix = "cs_test_") {
    std::vector<call_number> calls;
    for (int i = 0; i < count; ++i)
      calls.push_back(submit(prefix + std::to_string(i)));
    return calls;
  }
  void succeed_all() {
    while (!sender_.in_flight.empty()) {
      const std::uint64_t attempt = *sender_.in_flight.begin();
      for (const fake_sender::attempt& each : std::vector<fake_sender::attempt>(sender_.sent))
        if (each.number == attempt) finish_attempt(attempt, session_of(each.id));
    }
  }
};

TEST_F(RequestSchedulerLoad, NeverMoreOnTheWireThanAllowed) {
  options_.max_in_flight = 3;
  const auto calls = submit_many(20);
  turn();
  EXPECT_EQ(sender_.in_flight.size(), 3u);
  // Nothing is due until something ends, but the deadlines: no busy loop.
  EXPECT_EQ(time_left(), options_.deadline);
  succeed("cs_test_1");
  EXPECT_EQ(sender_.sent.size(), 4u);
  EXPECT_EQ(sender_.last().id, "cs_test_3");
  succeed_all();
  EXPECT_THAT(outcomes(calls), Each("session"));
  EXPECT_EQ(sender_.most_on_wire, 3u);
}

// One more than may wait is refused at once, and does no harm to the others.
TEST_F(RequestSchedulerLoad, RefusesWhatMayNotWait) {
  options_.max_in_flight = 2;
  options_.max_queued = 3;
  const auto calls = submit_many(5);
  turn();
  EXPECT_EQ(sender_.in_flight.size(), 2u);
  const auto refused = submit("cs_test_more");
  turn();
  EXPECT_EQ(outcome(refused), "overloaded");
  EXPECT_THAT(outcomes(calls), Each("waits"));
  // Also for a session that others wait for already: it is calls that are counted.
  EXPECT_EQ(outcome(call("cs_test_4")), "overloaded");
  EXPECT_EQ(outcome(call("cs_test_0")), "overloaded");

  succeed("cs_test_0");
  const auto accepted = call("cs_test_more");
  EXPECT_EQ(outcome(accepted), "waits");
  EXPECT_EQ(outcome(call("cs_test_again")), "overloaded");
  succeed_all();
  EXPECT_EQ(outcome(accepted), "session");
  EXPECT_THAT(outcomes(calls), Each("session"));
}

TEST_F(RequestSchedulerLoad, RefusesNoKnownSessionAndNoWebhook) {
  options_.max_in_flight = 1;
  options_.max_queued = 2;
  submit_many(3);
  turn();
  EXPECT_EQ(outcome(call("cs_test_u")), "overloaded");
  const std::vector<call_number> calls{
      call("cs_test_k1", in(call_priority::known)), call("cs_test_w1", in(call_priority::webhook)),
      call("cs_test_k2", in(call_priority::known)), call("cs_test_k3", in(call_priority::known)),
      call("cs_test_k4", in(call_priority::known))};
  EXPECT_THAT(outcomes(calls), Each("waits"));
  succeed_all();
  EXPECT_THAT(outcomes(calls), Each("session"));
}

// Neither fills the queue of the other.
TEST_F(RequestSchedulerLoad, HasAQueueForUnknownIdsAndOneForTheBackground) {
  options_.max_in_flight = 1;
  options_.max_queued = 1;
  call("cs_test_busy");
  EXPECT_EQ(outcome(call("cs_test_u1")), "waits");
  EXPECT_EQ(outcome(call("cs_test_u2")), "overloaded");
  EXPECT_EQ(outcome(call("cs_test_b1", in(call_priority::background))), "waits");
  EXPECT_EQ(outcome(call("cs_test_b2", in(call_priority::background))), "overloaded");
}

TEST_F(RequestSchedulerLoad, GivesTheBackgroundHalfOfTheRate) {
  options_.requests_per_second = 20;
  for (int i = 0; i < 100; ++i)
    submit("cs_test_" + std::to_string(i), in(call_priority::background));
  turn();
  EXPECT_EQ(sender_.sent.size(), 2u); // a quarter of a second's worth of its half
  for (int i = 0; i < 400; ++i)
    pass(milliseconds(10));
  EXPECT_EQ(sender_.sent.size(), 2u + 40u);
  // The other half is there for whoever comes.
  EXPECT_EQ(outcome(call("cs_test_k1", in(call_priority::known))), "waits");
  EXPECT_EQ(sender_.last().id, "cs_test_k1");
}

TEST_F(RequestSchedulerLoad, HasAQueueWithoutEnd) {
  options_.max_in_flight = 2;
  options_.max_queued = SIZE_MAX;
  const auto calls = submit_many(20);
  turn();
  EXPECT_EQ(outcome(call("cs_test_more")), "waits");
  EXPECT_THAT(outcomes(calls), Each("waits"));
}

// In one turn there is room for those that are about to be sent as well.
TEST_F(RequestSchedulerLoad, CountsTheFreeSlotsBeforeTheTurn) {
  options_.max_in_flight = 2;
  options_.max_queued = 0;
  const std::vector<call_number> calls{submit("cs_test_a1"), submit("cs_test_b1"),
                                       submit("cs_test_c1")};
  turn();
  EXPECT_THAT(outcomes(calls), ElementsAre("waits", "waits", "overloaded"));
}

// Whatever way a call leaves by, its place is free for another.
TEST_F(RequestSchedulerLoad, FreesThePlaceOfEachThatLeaves) {
  options_.max_in_flight = 1;
  options_.max_queued = 1;
  call("cs_test_busy");
  for (int round = 0; round < 3; ++round) {
    const auto canceled = call("cs_test_a1");
    EXPECT_EQ(outcome(call("cs_test_b1")), "overloaded");
    cancel(canceled);
    const auto due = call("cs_test_a1", within(milliseconds(10)));
    EXPECT_EQ(outcome(call("cs_test_b1")), "overloaded");
    pass(milliseconds(10));
    EXPECT_EQ(outcome(due), "deadline_exceeded");
    const auto late = call("cs_test_busy");
    EXPECT_EQ(outcome(call("cs_test_b1")), "overloaded");
    succeed("cs_test_busy"); // now the late one is in flight
    EXPECT_EQ(outcome(late), "waits");
  }
}

// Those of a shared request are in flight with it, until each of them leaves.
TEST_F(RequestSchedulerLoad, CountsEachCallOfASharedRequest) {
  options_.max_in_flight = 1;
  options_.max_queued = 1;
  const std::vector<call_number> shared{submit("cs_test_a1"), submit("cs_test_a1")};
  turn();
  cancel(shared[0]);
  const auto waiting = call("cs_test_b1");
  EXPECT_EQ(outcome(waiting), "waits");
  EXPECT_EQ(outcome(call("cs_test_c1")), "overloaded");
  succeed("cs_test_a1");
  const auto next = call("cs_test_c1");
  EXPECT_EQ(outcome(next), "waits");
  EXPECT_EQ(outcome(call("cs_test_d1")), "overloaded");
  succeed("cs_test_b1");
  succeed("cs_test_c1");
  EXPECT_EQ(outcomes({shared[1], waiting, next}),
            (std::vector<std::string>{"session", "session", "session"}));
}

// A fetch that pauses waits, and holds no slot.
TEST_F(RequestSchedulerLoad, APauseHoldsNoSlot) {
  options_.max_in_flight = 1;
  const auto pausing = call("cs_test_a1");
  fail(code::connection_lost);
  const auto other = call("cs_test_b1");
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1"));
  pass(milliseconds(1000));
  EXPECT_EQ(sender_.in_flight.size(), 1u);
  succeed("cs_test_b1");
  succeed("cs_test_a1");
  EXPECT_EQ(outcomes({pausing, other}), (std::vector<std::string>{"session", "session"}));
}

TEST_F(RequestSchedulerLoad, WithoutALimitAllGoAtOnce) {
  options_.max_in_flight = 1000;
  submit_many(1000);
  turn();
  EXPECT_EQ(sender_.sent.size(), 1000u);
}

// A quarter of a second's worth at once, and then one each 1/rate seconds, for rates that no
// millisecond divides as well. advance() at next_time() must send something: else the core would
// spin, or sleep too long.
TEST_F(RequestSchedulerLoad, SendsAtItsRate) {
  for (const double rate : {20.0, 1.0, 0.3, 3.0, 7.0, 25.0, 333.0, 999.9}) {
    SCOPED_TRACE(rate);
    fake_sender sender;
    sr::testkit::fake_time clock(0);
    options_.requests_per_second = rate;
    options_.max_in_flight = 10000;
    sr::api_access access(options_);
    sr::request_scheduler scheduler(access, clock, sender);
    const double at_once = std::max(1.0, rate / 4);
    const auto burst = static_cast<std::size_t>(at_once);
    const std::size_t count = burst + 40;
    for (std::size_t i = 0; i < count; ++i) {
      sr::retrieve_options how;
      how.deadline = milliseconds(600000);
      submit_to(scheduler, i + 1, id_of("cs_test_" + std::to_string(i)), how, clock.now());
    }
    scheduler.advance();
    EXPECT_EQ(sender.sent.size(), burst);
    const auto start = clock.now();
    while (sender.sent.size() < count) {
      const auto due = scheduler.next_time();
      ASSERT_TRUE(due);
      ASSERT_GT(*due, clock.now()) << "advance() left something undone";
      const std::size_t before = sender.sent.size();
      clock.advance(std::chrono::ceil<milliseconds>(*due - clock.now())); // as the core waits
      scheduler.advance();
      ASSERT_GT(sender.sent.size(), before) << "next_time() was too early";
      const std::chrono::duration<double> passed = clock.now() - start;
      ASSERT_LE(static_cast<double>(sender.sent.size()), at_once + passed.count() * rate);
    }
    // Not slower than the rate either, but for the milliseconds that each wait is rounded up to.
    const std::chrono::duration<double> passed = clock.now() - start;
    EXPECT_LE(passed.count(), 41 / rate + 0.001);
    scheduler.cancel_all();
  }
}

// A rate of 1 in 3 seconds, exactly at next_time(), which here is no whole millisecond.
class exact_clock final : public sr::time_source {
public:
  std::chrono::steady_clock::time_point now() override { return time; }
  sr::unix_seconds unix_time() override { return 0; }
  void wait_until(std::unique_lock<std::mutex>&, std::condition_variable&,
                  std::chrono::steady_clock::time_point) override {}
  std::chrono::steady_clock::time_point time{std::chrono::hours(1000)};
};

TEST(RequestSchedulerRate, AdvancesAtExactlyTheTimeItNamed) {
  for (const double rate : {1.0 / 3, 0.01, 0.7, 3.0, 7.0, 11.3, 97.0, 1e3, 1e6}) {
    SCOPED_TRACE(rate);
    exact_clock clock;
    fake_sender sender;
    sr::client_options options = scripted_client::options();
    options.requests_per_second = rate;
    options.max_in_flight = 10000;
    sr::api_access access(options);
    sr::request_scheduler scheduler(access, clock, sender);
    std::size_t made = 0;
    const auto submit = [&] {
      sr::retrieve_options how;
      how.deadline = std::chrono::minutes(10);
      ++made;
      submit_to(scheduler, made, id_of("cs_test_" + std::to_string(made)), how, clock.now());
    };
    for (int i = 0; i < 200; ++i) {
      submit();
      scheduler.advance();
      const std::size_t before = sender.sent.size();
      if (before == made) continue; // out of the full bucket
      const auto due = scheduler.next_time();
      ASSERT_TRUE(due);
      ASSERT_GT(*due, clock.time);
      clock.time = *due;
      scheduler.advance();
      ASSERT_EQ(sender.sent.size(), before + 1);
      for (const std::uint64_t attempt : std::set<std::uint64_t>(sender.in_flight)) {
        sender.in_flight.erase(attempt);
        scheduler.attempt_finished(attempt, scripted_client::status(404));
      }
    }
    scheduler.cancel_all();
  }
}

// However long nothing was asked: Stripe allows a sandbox 25 in a second.
TEST_F(RequestSchedulerLoad, SavesUpLittleOfItsRate) {
  options_.requests_per_second = 20;
  submit_many(3, "cs_test_a");
  turn();
  succeed_all();
  pass(std::chrono::hours(1));
  submit_many(50, "cs_test_b");
  turn();
  EXPECT_EQ(sender_.sent.size(), 3u + 5u);
  for (int i = 0; i < 100; ++i)
    pass(milliseconds(10));
  EXPECT_EQ(sender_.sent.size(), 3u + 25u);
}

// A retry is a request as well.
TEST_F(RequestSchedulerLoad, CountsRetriesInTheRate) {
  options_.requests_per_second = 1;
  const auto made = call();
  pass(milliseconds(100));
  fail(code::connection_lost);
  call("cs_test_b1");
  pass(milliseconds(900)); // the token goes to the call that waits; the pause is not over
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1"));
  pass(milliseconds(100));
  EXPECT_EQ(sender_.sent.size(), 2u);
  pass(milliseconds(900));
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_b1", "cs_test_a1"));
  EXPECT_EQ(outcome(made), "waits");
}

TEST_F(RequestSchedulerLoad, ADeadlineIsNotMissedForTheRate) {
  options_.requests_per_second = 0.1;
  call("cs_test_a1");
  const auto made = call("cs_test_b1", within(milliseconds(300)));
  EXPECT_EQ(time_left(), milliseconds(300));
  pass(milliseconds(300));
  EXPECT_EQ(outcome(made), "deadline_exceeded");
}

} // namespace
