// How late a host's own timer comes on an event loop that the client shares: with 100 fetches in
// flight, with a server and with a resolver that stall, beside the same loop with nothing to do.
// And how late the answer comes after a deadline. Exit 1 when a goal is missed.

#include "forked_stripe.hpp"

#include "loopback/stalled_resolver.hpp"

#include <stripe_return/client/adapters/asio.hpp>
#include <stripe_return/client/session_client.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::milliseconds;

constexpr double lag_goal_ms = 1;
constexpr double lateness_goal_ms = 50;
constexpr auto phase = std::chrono::seconds(3);
constexpr int in_flight = 100;

double ms(clock_type::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

sr::client_options options_for(const std::string& url, const std::string& ca_file) {
  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.api_base = url;
  options.ca_file = ca_file;
  options.requests_per_second = 0;
  return options;
}

sr::session_id next_id() {
  static unsigned long last = 0;
  return *sr::session_id::parse("cs_test_" + std::to_string(++last));
}

// A timer of the host's that is to come each millisecond.
class heartbeat {
public:
  explicit heartbeat(asio::io_context& context) : timer_(context) { beat(); }
  void stop() { timer_.cancel(); }
  const std::vector<double>& lags() const { return lags_; }

private:
  void beat() {
    timer_.expires_after(milliseconds(1));
    timer_.async_wait([this](boost::system::error_code failure) {
      if (failure) return;
      lags_.push_back(ms(clock_type::now() - timer_.expiry()));
      beat();
    });
  }
  asio::steady_timer timer_;
  std::vector<double> lags_;
};

// The lags while `url` is asked by so many calls at a time; by none where it is empty.
std::vector<double> lags(const std::string& url, const std::string& ca_file) {
  asio::io_context context;
  sr::asio_event_loop loop(context.get_executor());
  sr::client_options options = options_for(url, ca_file);
  options.deadline = std::chrono::milliseconds(500); // so that those that stall are begun anew
  options.retry.max_retries = 0;
  auto client = std::make_unique<sr::async_session_client>(options, loop);
  heartbeat beat(context);
  const auto end = clock_type::now() + phase;
  std::function<void()> again = [&] {
    client->retrieve(next_id(), {}, [&](const auto&) {
      if (clock_type::now() < end) again();
    });
  };
  for (int i = 0; i != in_flight && !url.empty(); ++i)
    again();
  context.run_until(end);
  client.reset();
  beat.stop();
  context.run_for(milliseconds(10));
  return beat.lags();
}

bool report_lag(const char* name, const std::vector<double>& measured, double idle) {
  const double p99 = quantile(measured, 0.99);
  const double more = p99 - idle;
  std::printf(
      "%-34s p50 %6.3f ms   p99 %6.3f ms   max %6.3f ms   p99 over the idle loop's %6.3f ms, "
      "goal below %.0f: %s\n",
      name, quantile(measured, 0.5), p99, quantile(measured, 1), more, lag_goal_ms,
      more < lag_goal_ms ? "met" : "MISSED");
  return more < lag_goal_ms;
}

// One call after another, each of which runs into its deadline.
bool report_lateness(const char* name, const std::function<void(milliseconds)>& call) {
  constexpr milliseconds deadline{100};
  std::vector<double> late;
  for (int i = 0; i != 30; ++i) {
    const auto begin = clock_type::now();
    call(deadline);
    late.push_back(ms(clock_type::now() - begin - deadline));
  }
  const double most = quantile(late, 1);
  std::printf("%-34s answers %6.3f ms after the deadline (median), %6.3f (latest), goal at most "
              "%.0f: %s\n",
              name, quantile(late, 0.5), most, lateness_goal_ms,
              most <= lateness_goal_ms ? "met" : "MISSED");
  return most <= lateness_goal_ms;
}

bool report_lateness_of_all(const std::string& what, const std::string& url,
                            const std::string& ca_file) {
  sr::client_options options = options_for(url, ca_file);
  sr::async_session_client threaded(options);
  const auto by_thread = [&](milliseconds deadline) {
    sr::retrieve_options how;
    how.deadline = deadline;
    std::promise<void> answered;
    threaded.retrieve(next_id(), how, [&](const auto&) { answered.set_value(); });
    answered.get_future().wait();
  };
  const auto blocking = [&](milliseconds deadline) {
    options.deadline = deadline;
    const sr::session_client client(options);
    static_cast<void>(client.retrieve(next_id()));
  };
  const bool first = report_lateness((what + ", async on its thread").c_str(), by_thread);
  return report_lateness((what + ", blocking").c_str(), blocking) && first;
}

} // namespace

int main() {
  bench::stripe_behavior quick;
  quick.latency = milliseconds(50);
  bench::stripe_behavior silent;
  silent.silent = true;
  const bench::forked_stripe answering(quick);
  const bench::forked_stripe stalling(silent);
  const std::string stalled = "https://stalled.test";

  const std::vector<double> idle = lags("", "");
  const double base = quantile(idle, 0.99);
  std::printf("%-34s p50 %6.3f ms   p99 %6.3f ms   max %6.3f ms\n", "idle loop",
              quantile(idle, 0.5), base, quantile(idle, 1));
  bool met = report_lag("100 fetches in flight", lags(answering.url(), answering.ca_file()), base);
  met =
      report_lag("100 calls, the server stalls", lags(stalling.url(), stalling.ca_file()), base) &&
      met;
  {
    loopback::stalled_resolver resolver;
    met = report_lag("100 calls, the resolver stalls", lags(stalled, answering.ca_file()), base) &&
          met;
    met = report_lateness_of_all("resolver stalls", stalled, answering.ca_file()) && met;
  }
  met = report_lateness_of_all("server stalls", stalling.url(), stalling.ca_file()) && met;
  return met ? 0 : 1;
}
