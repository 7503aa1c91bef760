// async_session_client on its own thread beside bare libcurl's multi interface doing the same GETs,
// 1, 16 and 100 at a time: CPU time of the process. What the decoder takes is measured beside it
// and not counted. Exit 1 when a goal is missed.

#include "bare_multi.hpp"
#include "forked_stripe.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

// Short rounds, so that all contestants of one meet the same other load on the computer; but long
// enough that the largest crowd is a crowd for most of its round.
constexpr std::size_t rounds = 41;
constexpr std::size_t requests = 1000; // in a round
constexpr double goal = 1.10;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_async: %s\n", why.c_str());
  std::exit(1);
}

std::string id_of(std::size_t number) {
  return "cs_test_" + std::to_string(number);
}

// Keeps so many calls in flight until a round is done.
class contestant {
public:
  contestant(const sr::client_options& options, std::size_t in_flight)
      : in_flight_(in_flight), client_(options) {}

  void fetch(std::size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    left_to_begin_ = count;
    left_to_end_ = count;
    for (std::size_t i = 0; i != in_flight_ && left_to_begin_ != 0; ++i)
      begin();
    ended_.wait(lock, [this] { return left_to_end_ == 0; });
  }

private:
  void begin() {
    --left_to_begin_;
    client_.retrieve(*sr::session_id::parse(id_of(++last_)), {}, [this](const auto& answer) {
      if (!answer) fail(answer.error().message);
      const std::lock_guard<std::mutex> lock(mutex_);
      if (left_to_begin_ != 0) begin();
      if (--left_to_end_ == 0) ended_.notify_one();
    });
  }

  const std::size_t in_flight_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t left_to_begin_ = 0;
  std::size_t left_to_end_ = 0;
  std::size_t last_ = 0;
  sr::async_session_client client_; // last: its thread uses the others
};

bool compete(const bench::forked_stripe& stripe, std::size_t in_flight) {
  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.api_base = stripe.url();
  options.ca_file = stripe.ca_file();
  options.requests_per_second = 0;
  contestant client(options, in_flight);

  sr::http_request request;
  request.url = stripe.url();
  request.authorization = "Bearer sk_test_bench";
  request.headers = {{"stripe-version", std::string(sr::stripe_api_version)}};
  request.timeout = options.attempt_timeout;
  request.connect_timeout = options.connect_timeout;
  bench::bare_multi bare(request, stripe.ca_file(), in_flight);

  std::size_t last = 0;
  const auto url_of = [&](std::size_t) {
    return stripe.url() + "/v1/checkout/sessions/" + id_of(++last) + "?expand%5B%5D=payment_intent";
  };
  std::vector<double> floor;
  std::vector<double> with_decoder;
  std::vector<double> ours;
  std::vector<double> ratios;
  const auto ignore = [](const std::string&) {};
  const auto decode = [](const std::string& body) {
    if (!sr::parse_checkout_session(body)) fail("the session cannot be decoded");
  };
  bare.get(requests, url_of, ignore);
  client.fetch(requests);
  const auto turns = std::array<std::function<void()>, 3>{
      [&] { floor.push_back(bench::process_cpu([&] { bare.get(requests, url_of, ignore); })); },
      [&] {
        with_decoder.push_back(bench::process_cpu([&] { bare.get(requests, url_of, decode); }));
      },
      [&] { ours.push_back(bench::process_cpu([&] { client.fetch(requests); })); }};
  for (std::size_t round = 0; round != rounds; ++round) {
    for (std::size_t i = 0; i != turns.size(); ++i)
      turns[(round + i) % turns.size()]();
    const double decoder = with_decoder.back() - floor.back();
    ratios.push_back((ours.back() - decoder) / floor.back());
  }
  const double ratio = bench::median(ratios);
  std::printf("%3zu in flight   bare %5.1f us, with the decoder %5.1f   async_session_client "
              "%5.1f us   ratio without the decoder %.3f, goal at most %.2f: %s\n",
              in_flight, bench::median(floor) / requests, bench::median(with_decoder) / requests,
              bench::median(ours) / requests, ratio, goal, ratio <= goal ? "met" : "MISSED");
  return ratio <= goal;
}

} // namespace

int main() {
  const bench::forked_stripe stripe({});
  std::printf("CPU of the process for each fetch, medians of %zu rounds of %zu\n", rounds,
              requests);
  bool met = true;
  for (const std::size_t in_flight : {std::size_t{1}, std::size_t{16}, std::size_t{100}}) {
    met = compete(stripe, in_flight) && met;
  }
  return met ? 0 : 1;
}
