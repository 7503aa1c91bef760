// session_client in 1, 16 and 100 threads beside as many threads with an easy handle of bare
// libcurl each, which are kept, doing the same GETs. Exit 1 when a goal is missed.

#include "bare_curl.hpp"
#include "fetch_contest.hpp"

#include <stripe_return/client/session_client.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;

// Threads that share each round's fetches.
class waiting_threads {
public:
  using fetch = std::function<void(std::size_t thread, std::size_t number)>;

  explicit waiting_threads(std::size_t threads) {
    for (std::size_t i = 0; i != threads; ++i)
      threads_.emplace_back([this, i] { run(i); });
  }
  ~waiting_threads() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
      changed_.notify_all();
    }
    for (std::thread& each : threads_)
      each.join();
  }

  void share(std::size_t count, fetch once) {
    std::unique_lock<std::mutex> lock(mutex_);
    once_ = std::move(once);
    left_to_begin_ = left_to_end_ = count;
    changed_.notify_all();
    ended_.wait(lock, [this] { return left_to_end_ == 0; });
  }

private:
  void run(std::size_t thread) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return ending_ || left_to_begin_ != 0; });
      if (ending_) return;
      --left_to_begin_;
      const std::size_t number = ++last_;
      lock.unlock();
      once_(thread, number);
      lock.lock();
      if (--left_to_end_ == 0) ended_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable ended_;
  fetch once_;
  std::size_t left_to_begin_ = 0;
  std::size_t left_to_end_ = 0;
  std::size_t last_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_; // last: they use the others
};

bool compete(const bench::forked_stripe& stripe, std::size_t threads) {
  const bench::fetch_setup setup(stripe);
  const sr::session_client client(setup.options);
  std::vector<std::unique_ptr<bench::bare_curl>> bare;
  for (std::size_t i = 0; i != threads; ++i)
    bare.push_back(std::make_unique<bench::bare_curl>(setup.request, stripe.ca_file()));
  const auto get = [&](std::size_t thread, std::size_t number) -> const std::string& {
    bare[thread]->set_url(setup.url_of(number));
    return bare[thread]->get();
  };

  waiting_threads all(threads);
  constexpr std::size_t fetches = bench::fetch_contest::fetches;
  bench::fetch_contest contest(
      [&] { all.share(fetches, [&](auto... which) { bench::ignore(get(which...)); }); },
      [&] { all.share(fetches, [&](auto... which) { bench::decode(get(which...)); }); },
      [&] {
        all.share(fetches, [&](std::size_t, std::size_t number) {
          const auto answer =
              client.retrieve(*sr::session_id::parse(bench::fetch_setup::id_of(number)));
          if (!answer) bench::fail(answer.error().message);
        });
      });
  return contest.run("fetch_blocking_" + std::to_string(threads));
}

} // namespace

int main() {
  const bench::forked_stripe stripe({});
  bool met = true;
  for (const std::size_t threads : {std::size_t{1}, std::size_t{16}, std::size_t{100}}) {
    met = compete(stripe, threads) && met;
  }
  return met ? 0 : 1;
}
