#include "unit/client/client_calls.hpp"

// The test doubles that users of the library get.
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using sr::testkit::fake_time;
using sr::testkit::scripted_transport;
using std::chrono::milliseconds;

TEST(FakeClock, StandsStillUntilItIsAdvanced) {
  fake_time clock(1774256400);
  const auto begin = clock.now();
  EXPECT_EQ(clock.now(), begin);
  EXPECT_EQ(clock.unix_time(), 1774256400);
  clock.advance(milliseconds(1500));
  EXPECT_EQ(clock.now() - begin, milliseconds(1500));
  EXPECT_EQ(clock.unix_time(), 1774256401);
  clock.advance(milliseconds(500));
  EXPECT_EQ(clock.unix_time(), 1774256402);
  EXPECT_TRUE(clock.waits().empty());
}

TEST(FakeClock, SleepsWithoutWaiting) {
  fake_time clock(0);
  const auto begin = clock.now();
  clock.sleep_for(std::chrono::hours(24));
  clock.sleep_for(milliseconds(1));
  EXPECT_EQ(clock.now() - begin, std::chrono::hours(24) + milliseconds(1));
  EXPECT_EQ(clock.unix_time(), 86400);
  EXPECT_EQ(clock.waits(), (std::vector<milliseconds>{std::chrono::hours(24), milliseconds(1)}));
}

TEST(FakeClock, ServesManyThreads) {
  fake_time clock(0);
  const auto begin = clock.now();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&clock] {
      for (int round = 0; round < 100; ++round) {
        clock.sleep_for(milliseconds(1));
        clock.advance(milliseconds(1));
        clock.unix_time();
      }
    });
  }
  for (std::thread& each : threads)
    each.join();
  EXPECT_GT(clock.now() - begin, milliseconds(400));
  EXPECT_LE(clock.now() - begin, milliseconds(800)); // where nobody waited for the same time
}

TEST(ScriptedTransport, AnswersFromTheScriptAndKeepsTheRequests) {
  std::string seen;
  scripted_transport transport([&](const sr::http_request& request) {
    seen = request.authorization.reveal();
    return sr::result<sr::http_response>(sr::http_response{204, {}, request.url});
  });
  sr::http_request request;
  request.url = "https://api.stripe.com/v1/x";
  request.authorization = "Bearer sk_test_1";
  request.headers = {{"stripe-version", "1"}};
  request.timeout = milliseconds(7);
  request.connect_timeout = milliseconds(3);
  const auto answer = send_once(transport, request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->body, request.url);
  EXPECT_EQ(seen, "Bearer sk_test_1");

  const auto requests = transport.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].url, request.url);
  ASSERT_EQ(requests[0].headers.size(), 1u);
  EXPECT_EQ(requests[0].headers[0].value, "1");
  EXPECT_EQ(requests[0].timeout, milliseconds(7));
  EXPECT_EQ(requests[0].connect_timeout, milliseconds(3));
  // A failing assertion of a user's test prints what it compares.
  EXPECT_TRUE(requests[0].authorization.empty());
}

TEST(ScriptedTransport, PassesErrorsOn) {
  scripted_transport transport([](const sr::http_request&) {
    return sr::result<sr::http_response>(sr::error{sr::error_code::connection_lost, "Gone."});
  });
  EXPECT_EQ(error_code_of(send_once(transport, {})), sr::error_code::connection_lost);
  EXPECT_EQ(transport.requests().size(), 1u);
}

// So that a script needs no lock of its own.
TEST(ScriptedTransport, NeverRunsTheScriptTwiceAtATime) {
  int unguarded = 0;
  scripted_transport transport([&](const sr::http_request&) {
    ++unguarded;
    return sr::result<sr::http_response>(sr::http_response{200, {}, {}});
  });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&transport] {
      for (int round = 0; round < 500; ++round)
        EXPECT_TRUE(send_once(transport, {}));
    });
  }
  for (std::thread& each : threads)
    each.join();
  EXPECT_EQ(unguarded, 2000);
  EXPECT_EQ(transport.requests().size(), 2000u);
}

TEST(StripeReply, HasStripesHeaders) {
  const sr::http_response response = sr::testkit::stripe_response(404, "{}", 784111777);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "{}");
  ASSERT_EQ(response.headers.size(), 2u);
  EXPECT_EQ(response.headers[0].name, "date");
  EXPECT_EQ(response.headers[0].value, "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(response.headers[1].name, "request-id");
  EXPECT_EQ(response.headers[1].value, "req_scripted");
}

TEST(StripeReply, WritesEveryDayAndMonthOfHttp) {
  for (const auto& [time, text] : std::vector<std::pair<sr::unix_seconds, std::string>>{
           {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
           {1709164800, "Thu, 29 Feb 2024 00:00:00 GMT"},
           {1711843199, "Sat, 30 Mar 2024 23:59:59 GMT"},
           {1714435200, "Tue, 30 Apr 2024 00:00:00 GMT"},
           {1717027200, "Thu, 30 May 2024 00:00:00 GMT"},
           {1719705600, "Sun, 30 Jun 2024 00:00:00 GMT"},
           {1722211200, "Mon, 29 Jul 2024 00:00:00 GMT"},
           {1724803200, "Wed, 28 Aug 2024 00:00:00 GMT"},
           {1727395200, "Fri, 27 Sep 2024 00:00:00 GMT"},
           {1729987200, "Sun, 27 Oct 2024 00:00:00 GMT"},
           {1732579200, "Tue, 26 Nov 2024 00:00:00 GMT"},
           {1735689599, "Tue, 31 Dec 2024 23:59:59 GMT"}}) {
    EXPECT_EQ(sr::testkit::stripe_response(200, "", time).headers[0].value, text);
  }
}

} // namespace
