#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <stripe_return/client/transport.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

constexpr int threads = 8;
constexpr int rounds = 200;

// The session that the URL asks for.
std::string id_in(const std::string& url) {
  const std::size_t begin = url.find("cs_");
  return url.substr(begin, url.find('?') - begin);
}

scripted_client::answer answer(const sr::http_request& request) {
  return scripted_client::session(session_json().set("id", quoted(id_in(request.url))));
}

void in_threads(const std::function<void(int thread)>& work) {
  std::vector<std::thread> running;
  for (int thread = 0; thread < threads; ++thread)
    running.emplace_back(work, thread);
  for (std::thread& each : running)
    each.join();
}

TEST(SessionClientThreads, AnswersEachThreadItsOwnQuestion) {
  scripted_client stripe(answer);
  in_threads([&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      const std::string id = "cs_" + std::to_string(thread) + "_" + std::to_string(round);
      const auto fetched = stripe.retrieve(id);
      ASSERT_TRUE(fetched) << fetched.error().message;
      ASSERT_EQ(fetched->session.id, id);
    }
  });
  EXPECT_EQ(stripe.sent(), static_cast<std::size_t>(threads * rounds));
}

// Nothing wakes whoever drives, when that is the thread that is to send: it must not wait for it.
TEST(SessionClientThreads, SendsOverATransportThatBlocksWithoutWaitingFirst) {
  class blocking final : public sr::blocking_transport {
    sr::result<sr::http_response> send(const sr::http_request& request) override {
      return answer(request);
    }
  };
  sr::client_options options = scripted_client::options();
  options.deadline = options.attempt_timeout =
      std::chrono::minutes(10); // this test's end is nearer
  const sr::session_client client(options, {sr::adapt(std::make_shared<blocking>())});
  EXPECT_TRUE(client.retrieve(*sr::session_id::parse("cs_test_a1")));
}

TEST(SessionClientThreads, ServeOnAfterATransportThatBlocksRanOutOfMemory) {
  class forgetful final : public sr::blocking_transport {
    sr::result<sr::http_response> send(const sr::http_request& request) override {
      if (++sent_ == 1) throw std::bad_alloc();
      return answer(request);
    }
    std::atomic<int> sent_{0};
  };
  std::vector<std::thread> elsewhere;
  for (const auto& transport :
       {sr::adapt(std::make_shared<forgetful>()),
        sr::adapt(std::make_shared<forgetful>(),
                  [&](std::function<void()> send) { elsewhere.emplace_back(std::move(send)); })}) {
    sr::client_options options = scripted_client::options();
    options.retry.max_retries = 0;
    const sr::session_client client(options, {transport});
    const auto id = *sr::session_id::parse("cs_test_a1");
    EXPECT_EQ(error_code_of(client.retrieve(id)), code::transport_failed);
    EXPECT_TRUE(client.retrieve(id));
  }
  for (std::thread& each : elsewhere)
    each.join();
}

// The driver gives a waiting thread its request to send and then, before that thread gets to it,
// finds its deadline passed: nobody sends the request any more.
TEST(SessionClientThreads, SendNothingAfterTheDeadline) {
  // Goes on by hand, and by 20 s where it has been looked at so often.
  class leaping_time final : public sr::time_source {
  public:
    std::chrono::steady_clock::time_point now() override {
      if (looks_left_ > 0 && --looks_left_ == 0) passed_ += 20000;
      return std::chrono::steady_clock::time_point(std::chrono::milliseconds(passed_));
    }
    sr::unix_seconds unix_time() override { return scripted_client::local_time; }
    void wait_until(std::unique_lock<std::mutex>& held, std::condition_variable& changed,
                    std::chrono::steady_clock::time_point) override {
      ++waits_;
      changed.wait_for(held, std::chrono::milliseconds(1));
    }
    int waits() const { return waits_; }
    void pass(int milliseconds) { passed_ += milliseconds; }
    void leap_after(int looks) { looks_left_ = looks; }

  private:
    std::atomic<long> passed_{0};
    std::atomic<int> looks_left_{0}, waits_{0};
  };
  class noting final : public sr::blocking_transport {
  public:
    sr::result<sr::http_response> send(const sr::http_request& request) override {
      const std::lock_guard<std::mutex> lock(mutex_);
      sent_.push_back(id_in(request.url));
      return answer(request);
    }
    bool has_sent(const std::string& id) {
      const std::lock_guard<std::mutex> lock(mutex_);
      return std::count(sent_.begin(), sent_.end(), id) != 0;
    }

  private:
    std::mutex mutex_;
    std::vector<std::string> sent_;
  };
  const auto retrieve = [](const sr::session_client& client, const char* id,
                           std::chrono::milliseconds deadline,
                           sr::call_priority priority = sr::call_priority::known) {
    sr::retrieve_options options;
    options.deadline = deadline;
    options.priority = priority;
    return client.retrieve(*sr::session_id::parse(id), options).has_value();
  };
  for (int looks = 1; looks != 8; ++looks) {
    SCOPED_TRACE(looks);
    const auto time = std::make_shared<leaping_time>();
    const auto transport = std::make_shared<noting>();
    sr::client_options options = scripted_client::options();
    options.requests_per_second = 1;
    const sr::session_client client(options, {sr::adapt(transport), time});
    ASSERT_TRUE(retrieve(client, "cs_test_warm", std::chrono::seconds(10)));
    std::thread drives([&] {
      retrieve(client, "cs_test_driver", std::chrono::minutes(10), sr::call_priority::background);
    });
    while (time->waits() == 0)
      std::this_thread::yield();
    std::atomic<bool> over{false};
    std::thread waits([&] {
      retrieve(client, "cs_test_first", std::chrono::seconds(10));
      const bool sent = transport->has_sent("cs_test_first");
      retrieve(client, "cs_test_second", std::chrono::minutes(10));
      EXPECT_EQ(transport->has_sent("cs_test_first"), sent);
      over = true;
    });
    for (const int waited = time->waits(); time->waits() < waited + 5;)
      std::this_thread::yield();
    time->leap_after(looks);
    time->pass(1100); // now the next may be sent
    while (!over || !transport->has_sent("cs_test_driver")) {
      time->pass(1);
      std::this_thread::yield();
    }
    waits.join();
    drives.join();
  }
}

// Every request bears one whole key, and no call fails because of the change.
TEST(SessionClientThreads, ReplacesTheKeyWhileOthersFetch) {
  const std::set<std::string> keys{"Bearer sk_test_1", "Bearer sk_test_" + std::string(200, 'a'),
                                   "Bearer rk_test_b"};
  scripted_client stripe(answer);
  in_threads([&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      if (thread == 0) {
        stripe.client.set_secret_key(round % 2 == 0 ? "sk_test_" + std::string(200, 'a')
                                                    : std::string("rk_test_b"));
      } else {
        const auto fetched = stripe.retrieve("cs_test_a1");
        ASSERT_TRUE(fetched) << fetched.error().message;
      }
    }
  });
  for (const std::string& authorization : stripe.authorizations())
    ASSERT_EQ(keys.count(authorization), 1u) << authorization;
}

// The mode goes with the key: a test session is never asked for with the live one.
TEST(SessionClientThreads, NeverMixesTheModesOfTwoKeys) {
  scripted_client stripe([](const sr::http_request& request) {
    EXPECT_EQ(request.authorization.reveal(), "Bearer sk_test_1");
    return answer(request);
  });
  in_threads([&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      if (thread == 0) {
        stripe.client.set_secret_key(round % 2 == 0 ? "sk_live_2" : "sk_test_1");
      } else {
        const auto fetched = stripe.retrieve("cs_test_a1");
        if (!fetched) {
          ASSERT_EQ(fetched.error().code, code::test_session_with_live_key);
        }
      }
    }
  });
}

TEST(SessionClientThreads, LearnsAboutTheExpansionOnce) {
  scripted_client stripe([](const sr::http_request& request) {
    return request.url.find("payment_intent") == std::string::npos ? answer(request)
                                                                   : scripted_client::status(403);
  });
  in_threads([&](int) {
    for (int round = 0; round < rounds; ++round) {
      const auto fetched = stripe.retrieve("cs_test_a1");
      ASSERT_TRUE(fetched) << fetched.error().message;
      ASSERT_FALSE(fetched->payment_intent_permitted);
    }
  });
  // Each thread may have been refused once, before another one's refusal was known.
  EXPECT_LE(stripe.sent(), static_cast<std::size_t>(threads * rounds + threads));
}

} // namespace
