// What a transport leaves behind in the process: nothing.
#include "closed_ports.hpp"
#include "stalled_resolver.hpp"
#include "transport_calls.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <dirent.h>
#include <dlfcn.h>

namespace {

std::atomic<int> signal_actions_changed{0};

} // namespace

// Takes the place of the C library's in this whole program, libcurl included.
extern "C" __attribute__((visibility("default"))) int
sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
  if (action != nullptr && (signal == SIGPIPE || signal == SIGALRM)) ++signal_actions_changed;
  static const auto real = reinterpret_cast<decltype(&::sigaction)>(dlsym(RTLD_NEXT, "sigaction"));
  return real(signal, action, before);
}

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::curl_transport;
using std::chrono::milliseconds;

int entries_of(const char* path) {
  DIR* directory = opendir(path);
  if (directory == nullptr) return -1;
  int count = 0;
  while (readdir(directory) != nullptr)
    ++count;
  closedir(directory);
  return count;
}

// libcurl's own threads end a moment after the look-up that they were abandoned in.
bool comes_down_to(int count, const char* path) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (entries_of(path) > count) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

class CurlTransportResources : public ::testing::Test {
protected:
  test_ca ca_;

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }

  // Every kind of end that a request can come to, twice, on several threads.
  void run_mixed() {
    stalled_resolver resolver;
    const refusing_port refusing;
    const test_ca other;
    const https_server good(https(always(response{200, {}, "good"})));
    const https_server cut(https(always(fault::cut_in_body)));
    const https_server reset(https(always(fault::reset_before_response)));
    const https_server closing(https(always(fault::close_after_response)));
    const https_server stalling(https(always(fault::stall_in_body)));
    const https_server unknown({always(response{}), for_localhost(other)});
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        curl_transport transport(trusting(ca_));
        for (int round = 0; round < 10; ++round) {
          EXPECT_TRUE(send_once(transport, get(good.url())));
          // Another thread may have just this connection closed under it, more often than
          // libcurl tries again.
          static_cast<void>(send_once(transport, get(closing.url())));
          EXPECT_FALSE(send_once(transport, get(cut.url())));
          EXPECT_FALSE(send_once(transport, get(reset.url())));
          EXPECT_FALSE(send_once(transport, get(unknown.url())));
          EXPECT_FALSE(send_once(transport, get("https://name.invalid")));
          EXPECT_FALSE(
              send_once(transport, get("https://localhost:" + std::to_string(refusing.port()))));
          EXPECT_FALSE(send_once(transport, get(stalling.url(), milliseconds(20))));
          EXPECT_FALSE(send_once(transport, get("https://stalled.test", milliseconds(5))));
        }
      });
    }
    for (std::thread& each : threads)
      each.join();
  }
};

TEST_F(CurlTransportResources, NoDescriptorAndNoThreadStays) {
  run_mixed(); // what libcurl and OpenSSL open once for the process
  const int threads = entries_of("/proc/self/task");
  const int descriptors = entries_of("/proc/self/fd");
  ASSERT_GT(descriptors, 0);
  for (int round = 0; round < 3; ++round)
    run_mixed();
  EXPECT_TRUE(comes_down_to(threads, "/proc/self/task"));
  EXPECT_TRUE(comes_down_to(descriptors, "/proc/self/fd"));
}

// A thread for each connection or call would surprise the application.
TEST_F(CurlTransportResources, NoThreadIsStartedButForALookUp) {
  const https_server server(https(always(response{200, {}, "hello"})));
  curl_transport transport(trusting(ca_));
  ASSERT_TRUE(send_once(transport, get(server.url())));
  const int threads = entries_of("/proc/self/task");
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(send_once(transport, get(server.url()))); // on the connection that is there
  EXPECT_LE(entries_of("/proc/self/task"), threads);
}

// The request is longer than what the socket takes in at once, so that part of it is written after
// the server is gone: the default action of SIGPIPE would end this process.
TEST_F(CurlTransportResources, NoSignalKillsTheProcess) {
  std::signal(SIGPIPE, SIG_DFL);
  sr::http_request request;
  {
    const https_server server(https(always(response{200, {}, "hello"})));
    request = get(server.url());
  }
  request.headers.assign(60, {"x-long", std::string(60000, 'x')});
  curl_transport transport(trusting(ca_));
  for (const fault what : {fault::close_before_response, fault::reset_before_response,
                           fault::close_after_response, fault::cut_in_body}) {
    server_options closing = https(always(what));
    closing.close_in_tls = what == fault::cut_in_body;
    const https_server server(closing);
    const https_server plain({always(what)});
    for (int round = 0; round < 5; ++round) {
      for (const std::string& url : {server.url(), plain.url()}) {
        request.url = url;
        static_cast<void>(send_once(transport, request));
        static_cast<void>(send_once(transport, get(url)));
      }
    }
  }
  EXPECT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
}

// Not even for a moment: that would be every thread's moment. libcurl sets SIGPIPE aside while it
// works, and SIGALRM while it resolves, unless it is told not to.
TEST_F(CurlTransportResources, NoSignalIsTouched) {
  const https_server server(https(always(response{200, {}, "hello"})));
  const int before = signal_actions_changed;
  {
    curl_transport transport(trusting(ca_));
    EXPECT_TRUE(send_once(transport, get(server.url())));
    EXPECT_FALSE(send_once(transport, get("https://name.invalid")));
  }
  EXPECT_EQ(signal_actions_changed, before);
}

TEST_F(CurlTransportResources, DestructionDoesNotWaitForAStalledLookUp) {
  stalled_resolver resolver;
  auto transport = std::make_unique<curl_transport>(trusting(ca_));
  EXPECT_EQ(error_code_of(send_once(*transport, get("https://stalled.test", soon))),
            code::timed_out_resolving);
  transport.reset();
  EXPECT_EQ(resolver.waiting(), 1);
}

TEST_F(CurlTransportResources, UnusedTransportIsDestroyed) {
  for (int i = 0; i < 10; ++i)
    curl_transport transport{{}};
}

} // namespace
} // namespace loopback
