// async_session_client on an application's loop.
#include "client_cases.hpp"
#include "client_failure_cases.hpp"
#include "poll_driver.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

INSTANTIATE_TYPED_TEST_SUITE_P(Poll, AsyncClientCases, poll_driver);
INSTANTIATE_TYPED_TEST_SUITE_P(Poll, AsyncClientFailureCases, poll_driver);

class report_observer final : public sr::client_observer {
public:
  void on_finish(const sr::call_report& report) override {
    attempts.push_back(report.attempts);
    reused.push_back(report.connection_reused);
    phases.push_back(report.phases);
  }
  std::vector<int> attempts;
  std::vector<bool> reused;
  std::vector<sr::attempt_phases> phases;
};

class EventLoop : public AsyncClient<poll_driver> {
protected:
  poll_loop& loop() { return driver_.loop(); }

  // The application's own work goes on: it is done in the turns before the call is answered.
  void expect_responsive(const std::string& url, const char* outcome_expected) {
    auto options = options_for(url);
    options.deadline = loopback::soon;
    const auto stripe = driver_.make(options);
    std::vector<std::string> events;
    stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
      events.push_back("answer");
      inbox_.under("cs_test_a1")(std::move(answer));
    });
    loop().after(milliseconds(5), [&] {
      events.push_back("first");
      loop().after(milliseconds(5), [&] { events.push_back("second"); });
    });
    wait_for(1);
    EXPECT_EQ(inbox_.outcome("cs_test_a1"), outcome_expected);
    EXPECT_THAT(events, ElementsAre("first", "second", "answer"));
  }
};

TEST_F(EventLoop, LetsTheLoopRunWhileTheServerStalls) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  expect_responsive(server.url(), "timed_out_waiting");
}

TEST_F(EventLoop, LetsTheLoopRunWhileTheResolverStalls) {
  const loopback::stalled_resolver resolver;
  expect_responsive("https://stalled.test", "timed_out_resolving");
}

// Nothing to do: the loop is not woken, and nothing but idle connections is watched.
TEST_F(EventLoop, LetsTheLoopSleepWhenIdle) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  EXPECT_EQ(outcome(*stripe, "cs_test_a1"), "session");
  // libcurl may have a last timer or two.
  bool quiet = false;
  patiently([&] { return quiet; },
            [&] {
              const long before = loop().turns();
              bool mine = false;
              loop().after(milliseconds(19), [&] { mine = true; });
              while (!mine)
                loop().run_once();
              quiet = loop().turns() - before <= 2;
            });
}

// While a call waits for a stalled server, the loop is not kept busy.
TEST_F(EventLoop, DoesNotSpinWhileTheServerStalls) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto stripe = client_for(server.url());
  call(*stripe, "cs_test_a1");
  driver_.run_until([&] { return server.requests() == 1; });
  bool quiet = false;
  patiently([&] { return quiet; },
            [&] {
              const long before = loop().turns();
              bool mine = false;
              loop().after(milliseconds(19), [&] { mine = true; });
              while (!mine)
                loop().run_once();
              quiet = loop().turns() - before <= 2;
            });
}

// An application that is busy elsewhere comes back to its loop when the answer is there and the
// deadline has passed. One of them is told, once, and what follows is served.
TEST_F(EventLoop, TellsOneOfTwoThingsThatHappenedMeanwhile) {
  loopback::gate gate;
  const loopback::https_server server(https([&](const auto& asked) {
    if (id_asked(asked) == "cs_test_late") gate.pass();
    return session_response(asked);
  }));
  const auto stripe = client_for(server.url());
  ASSERT_EQ(outcome(*stripe, "cs_test_first"), "session");
  sr::retrieve_options how;
  how.deadline = loopback::soon;
  const auto due = std::chrono::steady_clock::now() + loopback::soon;
  call(*stripe, "cs_test_late", how);
  driver_.run_until([&] { return server.requests() == 2; });
  gate.open();
  eventually([&] { return std::chrono::steady_clock::now() > due; }); // the loop stands still
  driver_.run_until([&] { return inbox_.has("cs_test_late"); });
  EXPECT_THAT(inbox_.outcome("cs_test_late"), testing::AnyOf("session", "timed_out_waiting"));
  EXPECT_EQ(outcome(*stripe, "cs_test_next"), "session");
  EXPECT_EQ(inbox_.count(), 3u);
}

// A hundred new connections at once would keep the application from its own work for as long as
// their TLS takes.
TEST_F(EventLoop, BeginsOneRequestInATurn) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto reports = std::make_shared<report_observer>();
  auto stripe = driver_.make(options_for(server.url()), {nullptr, nullptr, reports});
  for (int i = 0; i < 10; ++i)
    call(*stripe, "cs_test_" + std::to_string(i));
  for (int turn = 0; turn < 3; ++turn)
    loop().run_once();
  stripe.reset();
  EXPECT_EQ(std::count(reports->attempts.begin(), reports->attempts.end(), 1), 3);
  EXPECT_EQ(std::count(reports->attempts.begin(), reports->attempts.end(), 0), 7);
}

// A new connection, one that is there, and an attempt that waits until its deadline.
TEST_F(EventLoop, TellsWhereTheTimeWent) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.number == 3) answer.fault = loopback::fault::stall_before_response;
    return answer;
  }));
  const auto reports = std::make_shared<report_observer>();
  const auto stripe = driver_.make(options_for(server.url()), {nullptr, nullptr, reports});
  EXPECT_EQ(outcome(*stripe, "cs_test_new"), "session");
  EXPECT_EQ(outcome(*stripe, "cs_test_there"), "session");
  sr::retrieve_options how;
  how.deadline = loopback::soon;
  EXPECT_EQ(outcome(*stripe, "cs_test_late", how), "timed_out_waiting");

  using std::chrono::microseconds;
  const sr::attempt_phases& made = reports->phases.at(0);
  EXPECT_GT(made.connect + made.resolve, microseconds(0));
  EXPECT_GT(made.tls, microseconds(0));
  EXPECT_GT(made.wait, microseconds(0));
  const sr::attempt_phases& there = reports->phases.at(1);
  EXPECT_EQ(there.resolve + there.connect + there.tls, microseconds(0));
  EXPECT_GT(there.wait, microseconds(0));
  const sr::attempt_phases& late = reports->phases.at(2);
  EXPECT_EQ(late.resolve + late.connect + late.tls, microseconds(0));
  EXPECT_GT(late.wait, loopback::soon / 2);
  EXPECT_EQ(late.receive, microseconds(0));
}

TEST_F(EventLoop, TellsWhetherAConnectionWasThere) {
  const auto reports = std::make_shared<report_observer>();
  {
    const loopback::refusing_port refusing;
    const auto url = "https://localhost:" + std::to_string(refusing.port());
    const auto stripe = driver_.make(options_for(url), {nullptr, nullptr, reports});
    EXPECT_EQ(outcome(*stripe, "cs_test_a1"), "connection_refused");
  }
  const loopback::https_server server(https(session_response));
  const auto stripe = driver_.make(options_for(server.url()), {nullptr, nullptr, reports});
  EXPECT_EQ(outcome(*stripe, "cs_test_b1"), "session");
  EXPECT_EQ(outcome(*stripe, "cs_test_b2"), "session");
  EXPECT_THAT(reports->reused, ElementsAre(false, false, true));
}

// The loop may be the application's for much longer than the client.
TEST_F(EventLoop, LeavesTheLoopAsItWas) {
  const loopback::https_server server(https(session_response));
  poll_loop loop;
  for (int round = 0; round < 3; ++round) {
    sr::async_session_client stripe(options_for(server.url()), loop);
    const std::string name = std::to_string(round);
    stripe.retrieve(id_of("cs_test_a1"), {}, inbox_.under(name));
    patiently([&] { return inbox_.has(name); }, [&] { loop.run_once(); });
  }
  EXPECT_EQ(inbox_.count("session"), 3u);
  EXPECT_EQ(loop.watched(), 0u);
  loop.run_once(); // no timer of the client's comes any more
}

// Two clients, each with its own object, on one thread.
TEST_F(EventLoop, RunsBesideAnother) {
  const loopback::https_server server(https(session_response));
  const auto first = client_for(server.url());
  poll_loop& first_loop = driver_.loop();
  const auto second = client_for(server.url());
  first->retrieve(id_of("cs_test_a1"), {}, inbox_.under("first"));
  second->retrieve(id_of("cs_test_a1"), {}, inbox_.under("second"));
  patiently([&] { return inbox_.count() == 2; },
            [&] {
              first_loop.run_once();
              driver_.loop().run_once();
            });
  EXPECT_EQ(inbox_.count("session"), 2u);
}

// Destroyed by a callback that runs in the client's destructor: the pending call of another client.
TEST_F(EventLoop, DestroysAnotherInACallback) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto other = client_for(server.url());
  other->retrieve(id_of("cs_test_other"), {}, inbox_.under("other"));
  auto stripe = client_for(server.url());
  stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
    other.reset();
    inbox_.under("cs_test_a1")(std::move(answer));
  });
  stripe.reset();
  EXPECT_THAT(inbox_.order(), ElementsAre("other", "cs_test_a1"));
  EXPECT_EQ(inbox_.count("canceled"), 2u);
}

// The pending call may be all that is left of the client; a callback may hold it.
TEST_F(EventLoop, ACallbackMayHoldItsOwnCall) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto stripe = client_for(server.url());
  const auto made = std::make_shared<sr::pending_call>();
  *made = stripe->retrieve(id_of("cs_test_a1"), {}, [&, made](auto answer) {
    made->cancel();
    inbox_.under("cs_test_a1")(std::move(answer));
  });
  driver_.run_until([&] { return server.requests() == 1; });
  stripe.reset();
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "canceled");
}

TEST_F(EventLoop, AnswersCallsThatAreMadeWhileItIsDestroyed) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto* stripe = client_for(server.url()).release();
  stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
    inbox_.under("cs_test_a1")(std::move(answer));
    call(*stripe, "cs_test_b1"); // such as a retry of the application's own
  });
  driver_.run_until([&] { return server.requests() == 1; });
  delete stripe;
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "canceled");
  EXPECT_EQ(inbox_.outcome("cs_test_b1"), "canceled");
}

// A callback that calls again at once after an answer that needs no request does not keep the loop
// to itself.
TEST_F(EventLoop, LetsTheLoopRunBetweenImmediateAnswers) {
  auto options = options_for("https://localhost");
  options.secret_key = "";
  const auto stripe = driver_.make(options);
  bool others_ran = false;
  int answers = 0;
  std::function<void()> again = [&] {
    stripe->retrieve(id_of("cs_test_a1"), {}, [&](const auto&) {
      if (++answers == 1) loop().after(milliseconds(0), [&] { others_ran = true; });
      // Without the limit, this would never end.
      if (answers < 1000 && !others_ran) again();
    });
  };
  again();
  driver_.run_until([&] { return others_ran; });
  EXPECT_LT(answers, 1000);
}

} // namespace
