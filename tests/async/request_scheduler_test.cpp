// One call after the other: what is sent, and what comes back.
#include "scheduler_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::Each;
using testing::ElementsAre;

TEST_F(RequestScheduler, SendsAndAnswers) {
  const auto made = submit();
  EXPECT_TRUE(sender_.sent.empty()); // the core decides when
  EXPECT_EQ(time_left(), milliseconds(0));
  turn();
  EXPECT_EQ(outcome(made), "waits");
  ASSERT_EQ(sender_.sent.size(), 1u);
  const sr::http_request& request = sender_.last().request;
  EXPECT_EQ(request.url, "https://api.stripe.com/v1/checkout/sessions/cs_test_a1"
                         "?expand%5B%5D=payment_intent");
  EXPECT_EQ(request.authorization.reveal(), "Bearer sk_test_1");
  EXPECT_EQ(request.timeout, options_.attempt_timeout);
  EXPECT_EQ(request.connect_timeout, options_.connect_timeout);

  succeed();
  ASSERT_EQ(outcome(made), "session");
  EXPECT_EQ(answer_to(made)->session.id, "cs_test_a1");
  EXPECT_EQ(answer_to(made)->time, scripted_client::stripe_time);
  EXPECT_EQ(answer_to(made)->clock, sr::clock_source::stripe);
  EXPECT_TRUE(answer_to(made)->payment_intent_permitted);
  EXPECT_EQ(answer_to(made)->request_id, "req_scripted");
}

TEST_F(RequestScheduler, HandsItsOptionsToTheRequest) {
  sr::retrieve_options how;
  how.account = "acct_2";
  how.line_items = true;
  how.deadline = milliseconds(700);
  call("cs_test_a1", how);
  ASSERT_EQ(sender_.sent.size(), 1u);
  const sr::http_request& request = sender_.last().request;
  EXPECT_THAT(request.url, testing::HasSubstr("expand%5B%5D=line_items"));
  ASSERT_EQ(request.headers.size(), 2u);
  EXPECT_EQ(request.headers[1].value, "acct_2");
  EXPECT_EQ(request.timeout, milliseconds(700)); // no attempt outlasts the call
  EXPECT_EQ(request.connect_timeout, milliseconds(700));
}

// An answer without a Date header gets the application's time of day.
TEST_F(RequestScheduler, ReportsTheLocalTimeWhereStripesIsMissing) {
  const auto made = call();
  clock_.advance(milliseconds(3000));
  answer undated = session_of("cs_test_a1");
  undated->headers.clear();
  finish(std::move(undated));
  ASSERT_EQ(outcome(made), "session");
  EXPECT_EQ(answer_to(made)->time, scripted_client::local_time + 3);
  EXPECT_EQ(answer_to(made)->clock, sr::clock_source::local);
}

TEST_F(RequestScheduler, TypesEveryFailure) {
  struct row {
    answer outcome;
    const char* word;
  };
  options_.retry.max_retries = 0;
  const std::vector<row> rows{
      {scripted_client::status(400), "bad_request"},
      {scripted_client::status(401), "unauthorized"},
      {scripted_client::status(404, "resource_missing"), "session_not_found"},
      {scripted_client::status(409), "conflict"},
      {scripted_client::status(429), "rate_limited"},
      {scripted_client::status(500), "stripe_unavailable"},
      {scripted_client::status(302), "unexpected_http_status"},
      {scripted_client::failure(code::connection_refused), "connection_refused"},
      {scripted_client::failure(code::tls_unknown_ca), "tls_unknown_ca"},
      {scripted_client::failure(code::response_too_large), "response_too_large"},
      {sr::testkit::stripe_response(200, "{", 0), "not_json"},
      {sr::testkit::stripe_response(200, R"({"object":"customer"})", 0), "wrong_object"},
      {session_of("cs_test_other"), "wrong_session"},
      {scripted_client::session(session_json().set("livemode", "true")), "livemode_mismatch"},
  };
  for (const row& each : rows) {
    const auto made = call("cs_test_a1", in(call_priority::known));
    finish(each.outcome);
    EXPECT_EQ(outcome(made), each.word);
  }
  // None of them did any harm.
  const auto after = call("cs_test_a1", in(call_priority::known));
  succeed();
  EXPECT_EQ(outcome(after), "session");
}

// What was to be an id may be an error already, such as that of a return query.
TEST_F(RequestScheduler, AnswersACallThatCannotBeMadeByItsError) {
  sr::request_scheduler::call_list one(1);
  scheduler().submit(std::move(one), sr::session_id::parse("").error());
  scheduler().advance();
  const auto ended = scheduler().next_answered();
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.front().read_answer().error().code, code::empty_session_id);
  EXPECT_EQ(ended.front().report.attempts, 0);
  EXPECT_TRUE(sender_.sent.empty());
}

// What cannot be asked is not sent, waits for nobody, and is not answered inside submit().
TEST_F(RequestScheduler, RefusesWhatItMayNotSend) {
  struct row {
    const char* key;
    const char* id;
    const char* account;
    const char* word;
  };
  for (const row& each : std::vector<row>{
           {"", "cs_test_a1", "", "missing_secret_key"},
           {"pk_test_1", "cs_test_a1", "", "publishable_key"},
           {"sk_test 1", "cs_test_a1", "", "malformed_secret_key"},
           {"sk_test_1", "cs_live_a1", "", "live_session_with_test_key"},
           {"sk_live_1", "cs_test_a1", "", "test_session_with_live_key"},
           {"sk_test_1", "cs_test_a1", "acct_\r\n", "invalid_option"},
       }) {
    SCOPED_TRACE(each.word);
    access().set_secret_key(each.key);
    sr::retrieve_options how;
    how.account = each.account;
    const auto made = submit(each.id, how);
    EXPECT_EQ(outcome(made), "waits");
    turn();
    EXPECT_EQ(outcome(made), each.word);
  }
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(RequestScheduler, RefusesEachCallWhereAnOptionIsOutOfRange) {
  options_.max_in_flight = 0;
  const std::vector<call_number> calls{call(), call(), call("cs_test_b1")};
  EXPECT_THAT(outcomes(calls), Each("invalid_option"));
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(RequestScheduler, AnswersInTheOrderOfTheEnds) {
  const auto first = call("cs_test_a1");
  const auto second = call("cs_test_a2");
  const auto third = call("cs_test_a3");
  succeed("cs_test_a2");
  cancel(third);
  succeed("cs_test_a1");
  EXPECT_THAT(order(), ElementsAre(second, third, first));
}

// A sender that reports late of an attempt that was given up changes nothing.
TEST_F(RequestScheduler, IgnoresAttemptsThatItDoesNotKnow) {
  const auto made = call();
  const std::uint64_t attempt = sender_.last().number;
  scheduler().attempt_finished(attempt + 1, session_of("cs_test_a1"));
  turn();
  EXPECT_EQ(outcome(made), "waits");
  cancel(made);
  scheduler().attempt_finished(attempt, session_of("cs_test_a1"));
  turn();
  EXPECT_EQ(outcome(made), "canceled");
  scheduler().cancel(made);
  scheduler().cancel(999);
  turn();
  EXPECT_EQ(order().size(), 1u);
}

TEST_F(RequestScheduler, FindsEachSessionItsOwnAnswer) {
  std::vector<call_number> calls;
  for (int i = 0; i < 50; ++i)
    calls.push_back(call("cs_test_" + std::to_string(i)));
  ASSERT_EQ(sender_.sent.size(), 50u);
  for (int i = 49; i >= 0; --i)
    succeed("cs_test_" + std::to_string(i));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_EQ(outcome(calls[i]), "session");
    EXPECT_EQ(answer_to(calls[i])->session.id, "cs_test_" + std::to_string(i));
  }
}

} // namespace
