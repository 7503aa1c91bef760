// async_session_client on its own thread beside bare libcurl's multi interface doing the same GETs,
// 1, 16 and 100 at a time. Exit 1 when a goal is missed.

#include "bare_multi.hpp"
#include "fetch_contest.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <condition_variable>
#include <mutex>
#include <string>

namespace {

namespace sr = stripe_return;

// Keeps so many calls in flight until a round is done.
class calls_in_flight {
public:
  calls_in_flight(const sr::client_options& options, std::size_t in_flight)
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
    client_.retrieve(sr::session_id::parse(bench::fetch_setup::id_of(++last_)), {},
                     [this](const auto& answer) {
                       if (!answer) bench::fail(answer.error().message);
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
  const bench::fetch_setup setup(stripe);
  calls_in_flight client(setup.options, in_flight);
  bench::bare_multi bare(setup.request, stripe.ca_file(), in_flight);
  std::size_t last = 0;
  const auto url_of = [&](std::size_t) { return setup.url_of(++last); };
  constexpr std::size_t fetches = bench::fetch_contest::fetches;
  bench::fetch_contest contest([&] { bare.get(fetches, url_of, bench::ignore); },
                               [&] { bare.get(fetches, url_of, bench::decode); },
                               [&] { client.fetch(fetches); });
  return contest.run("fetch_async_" + std::to_string(in_flight));
}

} // namespace

int main() {
  const bench::forked_stripe stripe({});
  bool met = true;
  for (const std::size_t in_flight : {std::size_t{1}, std::size_t{16}, std::size_t{100}}) {
    met = compete(stripe, in_flight) && met;
  }
  return met ? 0 : 1;
}
