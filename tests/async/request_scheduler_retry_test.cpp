// Attempts, pauses, keys and permissions: as session_client has them.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

using RequestSchedulerRetry = RequestScheduler;

scripted_client::answer advised(int status, const char* should_retry) {
  auto made = scripted_client::status(status);
  made->headers.push_back({"stripe-should-retry", should_retry});
  return made;
}

TEST_F(RequestSchedulerRetry, AfterWhatMayPass) {
  using failed = sr::error_code;
  const auto failure = scripted_client::failure;
  const auto status = [](int number) { return scripted_client::status(number); };
  struct row {
    answer outcome;
    bool again;
  };
  const std::vector<row> rows{
      {failure(failed::could_not_resolve), true},
      {failure(failed::timed_out_resolving), true},
      {failure(failed::connection_refused), true},
      {failure(failed::could_not_connect), true},
      {failure(failed::timed_out_in_tls), true},
      {failure(failed::timed_out_waiting), true},
      {failure(failed::timed_out_receiving), true},
      {failure(failed::connection_lost), true},
      {failure(failed::transport_failed), true},
      {failure(failed::tls_unknown_ca), false},
      {failure(failed::tls_expired), false},
      {failure(failed::tls_wrong_host), false},
      {failure(failed::response_too_large), false},
      {status(409), true},
      {status(500), true},
      {status(503), true},
      {status(400), false},
      {status(401), false},
      {status(404), false},
      {status(429), false},
      {advised(429, "true"), true},
      {advised(500, "false"), false},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(i);
    const auto made = call("cs_test_a1", in(call_priority::known));
    const std::size_t before = sender_.sent.size();
    finish(rows[i].outcome);
    EXPECT_EQ(outcome(made) == "waits", rows[i].again);
    if (!rows[i].again) continue;
    EXPECT_TRUE(sender_.in_flight.empty());
    EXPECT_EQ(time_left(), milliseconds(1000));
    pass(milliseconds(999));
    EXPECT_EQ(sender_.sent.size(), before);
    pass(milliseconds(1));
    EXPECT_EQ(sender_.sent.size(), before + 1);
    succeed();
    EXPECT_EQ(outcome(made), "session");
  }
}

TEST_F(RequestSchedulerRetry, AsOftenAsThePolicySays) {
  for (const int retries : {0, 1, 2, 5}) {
    SCOPED_TRACE(retries);
    fake_sender sender;
    sr::client_options options = options_;
    options.retry.max_retries = retries;
    sr::api_access access(options);
    sr::request_scheduler scheduler(access, clock_, sender);
    submit_to(scheduler, 1, id_of("cs_test_a1"), {}, clock_.now());
    scheduler.advance();
    while (!sender.in_flight.empty()) {
      sender.in_flight.clear();
      scheduler.attempt_finished(sender.last().number, scripted_client::status(503));
      clock_.advance(milliseconds(1000));
      scheduler.advance();
    }
    EXPECT_EQ(sender.sent.size(), static_cast<std::size_t>(retries) + 1);
    const auto answered = scheduler.next_answered();
    ASSERT_FALSE(answered.empty());
    EXPECT_EQ(answered.front().read_answer().error().code, code::stripe_unavailable);
    EXPECT_EQ(answered.front().report.attempts, retries + 1);
  }
}

TEST_F(RequestSchedulerRetry, PausesLongerEachTime) {
  options_.retry = {3, milliseconds(100), milliseconds(300)};
  call();
  for (const auto& [least, most] :
       std::vector<std::pair<int, int>>{{100, 100}, {100, 200}, {150, 300}}) {
    fail(code::connection_lost);
    ASSERT_TRUE(time_left());
    EXPECT_GE(time_left()->count(), least);
    EXPECT_LE(time_left()->count(), most);
    pass(*time_left());
  }
  fail(code::connection_lost);
  EXPECT_EQ(order().size(), 1u);
}

TEST_F(RequestSchedulerRetry, AsksWithoutThePaymentIntentWhereTheKeyMayNotReadIt) {
  const auto made = call();
  finish(scripted_client::status(403));
  ASSERT_EQ(sender_.sent.size(), 2u); // at once
  EXPECT_EQ(sender_.last().request.url, "https://api.stripe.com/v1/checkout/sessions/cs_test_a1");
  EXPECT_EQ(sender_.last().request.timeout, options_.attempt_timeout);
  succeed();
  ASSERT_EQ(outcome(made), "session");
  EXPECT_FALSE(answer_to(made)->payment_intent_permitted);
  EXPECT_EQ(report_of(made).attempts, 2);
  // It is remembered, for all calls of that key.
  const auto next = call("cs_test_b1");
  EXPECT_EQ(sender_.last().request.url, "https://api.stripe.com/v1/checkout/sessions/cs_test_b1");
  succeed("cs_test_b1");
  EXPECT_FALSE(answer_to(next)->payment_intent_permitted);
}

TEST_F(RequestSchedulerRetry, TellsA403ThatRemains) {
  const auto made = call();
  finish(scripted_client::status(403));
  finish(scripted_client::status(403));
  EXPECT_EQ(outcome(made), "permission_denied");
  call();
  EXPECT_THAT(sender_.last().request.url, testing::HasSubstr("payment_intent"));
}

// The request without the expansion has all its retries, and waits for its turn as every other.
TEST_F(RequestSchedulerRetry, TheFallbackKeepsToTheLimits) {
  options_.max_in_flight = 1;
  const auto made = call("cs_test_a1");
  call("cs_test_k1", in(call_priority::known));
  finish(scripted_client::status(403));
  EXPECT_THAT(sender_.ids_sent(), ElementsAre("cs_test_a1", "cs_test_k1"));
  succeed("cs_test_k1");
  finish("cs_test_a1", scripted_client::status(503));
  pass(milliseconds(1000));
  succeed("cs_test_a1");
  ASSERT_EQ(outcome(made), "session");
  EXPECT_FALSE(answer_to(made)->payment_intent_permitted);
}

TEST_F(RequestSchedulerRetry, CallsMadeLaterUseTheNewKey) {
  const auto first = call("cs_test_a1");
  access().set_secret_key("sk_test_2");
  const auto second = call("cs_test_b1");
  EXPECT_EQ(sender_.sent[0].request.authorization.reveal(), "Bearer sk_test_1");
  EXPECT_EQ(sender_.sent[1].request.authorization.reveal(), "Bearer sk_test_2");
  succeed("cs_test_a1");
  succeed("cs_test_b1");
  EXPECT_EQ(outcomes({first, second}), (std::vector<std::string>{"session", "session"}));
}

TEST_F(RequestSchedulerRetry, TheLateBeginAgainWithTheNewKey) {
  call();
  access().set_secret_key("sk_test_2");
  call();
  finish(scripted_client::status(401));
  EXPECT_EQ(sender_.last().request.authorization.reveal(), "Bearer sk_test_2");
}

TEST_F(RequestSchedulerRetry, TheLateAreRefusedUnderABadKey) {
  const auto first = call();
  const std::vector<call_number> late{call(), call()};
  access().set_secret_key("pk_test_1");
  succeed();
  EXPECT_EQ(outcome(first), "session");
  EXPECT_THAT(outcomes(late), testing::Each("publishable_key"));
  EXPECT_EQ(sender_.sent.size(), 1u);
}

// "Requests that begin from now on use this key": a request that waits has not begun. The old key
// may be revoked by now.
TEST_F(RequestSchedulerRetry, ARequestThatWaitsUsesTheNewKey) {
  options_.max_in_flight = 1;
  call("cs_test_busy");
  call("cs_test_a1");
  access().set_secret_key("sk_test_2");
  succeed("cs_test_busy");
  EXPECT_EQ(sender_.last().id, "cs_test_a1");
  EXPECT_EQ(sender_.last().request.authorization.reveal(), "Bearer sk_test_2");
}

// Even a call that was made after the change.
TEST_F(RequestSchedulerRetry, ACallMadeLaterNeverSharesTheOldKey) {
  call("cs_test_a1");
  fail(code::connection_lost);
  access().set_secret_key("sk_test_2");
  call("cs_test_a1");
  pass(milliseconds(1000));
  EXPECT_EQ(sender_.last().request.authorization.reveal(), "Bearer sk_test_2");
}

} // namespace
