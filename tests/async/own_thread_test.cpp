// async_session_client on a thread of its own.
#include "client_cases.hpp"
#include "client_failure_cases.hpp"

#include <gmock/gmock.h>

#include <array>

namespace {

namespace sr = stripe_return;
using testing::Each;

INSTANTIATE_TYPED_TEST_SUITE_P(OfItsOwn, AsyncClientCases, thread_driver);
INSTANTIATE_TYPED_TEST_SUITE_P(OfItsOwn, AsyncClientFailureCases, thread_driver);

class OwnThread : public AsyncClient<thread_driver> {
protected:
  static void in_threads(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> running;
    for (int i = 0; i < count; ++i)
      running.emplace_back(work, i);
    for (std::thread& each : running)
      each.join();
  }
};

TEST_F(OwnThread, AnswersEachThreadItsOwnQuestion) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  in_threads(16, [&](int thread) {
    for (int i = 0; i < 50; ++i)
      call(*stripe, "cs_test_" + std::to_string(thread) + "_" + std::to_string(i));
  });
  wait_for(16 * 50);
  for (const std::string& id : inbox_.order()) {
    ASSERT_EQ(inbox_.outcome(id), "session");
    EXPECT_EQ(inbox_.answer(id)->session.id, id);
  }
  EXPECT_EQ(server.requests(), 16 * 50);
  EXPECT_EQ(inbox_.threads().size(), 1u);
}

// libcurl then has nothing to be woken by, for good.
TEST_F(OwnThread, WorksThoughThereWasNoDescriptorLeftWhenItWasMade) {
  const loopback::https_server server(https(session_response));
  const auto stripe = [&] {
    const loopback::no_more_descriptors none;
    return client_for(server.url());
  }();
  for (const char* id : {"cs_test_a1", "cs_test_a2", "cs_test_a3"})
    EXPECT_EQ(outcome(*stripe, id), "session");
}

TEST_F(OwnThread, SharesBetweenThreads) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  in_threads(16, [&](int thread) {
    for (int i = 0; i < 50; ++i)
      stripe->retrieve(id_of("cs_test_" + std::to_string(i % 5)), {},
                       inbox_.under(std::to_string(thread) + " " + std::to_string(i)));
  });
  wait_for(16 * 50);
  EXPECT_EQ(inbox_.count("session"), 16u * 50u);
  EXPECT_LE(server.requests(), 16 * 50);
}

// Whoever comes first, the answer or the cancelling, there is one answer.
TEST_F(OwnThread, CancelsFromManyThreads) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  in_threads(8, [&](int thread) {
    sr::pending_call before;
    for (int i = 0; i < 50; ++i) {
      const auto made =
          stripe->retrieve(id_of("cs_test_" + std::to_string(i % 7)), {},
                           inbox_.under(std::to_string(thread) + " " + std::to_string(i)));
      (i % 3 == 0 ? made : before).cancel();
      before = made;
    }
  });
  wait_for(8 * 50);
  EXPECT_EQ(inbox_.count("session") + inbox_.count("canceled"), 8u * 50u);
}

// Calls can be canceled while the client is destroyed, by whoever holds them.
TEST_F(OwnThread, CancelsWhileItIsDestroyed) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  for (int round = 0; round < 20; ++round) {
    auto stripe = client_for(server.url());
    std::vector<sr::pending_call> calls;
    for (int i = 0; i < 10; ++i)
      calls.push_back(stripe->retrieve(
          id_of("cs_test_a1"), {}, inbox_.under(std::to_string(round) + " " + std::to_string(i))));
    std::thread canceller([&] {
      for (const auto& each : calls)
        each.cancel();
    });
    stripe.reset();
    canceller.join();
  }
  EXPECT_EQ(inbox_.count("canceled"), 200u);
}

TEST_F(OwnThread, ReplacesTheKeyWhileOthersFetch) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  in_threads(4, [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      if (thread == 0) {
        stripe->set_secret_key(i % 2 == 0 ? "sk_test_1" : "rk_test_2");
      } else {
        call(*stripe, "cs_test_" + std::to_string(thread) + "_" + std::to_string(i));
      }
    }
  });
  wait_for(150);
  EXPECT_EQ(inbox_.count("session"), 150u);
  for (const loopback::request& asked : server.received()) {
    const std::string key = asked.header("authorization");
    EXPECT_TRUE(key == "Bearer sk_test_1" || key == "Bearer rk_test_2");
  }
}

class counting_observer final : public sr::client_observer {
public:
  void on_start(sr::client_call, sr::call_priority) override { ++starts; }
  void on_retry(sr::client_call, sr::error_code, std::chrono::milliseconds) override { ++retries; }
  void on_finish(const sr::call_report& report) override {
    const std::lock_guard<std::mutex> lock(mutex);
    reports.push_back(report);
  }

  std::mutex mutex;
  std::atomic<int> starts{0};
  std::atomic<int> retries{0};
  std::vector<sr::call_report> reports;
};

// libcurl's figures: where the time of an attempt went, and on which connection.
TEST_F(OwnThread, ObservesEachCall) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.number == 3) answer.status = 503;
    return answer;
  }));
  const auto observer = std::make_shared<counting_observer>();
  auto options = options_for(server.url());
  options.retry = {1, milliseconds(1), milliseconds(1)};
  auto stripe = driver_.make(options, {nullptr, nullptr, observer});
  for (const char* id : {"cs_test_a1", "cs_test_b1", "cs_test_c1"})
    EXPECT_EQ(outcome(*stripe, id), "session");
  stripe.reset();

  EXPECT_EQ(observer->starts, 3);
  EXPECT_EQ(observer->retries, 1);
  ASSERT_EQ(observer->reports.size(), 3u);
  const sr::call_report& first = observer->reports[0];
  EXPECT_FALSE(first.connection_reused);
  EXPECT_GT(first.phases.resolve.count(), 0);
  EXPECT_GT(first.phases.tls.count(), 0);
  EXPECT_GT(first.phases.wait.count(), 0);
  EXPECT_EQ(first.http_status, 200);
  EXPECT_EQ(first.request_id, "req_1");
  EXPECT_GE(first.duration, first.phases.tls + first.phases.wait);
  const sr::call_report& second = observer->reports[1];
  EXPECT_TRUE(second.connection_reused);
  EXPECT_EQ(second.phases.tls.count(), 0);
  EXPECT_EQ(second.phases.connect.count(), 0);
  EXPECT_EQ(second.attempts, 1);
  EXPECT_EQ(observer->reports[2].attempts, 2);
}

// A connection that stalls holds up nobody else.
TEST_F(OwnThread, ServesOthersWhileOneStalls) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (id_asked(asked) == "cs_test_stalled") answer.fault = loopback::fault::stall_before_response;
    return answer;
  }));
  const auto stripe = client_for(server.url());
  call(*stripe, "cs_test_stalled");
  eventually([&] { return server.requests() == 1; });
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(outcome(*stripe, "cs_test_" + std::to_string(i)), "session");
  EXPECT_EQ(inbox_.outcome("cs_test_stalled"), "waits");
}

// The queue moves on its own: nothing but the end of a pause, or the next token, wakes the thread.
TEST_F(OwnThread, WakesForThePauseAndForTheRate) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.number == 1) answer.status = 503;
    return answer;
  }));
  auto options = options_for(server.url());
  options.retry = {1, milliseconds(5), milliseconds(5)};
  options.requests_per_second = 30;
  const auto stripe = driver_.make(options);
  for (int i = 0; i < 12; ++i)
    call(*stripe, "cs_test_" + std::to_string(i));
  wait_for(12);
  EXPECT_EQ(inbox_.count("session"), 12u);
  EXPECT_EQ(server.requests(), 13);
}

// The caller is still inside retrieve() when its callback destroys the client on the other thread.
TEST_F(OwnThread, IsDestroyedByTheCallbackOfACallThatIsBeingMade) {
  auto options = options_for("https://localhost");
  options.secret_key = ""; // answered as fast as can be
  for (int round = 0; round < 2000; ++round) {
    std::atomic<bool> destroyed{false};
    auto* stripe = new sr::async_session_client(options);
    stripe->retrieve(id_of("cs_test_a1"), {}, [&destroyed, stripe](const auto&) {
      delete stripe;
      destroyed = true;
    });
    eventually([&] { return destroyed.load(); });
  }
}

// Each accepted call gets its callback, this one as well.
TEST_F(OwnThread, AnswersCallsThatAreMadeWhileItIsDestroyed) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto* stripe = client_for(server.url()).release();
  stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
    inbox_.under("cs_test_a1")(std::move(answer));
    call(*stripe, "cs_test_b1"); // such as a retry of the application's own
  });
  eventually([&] { return server.requests() == 1; });
  delete stripe;
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "canceled");
  EXPECT_EQ(inbox_.outcome("cs_test_b1"), "canceled");
}

} // namespace
