#include "client/exchange.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::exchange;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using step = exchange::step;

constexpr exchange::time_point start{std::chrono::hours(1)};
constexpr milliseconds deadline{10000};
constexpr milliseconds attempt_timeout{4000};
constexpr milliseconds connect_timeout{2000};

sr::result<sr::http_response> status(int number, std::vector<sr::http_header> headers = {}) {
  return sr::http_response{number, std::move(headers), {}};
}

sr::result<sr::http_response> advised(int number, const std::string& should_retry) {
  return status(number, {{"stripe-should-retry", should_retry}});
}

sr::result<sr::http_response> failure(code why) {
  return sr::error{why, "It failed."};
}

sr::retry_policy at_most(int retries) {
  sr::retry_policy policy;
  policy.max_retries = retries;
  return policy;
}

exchange make_exchange(const sr::retry_policy& policy, milliseconds time_left = deadline) {
  return exchange(policy, start + time_left, attempt_timeout, connect_timeout);
}

// What comes after one attempt, with a retry to spare.
step after(sr::result<sr::http_response> answer) {
  exchange call = make_exchange(at_most(1));
  EXPECT_EQ(call.begin(start), step::send);
  return call.attempted(std::move(answer), start, 0.5);
}

struct delay_row {
  int retry;
  milliseconds least; // chance 0
  milliseconds most;  // chance 1
};

void expect_delays(const sr::retry_policy& policy, const std::vector<delay_row>& rows) {
  for (const delay_row& row : rows) {
    SCOPED_TRACE(row.retry);
    EXPECT_EQ(sr::retry_delay(policy, row.retry, 0.0), row.least);
    EXPECT_EQ(sr::retry_delay(policy, row.retry, 1.0), row.most);
    for (const double chance : {0.1, 0.5, 0.9}) {
      const milliseconds delay = sr::retry_delay(policy, row.retry, chance);
      EXPECT_GE(delay, row.least) << chance;
      EXPECT_LE(delay, row.most) << chance;
    }
  }
}

TEST(RetryDelay, DoublesUpToTheLongestAndIsNeverUnderTheFirst) {
  expect_delays({}, {{1, milliseconds(500), milliseconds(500)},
                     {2, milliseconds(500), milliseconds(1000)},
                     {3, milliseconds(1000), milliseconds(2000)},
                     {4, milliseconds(2000), milliseconds(4000)},
                     {5, milliseconds(2500), milliseconds(5000)},
                     {6, milliseconds(2500), milliseconds(5000)},
                     {100, milliseconds(2500), milliseconds(5000)}});
}

TEST(RetryDelay, KeepsItsBoundsForEveryPolicy) {
  const milliseconds ten_minutes(600000);
  expect_delays({100, milliseconds(700), milliseconds(1000)},
                {{1, milliseconds(700), milliseconds(700)},
                 {2, milliseconds(700), milliseconds(1000)},
                 {100, milliseconds(700), milliseconds(1000)}});
  expect_delays({100, ten_minutes, ten_minutes},
                {{1, ten_minutes, ten_minutes}, {100, ten_minutes, ten_minutes}});
  expect_delays({100, milliseconds(1), ten_minutes}, {{1, milliseconds(1), milliseconds(1)},
                                                      {2, milliseconds(1), milliseconds(2)},
                                                      {11, milliseconds(512), milliseconds(1024)},
                                                      {100, milliseconds(300000), ten_minutes}});
}

TEST(RetryDelay, IsTheSameHalfwayUp) {
  EXPECT_EQ(sr::retry_delay({}, 3, 0.5), milliseconds(1500));
  EXPECT_EQ(sr::retry_delay({}, 4, 0.25), milliseconds(2500));
}

// The whole enumeration: a code that is added later must be put on one side.
TEST(Exchange, RetriesFailedConnectionsAndNeverRefusedCertificates) {
  const std::vector<code> retried{
      code::could_not_resolve, code::timed_out_resolving,  code::connection_refused,
      code::could_not_connect, code::timed_out_connecting, code::timed_out_in_tls,
      code::tls_failed,        code::timed_out_waiting,    code::timed_out_receiving,
      code::connection_lost,   code::transport_failed};
  for (int i = 0; i <= static_cast<int>(code::unreadable_file); ++i) {
    const code why = static_cast<code>(i);
    const bool again = std::find(retried.begin(), retried.end(), why) != retried.end();
    EXPECT_EQ(after(failure(why)), again ? step::pause : step::finish) << to_string(why);
  }
}

TEST(Exchange, RetriesConflictsAndServerErrorsOnly) {
  for (int number = 100; number <= 599; ++number) {
    const bool again = number == 409 || number >= 500;
    EXPECT_EQ(after(status(number)), again ? step::pause : step::finish) << number;
  }
}

// https://docs.stripe.com/rate-limits#object-lock-timeouts
TEST(Exchange, RetriesWhereAnObjectWasLocked) {
  sr::http_response locked;
  locked.status = 429;
  locked.body = R"({"error":{"code":"lock_timeout"}})";
  EXPECT_EQ(after(locked), step::pause);
  auto limited = locked;
  limited.headers.push_back({"stripe-rate-limited-reason", "global-rate"});
  EXPECT_EQ(after(limited), step::finish);
}

TEST(Exchange, AsksStripesAdviceBeforeTheStatus) {
  struct row {
    int status;
    const char* advice;
    step next;
  };
  const std::vector<row> rows{
      {429, "true", step::pause},
      {424, "true", step::pause},
      {400, "true", step::pause},
      {404, "true", step::pause},
      {200, "true", step::pause}, // as stripe-node does
      {409, "true", step::pause},
      {500, "false", step::finish},
      {503, "false", step::finish},
      {409, "false", step::finish},
      {429, "false", step::finish},
      // No advice: the status decides.
      {500, "", step::pause},
      {500, "False", step::pause},
      {500, "0", step::pause},
      {500, "falsey", step::pause},
      {429, "", step::finish},
      {429, "True", step::finish},
      {429, "1", step::finish},
      {429, "true, false", step::finish},
  };
  for (const row& each : rows) {
    EXPECT_EQ(after(advised(each.status, each.advice)), each.next)
        << each.status << " " << each.advice;
  }
}

TEST(Exchange, SendsOnceAndThenAtMostMaxRetriesTimes) {
  for (const int retries : {0, 1, 2, 3, 100}) {
    exchange call = make_exchange(at_most(retries), std::chrono::hours(1));
    exchange::time_point now = start;
    int sent = 0;
    step next = call.begin(now);
    while (next != step::finish) {
      ASSERT_EQ(next, step::send);
      ++sent;
      next = call.attempted(status(500), now, 1.0);
      if (next == step::pause) {
        now += call.delay();
        next = call.begin(now);
      }
    }
    EXPECT_EQ(sent, 1 + retries);
    ASSERT_TRUE(call.answer());
    EXPECT_EQ(call.answer()->status, 500);
  }
}

// Stripe's advice is no way around the application's own limit.
TEST(Exchange, StopsAtMaxRetriesWhateverStripeAdvises) {
  exchange call = make_exchange(at_most(0));
  call.begin(start);
  EXPECT_EQ(call.attempted(advised(500, "true"), start, 0.5), step::finish);
}

TEST(Exchange, PausesLongerEachTime) {
  exchange call = make_exchange(at_most(4), std::chrono::hours(1));
  for (const int expected : {500, 1000, 2000, 4000}) {
    ASSERT_EQ(call.begin(start), step::send);
    ASSERT_EQ(call.attempted(failure(code::connection_lost), start, 1.0), step::pause);
    EXPECT_EQ(call.delay(), milliseconds(expected));
  }
}

TEST(Exchange, TakesTheJitterFromTheCaller) {
  for (const auto& [chance, expected] :
       std::vector<std::pair<double, int>>{{0.0, 500}, {0.5, 750}, {1.0, 1000}}) {
    exchange call = make_exchange(at_most(2));
    for (int attempt = 0; attempt < 2; ++attempt) {
      ASSERT_EQ(call.begin(start), step::send);
      ASSERT_EQ(call.attempted(status(500), start, chance), step::pause);
    }
    EXPECT_EQ(call.delay(), milliseconds(expected));
  }
}

// Waking up at the deadline or past it leaves no time to ask: then the answer at hand is better
// now than later.
TEST(Exchange, DoesNotBeginAPauseThatWouldOutlastTheDeadline) {
  struct row {
    milliseconds left_after_attempt;
    step next;
  };
  for (const row& each : std::vector<row>{{milliseconds(-1), step::finish},
                                          {milliseconds(0), step::finish},
                                          {milliseconds(499), step::finish},
                                          {milliseconds(500), step::finish},
                                          {milliseconds(501), step::pause}}) {
    exchange call = make_exchange(at_most(2));
    ASSERT_EQ(call.begin(start), step::send);
    const auto now = start + deadline - each.left_after_attempt;
    EXPECT_EQ(call.attempted(status(503), now, 1.0), each.next) << each.left_after_attempt.count();
    ASSERT_TRUE(call.answer());
    EXPECT_EQ(call.answer()->status, 503);
  }
}

TEST(Exchange, LimitsEachAttemptToItsOwnTimeAndToWhatIsLeft) {
  struct row {
    milliseconds left, attempt, connect;
    milliseconds timeout, connect_timeout;
  };
  const auto ms = [](int count) { return milliseconds(count); };
  const std::vector<row> rows{
      {ms(10000), ms(4000), ms(2000), ms(4000), ms(2000)},
      {ms(4000), ms(4000), ms(2000), ms(4000), ms(2000)},
      {ms(3999), ms(4000), ms(2000), ms(3999), ms(2000)},
      {ms(1999), ms(4000), ms(2000), ms(1999), ms(1999)},
      {ms(1), ms(4000), ms(2000), ms(1), ms(1)},
      {ms(10000), ms(1000), ms(2000), ms(1000), ms(1000)},
      {ms(10000), ms(20000), ms(30000), ms(10000), ms(10000)},
  };
  for (const row& each : rows) {
    exchange call({}, start + each.left, each.attempt, each.connect);
    ASSERT_EQ(call.begin(start), step::send);
    EXPECT_EQ(call.timeout(), each.timeout) << each.left.count();
    EXPECT_EQ(call.connect_timeout(), each.connect_timeout) << each.left.count();
  }
}

TEST(Exchange, GivesLaterAttemptsWhatIsLeftByThen) {
  exchange call = make_exchange(at_most(2));
  ASSERT_EQ(call.begin(start), step::send);
  ASSERT_EQ(call.attempted(status(500), start + milliseconds(4000), 1.0), step::pause);
  ASSERT_EQ(call.begin(start + milliseconds(4500)), step::send);
  EXPECT_EQ(call.timeout(), milliseconds(4000));
  EXPECT_EQ(call.connect_timeout(), milliseconds(2000));
  ASSERT_EQ(call.attempted(status(500), start + milliseconds(8300), 1.0), step::pause);
  ASSERT_EQ(call.begin(start + milliseconds(9300)), step::send);
  EXPECT_EQ(call.timeout(), milliseconds(700));
  EXPECT_EQ(call.connect_timeout(), milliseconds(700));
}

TEST(Exchange, SendsNothingAtTheDeadlineOrPastIt) {
  for (const microseconds left : {microseconds(-5000), microseconds(-1), microseconds(0)}) {
    exchange call = make_exchange({});
    EXPECT_EQ(call.begin(start + deadline - left), step::finish) << left.count();
    ASSERT_FALSE(call.answer());
    EXPECT_EQ(call.answer().error().code, code::deadline_exceeded) << left.count();
  }
}

// A timeout of zero means no timeout at all to libcurl, so a part of a millisecond counts as one.
TEST(Exchange, NeverSendsWithoutATimeout) {
  for (const auto& [left, timeout] :
       std::vector<std::pair<microseconds, milliseconds>>{{microseconds(1), milliseconds(1)},
                                                          {microseconds(999), milliseconds(1)},
                                                          {microseconds(1000), milliseconds(1)},
                                                          {microseconds(1001), milliseconds(2)}}) {
    exchange call = make_exchange({});
    ASSERT_EQ(call.begin(start + deadline - left), step::send) << left.count();
    EXPECT_EQ(call.timeout(), timeout) << left.count();
    EXPECT_EQ(call.connect_timeout(), timeout) << left.count();
  }
}

// A pause may last longer than it was meant to. What Stripe said then is worth more than that time
// ran out.
TEST(Exchange, KeepsTheLastAnswerWhenAPauseRanIntoTheDeadline) {
  exchange call = make_exchange(at_most(2));
  ASSERT_EQ(call.begin(start), step::send);
  ASSERT_EQ(call.attempted(status(503), start, 1.0), step::pause);
  ASSERT_EQ(call.begin(start + deadline), step::finish);
  ASSERT_TRUE(call.answer());
  EXPECT_EQ(call.answer()->status, 503);
}

TEST(Exchange, AnswersWithTheLastAttempt) {
  exchange call = make_exchange(at_most(2));
  for (const auto& answer : {status(500), failure(code::connection_lost), status(200)}) {
    ASSERT_EQ(call.begin(start), step::send);
    call.attempted(answer, start, 0.0);
  }
  ASSERT_TRUE(call.answer());
  EXPECT_EQ(call.answer()->status, 200);

  exchange failing = make_exchange(at_most(1));
  for (const auto& answer : {status(500), failure(code::connection_lost)}) {
    ASSERT_EQ(failing.begin(start), step::send);
    failing.attempted(answer, start, 0.0);
  }
  EXPECT_EQ(error_code_of(failing.answer()), code::connection_lost);
}

} // namespace
