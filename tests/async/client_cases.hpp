// What holds whoever drives the client. A test program says by whom:
//
//   INSTANTIATE_TYPED_TEST_SUITE_P(Poll, AsyncClientCases, poll_driver);
#pragma once

#include "client_fixture.hpp"

#include <stripe_return/client/session_client.hpp>

#include <gmock/gmock.h>

template <class Driver> class AsyncClientCases : public AsyncClient<Driver> {};
TYPED_TEST_SUITE_P(AsyncClientCases);

TYPED_TEST_P(AsyncClientCases, Fetches) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "session");
  EXPECT_EQ(this->outcome(*stripe, "cs_test_b1"), "session");
  const auto fetched = this->inbox_.answer("cs_test_b1");
  EXPECT_EQ(fetched->session.id, "cs_test_b1");
  EXPECT_EQ(fetched->time, 1774256400);
  EXPECT_EQ(fetched->request_id, "req_1");
  EXPECT_EQ(server.connections(), 1); // kept
  EXPECT_EQ(server.received()[0].target,
            "/v1/checkout/sessions/cs_test_a1?expand%5B%5D=payment_intent");
  EXPECT_EQ(server.received()[0].header("authorization"), "Bearer sk_test_1");
}

TYPED_TEST_P(AsyncClientCases, FetchesManyAtOnceEachItsOwn) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back("cs_test_" + std::to_string(i));
    this->call(*stripe, ids.back());
  }
  this->wait_for(ids.size());
  for (const std::string& id : ids) {
    ASSERT_EQ(this->inbox_.outcome(id), "session");
    EXPECT_EQ(this->inbox_.answer(id)->session.id, id);
  }
  EXPECT_EQ(server.requests(), 40);
}

// All that wait for one session share a request, but for those that come while it is on its way.
TYPED_TEST_P(AsyncClientCases, SharesRequests) {
  loopback::gate gate;
  const loopback::https_server server(this->https([&](const auto& asked) {
    gate.pass();
    return session_response(asked);
  }));
  const auto stripe = this->client_for(server.url());
  for (int i = 0; i < 200; ++i)
    stripe->retrieve(id_of("cs_test_a1"), {}, this->inbox_.under(std::to_string(i)));
  this->driver_.run_until([&] { return server.requests() == 1; });
  gate.open();
  this->wait_for(200);
  EXPECT_EQ(this->inbox_.count("session"), 200u);
  EXPECT_LE(server.requests(), 2);
}

TYPED_TEST_P(AsyncClientCases, NeverCallsBackInsideACall) {
  const loopback::https_server server(this->https(session_response));
  auto options = this->options_for(server.url());
  options.secret_key = ""; // answered without a request
  auto stripe = this->driver_.make(options);
  if (TypeParam::calls_back_here) {
    this->inbox_.expecting_none([&] { return this->call(*stripe, "cs_test_a1"); });
    const auto made = this->call(*stripe, "cs_test_b1");
    this->inbox_.expecting_none([&] {
      made.cancel();
      return 0;
    });
  } else {
    this->call(*stripe, "cs_test_a1");
  }
  this->wait_for(1);
  const bool here = this->inbox_.threads().count(std::this_thread::get_id()) != 0;
  EXPECT_EQ(here, TypeParam::calls_back_here);
  EXPECT_EQ(this->inbox_.outcome("cs_test_a1"), "missing_secret_key");
  EXPECT_EQ(server.connections(), 0);
}

TYPED_TEST_P(AsyncClientCases, CallsBackOnOneThread) {
  const loopback::https_server server(this->https(session_response));
  auto stripe = this->client_for(server.url());
  for (int i = 0; i < 20; ++i)
    this->call(*stripe, "cs_test_" + std::to_string(i));
  this->wait_for(20);
  EXPECT_EQ(this->inbox_.threads().size(), 1u);
}

TYPED_TEST_P(AsyncClientCases, CancelsWhatIsOnTheWire) {
  const loopback::https_server server(this->https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.target.find("stalled") != std::string::npos)
      answer.fault = loopback::fault::stall_before_response;
    return answer;
  }));
  const auto stripe = this->client_for(server.url());
  const auto made = this->call(*stripe, "cs_test_stalled");
  this->driver_.run_until([&] { return server.requests() == 1; });
  made.cancel();
  const auto copy = made;
  copy.cancel(); // the same call
  this->wait_for(1);
  EXPECT_EQ(this->inbox_.outcome("cs_test_stalled"), "canceled");
  EXPECT_TRUE(server.wait_until_closed(1)); // the request was taken back
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "session");
  made.cancel(); // is answered already
  EXPECT_EQ(this->outcome(*stripe, "cs_test_b1"), "session");
  EXPECT_EQ(this->inbox_.count(), 3u);
}

TYPED_TEST_P(AsyncClientCases, CancelsDuringNameResolution) {
  loopback::stalled_resolver resolver;
  const auto stripe = this->client_for("https://stalled.test");
  const auto made = this->call(*stripe, "cs_test_a1");
  this->driver_.run_until([&] { return resolver.waiting() == 1; });
  made.cancel();
  this->wait_for(1);
  EXPECT_EQ(this->inbox_.outcome("cs_test_a1"), "canceled");
  EXPECT_EQ(resolver.waiting(), 1); // nobody waited for it
}

TYPED_TEST_P(AsyncClientCases, IsDestroyedDuringNameResolution) {
  loopback::stalled_resolver resolver;
  auto stripe = this->client_for("https://stalled.test");
  this->call(*stripe, "cs_test_a1");
  this->driver_.run_until([&] { return resolver.waiting() == 1; });
  stripe.reset();
  EXPECT_EQ(this->inbox_.outcome("cs_test_a1"), "canceled");
  EXPECT_EQ(resolver.waiting(), 1);
}

// In the queue, in flight, and not even begun.
TYPED_TEST_P(AsyncClientCases, AnswersEachCallBeforeItIsDestroyed) {
  const loopback::https_server server(
      this->https(loopback::always(loopback::fault::stall_before_response)));
  auto options = this->options_for(server.url());
  options.max_in_flight = 2;
  auto stripe = this->driver_.make(options);
  std::vector<stripe_return::pending_call> calls;
  for (int i = 0; i < 5; ++i)
    calls.push_back(this->call(*stripe, "cs_test_" + std::to_string(i)));
  this->driver_.run_until([&] { return server.requests() == 2; });
  this->call(*stripe, "cs_test_5");
  stripe.reset();
  EXPECT_EQ(this->inbox_.count("canceled"), 6u);
  for (const auto& each : calls)
    each.cancel(); // outlives the client
  EXPECT_TRUE(server.wait_until_closed(2));
  EXPECT_EQ(this->inbox_.count(), 6u);
}

TYPED_TEST_P(AsyncClientCases, IsDestroyedWithNothingToDo) {
  const loopback::https_server server(this->https(session_response));
  auto stripe = this->client_for(server.url());
  stripe.reset();
  stripe = this->client_for(server.url());
  EXPECT_EQ(this->outcome(*stripe, "cs_test_a1"), "session");
  stripe.reset();
  EXPECT_TRUE(server.wait_until_closed(1));
  stripe_return::pending_call().cancel(); // stands for no call
}

// What a callback holds is let go with it.
TYPED_TEST_P(AsyncClientCases, KeepsNoCallback) {
  const loopback::https_server server(this->https(session_response));
  auto stripe = this->client_for(server.url());
  auto held = std::make_shared<int>(0);
  std::atomic<bool> called{false};
  stripe->retrieve(id_of("cs_test_a1"), {}, [held, &called](const auto&) { called = true; });
  this->driver_.run_until([&] { return called.load() && held.use_count() == 1; });
  stripe->retrieve(id_of("cs_test_b1"), {}, [held](const auto&) {});
  stripe.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TYPED_TEST_P(AsyncClientCases, CallsAgainInsideACallback) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  std::function<void(int)> call_nth = [&](int i) {
    const std::string id = "cs_test_" + std::to_string(i);
    stripe->retrieve(id_of(id), {}, [&, i, id](auto answer) {
      if (i < 20) call_nth(i + 1);
      this->inbox_.under(id)(std::move(answer));
    });
  };
  call_nth(1);
  this->wait_for(20);
  EXPECT_EQ(this->inbox_.count("session"), 20u);
}

TYPED_TEST_P(AsyncClientCases, CancelsInsideACallback) {
  const loopback::https_server server(this->https([](const auto& asked) {
    auto answer = session_response(asked);
    if (id_asked(asked) != "cs_test_a1") answer.fault = loopback::fault::stall_before_response;
    return answer;
  }));
  const auto stripe = this->client_for(server.url());
  const auto stalled = this->call(*stripe, "cs_test_stalled");
  this->driver_.run_until([&] { return server.requests() == 1; });
  stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
    stalled.cancel();
    this->call(*stripe, "cs_test_new").cancel();
    EXPECT_EQ(this->inbox_.count(), 0u);
    this->inbox_.under("cs_test_a1")(std::move(answer));
  });
  this->wait_for(3);
  EXPECT_EQ(this->inbox_.outcome("cs_test_a1"), "session");
  EXPECT_EQ(this->inbox_.outcome("cs_test_stalled"), "canceled");
  EXPECT_EQ(this->inbox_.outcome("cs_test_new"), "canceled");
  EXPECT_EQ(this->inbox_.order().front(), "cs_test_a1");
}

TYPED_TEST_P(AsyncClientCases, IsDestroyedInsideACallback) {
  const loopback::https_server server(this->https([](const auto& asked) {
    auto answer = session_response(asked);
    if (id_asked(asked) != "cs_test_a1") answer.fault = loopback::fault::stall_before_response;
    return answer;
  }));
  auto stripe = this->client_for(server.url());
  for (const char* id : {"cs_test_b1", "cs_test_b2", "cs_test_b3"})
    this->call(*stripe, id);
  this->driver_.run_until([&] { return server.requests() == 3; });
  stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
    stripe.reset();
    this->inbox_.under("cs_test_a1")(std::move(answer));
  });
  this->wait_for(4);
  EXPECT_EQ(this->inbox_.outcome("cs_test_a1"), "session");
  EXPECT_EQ(this->inbox_.count("canceled"), 3u);
  EXPECT_TRUE(server.wait_until_closed(server.connections()));
}

// Whatever drives it, every member is any thread's.
TYPED_TEST_P(AsyncClientCases, IsCalledFromOtherThreads) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  const stripe_return::session_client blocking(*stripe);
  std::atomic<int> blocked{0};
  std::vector<std::thread> others;
  for (int thread = 0; thread != 4; ++thread)
    others.emplace_back([&, thread] {
      for (int i = 0; i != 10; ++i) {
        const std::string id = "cs_test_" + std::to_string(thread) + "x" + std::to_string(i);
        const auto made = this->call(*stripe, id);
        if (i % 5 == 0) made.cancel();
        EXPECT_TRUE(blocking.retrieve(id_of(id + "blocking")));
      }
      ++blocked;
    });
  this->driver_.run_until([&] { return blocked == 4 && this->inbox_.count() == 40; });
  for (std::thread& each : others)
    each.join();
  EXPECT_EQ(this->inbox_.count("session") + this->inbox_.count("canceled"), 40u);
  EXPECT_GE(this->inbox_.count("session"), 32u);
}

REGISTER_TYPED_TEST_SUITE_P(AsyncClientCases, IsCalledFromOtherThreads, Fetches,
                            FetchesManyAtOnceEachItsOwn, SharesRequests, NeverCallsBackInsideACall,
                            CallsBackOnOneThread, CancelsWhatIsOnTheWire,
                            CancelsDuringNameResolution, IsDestroyedDuringNameResolution,
                            AnswersEachCallBeforeItIsDestroyed, IsDestroyedWithNothingToDo,
                            KeepsNoCallback, CallsAgainInsideACallback, CancelsInsideACallback,
                            IsDestroyedInsideACallback);
