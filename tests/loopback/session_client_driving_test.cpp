// Many threads share one session_client, and one of them at a time does the network work of all.
#include "closed_ports.hpp"
#include "die.hpp"
#include "stalled_resolver.hpp"
#include "transport_calls.hpp"

#include "unit/core/error_code_of.hpp"
#include "unit/core/session_json.hpp"

#include <stripe_return/client/session_client.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using answer = sr::result<std::string>;
using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_done(const std::future<answer>& call) {
  return call.wait_for(seconds(0)) == std::future_status::ready;
}

// A call that nobody drives any more never ends, and its thread could not be joined.
answer outcome_of(std::future<answer>& call) {
  if (call.wait_for(patience) != std::future_status::ready) die("a call was left alone");
  return call.get();
}

void in_threads(int count, const std::function<void(int thread)>& work) {
  std::vector<std::thread> running;
  for (int thread = 0; thread < count; ++thread)
    running.emplace_back(work, thread);
  for (std::thread& each : running)
    each.join();
}

// In whatever phase, or before the first.
bool ran_out_of_time(code why) {
  return phase_timed_out(why) != 0 || why == code::deadline_exceeded;
}

// The number at the end of the path.
std::size_t number_in(const request& asked) {
  return std::stoul(asked.target.substr(asked.target.rfind('/') + 1));
}

// libcurl under another address for each session; what a server answers becomes a session that
// holds it.
class rerouted_transport final : public sr::transport {
public:
  explicit rerouted_transport(sr::curl_transport_options options) : curl_(std::move(options)) {}

  std::string id_for(const std::string& url) {
    const std::lock_guard<std::mutex> lock(mutex_);
    urls_.push_back(url);
    return "cs_test_" + std::to_string(urls_.size() - 1);
  }

  std::uint64_t start(const sr::http_request& request, completion done) override {
    const std::size_t begin = request.url.find("cs_test_");
    const std::string id = request.url.substr(begin, request.url.find('?') - begin);
    sr::http_request rerouted = request;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      rerouted.url = urls_[std::stoul(id.substr(8))];
    }
    return curl_.start(rerouted, [id, done = std::move(done)](sr::attempt_result about) {
      if (about.answer) {
        about.answer->body = session_json()
                                 .set("id", ::quoted(id))
                                 .set("client_reference_id", ::quoted(about.answer->body))
                                 .text();
      }
      done(std::move(about));
    });
  }
  void cancel(std::uint64_t number) noexcept override { curl_.cancel(number); }
  sr::attempt_result so_far(std::uint64_t number) override { return curl_.so_far(number); }
  void drive_by(sr::event_loop* loop) override { curl_.drive_by(loop); }
  void work_until(std::chrono::steady_clock::time_point time) override { curl_.work_until(time); }
  void wake() noexcept override { curl_.wake(); }

private:
  sr::curl_transport curl_;
  std::mutex mutex_;
  std::vector<std::string> urls_; // by the number in the id
};

class SessionClientDriving : public ::testing::Test {
protected:
  test_ca ca_;
  const std::shared_ptr<rerouted_transport> transport_ =
      std::make_shared<rerouted_transport>(trusting(ca_));
  const sr::session_client client_{options(), {transport_}};

  static sr::client_options options() {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.requests_per_second = 0;
    options.retry.max_retries = 0;
    options.attempt_timeout = options.connect_timeout = options.deadline = patience;
    return options;
  }

  // What the server answers.
  answer get(const std::string& url, milliseconds timeout = patience) {
    sr::retrieve_options how;
    how.deadline = timeout;
    const auto fetched = client_.retrieve(*sr::session_id::parse(transport_->id_for(url)), how);
    if (!fetched) return fetched.error();
    return fetched->session.client_reference_id;
  }

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }

  std::future<answer> start(const std::string& url, milliseconds timeout = patience) {
    return std::async(std::launch::async, [this, url, timeout] { return get(url, timeout); });
  }
};

TEST_F(SessionClientDriving, GetEachItsOwnAnswerOverFewConnections) {
  constexpr int threads = 16, rounds = 20;
  const https_server server(https([](const request& asked) {
    return response{200, {}, asked.target};
  }));
  in_threads(threads, [&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(round);
      const auto got = get(server.url() + path);
      ASSERT_TRUE(got) << got.error().message;
      ASSERT_EQ(*got, path);
    }
  });
  EXPECT_EQ(server.requests(), threads * rounds);
  EXPECT_LE(server.connections(), 2 * threads);
  EXPECT_EQ(server.tls_handshakes(), server.connections());
}

// The thread that began first drives. Whoever is answered leaves at once, and the others go on.
TEST_F(SessionClientDriving, LeaveInAnyOrder) {
  constexpr std::size_t count = 12;
  std::vector<std::size_t> forward(count), backward(count), inside_out(count);
  std::iota(forward.begin(), forward.end(), 0u);
  std::iota(backward.rbegin(), backward.rend(), 0u);
  for (std::size_t i = 0; i < count; ++i)
    inside_out[i] = (i % 2 == 0 ? count / 2 + i / 2 : count / 2 - 1 - i / 2);
  for (const std::vector<std::size_t>& order : {forward, backward, inside_out}) {
    std::vector<gate> gates(count);
    const https_server server(https([&](const request& asked) {
      gates[number_in(asked)].pass();
      return response{200, {}, asked.target};
    }));
    std::vector<std::future<answer>> calls;
    for (std::size_t i = 0; i < count; ++i) {
      calls.push_back(start(server.url() + "/" + std::to_string(i)));
      gates[i].wait_until_waiting();
    }
    for (std::size_t left = count; left > 0; --left) {
      const std::size_t next = order[count - left];
      gates[next].open();
      const answer got = outcome_of(calls[next]);
      ASSERT_TRUE(got) << got.error().message;
      EXPECT_EQ(*got, "/" + std::to_string(next));
      for (std::size_t later = count - left + 1; later < count; ++later)
        EXPECT_FALSE(is_done(calls[order[later]]));
    }
  }
}

TEST_F(SessionClientDriving, LeaveWhenTheyTimeOutWhileOthersGoOn) {
  for (const bool first_times_out : {true, false}) {
    gate held;
    const https_server server(https([&](const request&) {
      held.pass();
      return response{200, {}, "late"};
    }));
    auto first = start(server.url(), first_times_out ? 4 * soon : patience);
    held.wait_until_waiting(1);
    auto second = start(server.url(), first_times_out ? patience : soon);
    auto& impatient = first_times_out ? first : second;
    auto& patient = first_times_out ? second : first;
    const answer timed_out = outcome_of(impatient);
    ASSERT_FALSE(timed_out);
    EXPECT_NE(phase_timed_out(timed_out.error().code), 0) << timed_out.error().message;
    EXPECT_FALSE(is_done(patient));
    held.open();
    const answer got = outcome_of(patient);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(*got, "late");
  }
}

// The driving thread sleeps until something happens in its own transfers, and must be woken for
// each new one. Two hundred calls that wait for its next look would outlast this test's time limit.
TEST_F(SessionClientDriving, WakeTheDrivingThreadForEachCall) {
  gate held;
  const https_server good(https(always(response{200, {}, "good"})));
  const https_server waiting(https([&](const request&) {
    held.pass();
    return response{200, {}, "late"};
  }));
  auto driving = start(waiting.url());
  held.wait_until_waiting();
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(get(good.url()));
  EXPECT_FALSE(is_done(driving));
  held.open();
  EXPECT_TRUE(outcome_of(driving));
}

// In whatever phase the others stall.
TEST_F(SessionClientDriving, AreNotHeldUpByStalledCalls) {
  stalled_resolver resolver;
  const unaccepting_listener listener;
  gate held;
  const https_server good(https(always(response{200, {}, "good"})));
  const https_server waiting(https([&](const request&) {
    held.pass();
    return response{200, {}, "late"};
  }));
  auto receiving = std::make_unique<https_server>(https(always(fault::stall_in_body)));
  server_options stalling = https(always(response{}));
  stalling.stall_in_tls = true;
  auto in_tls = std::make_unique<https_server>(stalling);

  auto call_waiting = start(waiting.url());
  held.wait_until_waiting();
  auto call_resolving = start("https://stalled.test");
  resolver.wait_until_waiting();
  auto call_in_tls = start(in_tls->url());
  auto call_receiving = start(receiving->url());
  auto call_connecting = start("https://localhost:" + std::to_string(listener.port()), soon);

  for (int i = 0; i < 50; ++i) {
    const answer got = get(good.url());
    ASSERT_TRUE(got) << got.error().message;
    ASSERT_EQ(*got, "good");
  }
  EXPECT_EQ(resolver.waiting(), 1);
  for (const auto* call : {&call_waiting, &call_resolving, &call_in_tls, &call_receiving})
    EXPECT_FALSE(is_done(*call));

  EXPECT_EQ(error_code_of(outcome_of(call_connecting)), code::timed_out_connecting);
  receiving.reset();
  EXPECT_EQ(error_code_of(outcome_of(call_receiving)), code::connection_lost);
  in_tls.reset();
  EXPECT_EQ(error_code_of(outcome_of(call_in_tls)), code::tls_failed);
  resolver.release();
  EXPECT_EQ(error_code_of(outcome_of(call_resolving)), code::could_not_resolve);
  held.open();
  EXPECT_TRUE(outcome_of(call_waiting));
}

// The look-up of the driving thread stalls; it returns in time, and so do the others.
TEST_F(SessionClientDriving, SurviveAStalledLookUpOfTheDrivingThread) {
  stalled_resolver resolver;
  const https_server good(https(always(response{200, {}, "good"})));
  auto driving = start("https://stalled.test", soon);
  resolver.wait_until_waiting();
  in_threads(4, [&](int) {
    for (int i = 0; i < 20; ++i)
      ASSERT_TRUE(get(good.url()));
  });
  EXPECT_EQ(error_code_of(outcome_of(driving)), code::timed_out_resolving);
  EXPECT_TRUE(get(good.url()));
  EXPECT_EQ(resolver.waiting(), 1);
}

// Whoever drives may succeed, fail or time out at any moment, so that the driving changes hands
// in every way there is.
TEST_F(SessionClientDriving, SurviveAnyMixOfOutcomes) {
  constexpr int threads = 16, rounds = 30;
  constexpr milliseconds very_soon{5};
  stalled_resolver resolver;
  const refusing_port refusing;
  const https_server good(https([](const request& asked) {
    return response{200, {}, asked.target};
  }));
  const https_server lost(https(always(fault::close_before_response)));
  const https_server stalling(https(always(fault::stall_before_response)));
  in_threads(threads, [&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      switch ((thread * 7 + round) % 6) {
      case 0: ASSERT_EQ(error_code_of(get(lost.url())), code::connection_lost); break;
      case 1:
        ASSERT_EQ(error_code_of(get("https://localhost:" + std::to_string(refusing.port()))),
                  code::connection_refused);
        break;
      case 2: {
        const auto got = get(stalling.url(), very_soon);
        ASSERT_FALSE(got);
        ASSERT_TRUE(ran_out_of_time(got.error().code)) << got.error().message;
        break;
      }
      case 3: {
        const auto got = get("https://stalled.test", very_soon);
        ASSERT_FALSE(got);
        ASSERT_TRUE(ran_out_of_time(got.error().code)) << got.error().message;
        break;
      }
      default: {
        const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(round);
        const auto got = get(good.url() + path);
        ASSERT_TRUE(got) << got.error().message;
        ASSERT_EQ(*got, path);
      }
      }
    }
  });
  const auto got = get(good.url() + "/last");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(*got, "/last");
}

} // namespace
} // namespace loopback
