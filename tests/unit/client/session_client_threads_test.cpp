#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <stripe_return/client/transport.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
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
