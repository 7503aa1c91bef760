#include "worker.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace sr = stripe_return;

namespace {

constexpr std::chrono::seconds between_runs{1};
// Stripe's own requests are counted; those to a fake are not.
constexpr std::chrono::seconds between_sweeps{60};
constexpr std::chrono::seconds longest_step{5};

// Each failure once, until it is over.
class failure_log {
public:
  explicit failure_log(const char* what) : what_(what) {}

  void note(const std::optional<sr::error>& failure) {
    const std::string code = failure ? std::string(to_string(failure->code)) : std::string();
    if (!code.empty() && code != last_) std::fprintf(stderr, "%s: error=%s\n", what_, code.c_str());
    last_ = code;
  }

private:
  const char* what_;
  std::string last_;
};

} // namespace

worker::worker(shop& shop) : shop_(shop), thread_([this] { run(); }) {}

worker::~worker() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void worker::run() {
  using clock = std::chrono::steady_clock;
  const auto pause = shop_.fake_stripe() != nullptr ? between_runs : between_sweeps;
  auto next_sweep = clock::now();
  failure_log fulfilling("run_due");
  failure_log sweeping("sweep");
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    sr::run_budget run;
    run.time = longest_step;
    fulfilling.note(shop_.desk.run_due(run).failure);
    if (clock::now() >= next_sweep) {
      sr::sweep_budget sweep;
      sweep.time = longest_step;
      sweeping.note(shop_.desk.sweep(sweep).failure);
      next_sweep = clock::now() + pause;
    }
    lock.lock();
    stopped_.wait_for(lock, between_runs, [this] { return stopping_; });
  }
}
