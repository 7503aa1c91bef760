// How late an application's own timer comes on an event loop with a hundred requests in flight,
// with a server that answers, with one and with a resolver that stall, beside bare libcurl on the
// same loop. And how late the answer comes after a deadline. Exit 1 when a goal is missed.

#include "bare_on_loop.hpp"
#include "forked_stripe.hpp"
#include "goal.hpp"
#include "thread_cpu.hpp"

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
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::milliseconds;

constexpr double lateness_goal_ms = 50;
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

// A timer of the application's that is to come each millisecond, also while it is late: what keeps
// the loop for long delays many.
class heartbeat {
public:
  explicit heartbeat(asio::io_context& context) : timer_(context, clock_type::now()) { beat(); }
  void stop() { timer_.cancel(); }
  std::vector<double> take_lags() { return std::exchange(lags_, {}); }

private:
  void beat() {
    timer_.expires_at(timer_.expiry() + milliseconds(1));
    timer_.async_wait([this](boost::system::error_code failure) {
      if (failure) return;
      lags_.push_back(ms(clock_type::now() - timer_.expiry()));
      beat();
    });
  }
  asio::steady_timer timer_;
  std::vector<double> lags_;
};

struct p99 {
  double first; // with new connections
  double later;
};

// What keeps a hundred requests of one server in flight on the loop, until it goes.
using load_maker = std::function<std::shared_ptr<void>(sr::event_loop&)>;

p99 measure(const load_maker& make_load) {
  asio::io_context context;
  sr::asio_event_loop loop(context.get_executor());
  heartbeat beat(context);
  std::shared_ptr<void> load = make_load(loop);
  p99 lags{};
  context.run_for(milliseconds(500));
  lags.first = quantile(beat.take_lags(), 0.99);
  context.run_for(milliseconds(1500));
  lags.later = quantile(beat.take_lags(), 0.99);
  load.reset();
  beat.stop();
  context.run_for(milliseconds(10));
  return lags;
}

// Each call gives up after so long, so that those that stall are begun anew.
constexpr milliseconds give_up{300};

class client_load {
public:
  client_load(const sr::client_options& options, sr::event_loop& loop) : client_(options, loop) {
    for (int i = 0; i != in_flight; ++i)
      begin();
  }
  ~client_load() { ending_ = true; }

private:
  void begin() {
    client_.retrieve(next_id(), {}, [this](const auto&) {
      if (!ending_) begin();
    });
  }
  bool ending_ = false;
  sr::async_session_client client_; // last: as it goes it answers the others
};

load_maker client_on(const std::string& url, const std::string& ca_file) {
  return [=](sr::event_loop& loop) {
    sr::client_options options = options_for(url, ca_file);
    options.deadline = give_up;
    options.retry.max_retries = 0;
    return std::make_shared<client_load>(options, loop);
  };
}

load_maker bare_on(const std::string& url, const std::string& ca_file) {
  return [=](sr::event_loop& loop) {
    sr::http_request request;
    request.authorization = "Bearer sk_test_bench";
    request.headers = {{"stripe-version", std::string(sr::stripe_api_version)}};
    request.timeout = request.connect_timeout = give_up;
    const auto next_url = [url] {
      return url + "/v1/checkout/sessions/" + next_id().str() + "?expand%5B%5D=payment_intent";
    };
    const auto decode = [](const std::string& body) {
      static_cast<void>(sr::parse_checkout_session(body));
    };
    return std::make_shared<bench::bare_on_loop>(loop, request, ca_file, in_flight, next_url,
                                                 decode);
  };
}

// The client beside bare libcurl, which decodes what it gets as well. They take turns.
bool compare(const std::string& name, const std::string& url, const std::string& ca_file) {
  constexpr int rounds = 5;
  constexpr double goal = 1.1;
  std::vector<double> first[2];
  std::vector<double> later[2];
  for (int round = 0; round != rounds; ++round) {
    for (const std::size_t who : {round % 2, 1 - round % 2}) {
      const p99 lags = measure(who == 0 ? bare_on(url, ca_file) : client_on(url, ca_file));
      first[who].push_back(lags.first);
      later[who].push_back(lags.later);
    }
  }
  const auto report = [&](const std::string& phase, const std::vector<double>(&lags)[2]) {
    const double bare = bench::median(lags[0]);
    const double client = bench::median(lags[1]);
    std::printf("99th percentile of the loop's lag: bare %.3f ms, the client %.3f ms\n", bare,
                client);
    return bench::report_goal((name + phase).c_str(), client / bare, goal);
  };
  const bool met = report("_first", first);
  return report("_later", later) && met;
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

  const p99 idle = measure([](sr::event_loop&) { return nullptr; });
  std::printf("99th percentile of an idle loop's lag: %.3f ms\n", idle.later);
  bool met = compare("lag_fetches", answering.url(), answering.ca_file());
  met = compare("lag_server_stalls", stalling.url(), stalling.ca_file()) && met;
  {
    loopback::stalled_resolver resolver;
    met = compare("lag_resolver_stalls", stalled, answering.ca_file()) && met;
    met = report_lateness_of_all("resolver stalls", stalled, answering.ca_file()) && met;
  }
  met = report_lateness_of_all("server stalls", stalling.url(), stalling.ca_file()) && met;
  return met ? 0 : 1;
}
