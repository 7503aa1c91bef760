// 10,000 calls at once for different sessions, while Stripe takes 200 ms for each: one thread, a
// hundred connections, no limit of the rate. Exit 1 when one fails or the memory goal is missed.

#include "forked_stripe.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>

namespace {

namespace sr = stripe_return;

constexpr int calls = 10000;
constexpr double goal_mib = 64;

double peak_mib() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

} // namespace

int main() {
  bench::stripe_behavior slow;
  slow.latency = std::chrono::milliseconds(200);
  const bench::forked_stripe stripe(slow);

  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.api_base = stripe.url();
  options.ca_file = stripe.ca_file();
  options.deadline = std::chrono::seconds(60);
  options.requests_per_second = 0;

  std::mutex mutex;
  std::condition_variable ended;
  int answers = 0;
  std::map<std::string, int> failures;
  const double before = peak_mib();
  const auto begin = std::chrono::steady_clock::now();
  {
    sr::async_session_client client(options);
    for (int i = 0; i != calls; ++i) {
      client.retrieve(sr::session_id::parse("cs_test_" + std::to_string(i)), {},
                      [&](const auto& got) {
                        const std::lock_guard<std::mutex> lock(mutex);
                        if (!got) ++failures[std::string(to_string(got.error().code))];
                        if (++answers == calls) ended.notify_one();
                      });
    }
    std::unique_lock<std::mutex> lock(mutex);
    ended.wait(lock, [&] { return answers == calls; });
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const double peak = peak_mib();
  std::printf(
      "%d calls at once, 200 ms each, %zu in flight: %.1f s, peak RSS %.1f MiB (%.1f before), "
      "goal at most %.0f: %s\n",
      calls, options.max_in_flight, took.count(), peak, before, goal_mib,
      peak <= goal_mib ? "met" : "MISSED");
  for (const auto& [code, count] : failures)
    std::printf("FAILED: %d calls, %s\n", count, code.c_str());
  return failures.empty() && peak <= goal_mib ? 0 : 1;
}
