#include "background.hpp"

#include "log.hpp"

#include <utility>

namespace sr = stripe_return;

namespace {

constexpr std::chrono::seconds longest_step{5}; // the program ends after it

} // namespace

background::background(const char* name, std::chrono::seconds pause, work what)
    : name_(name), pause_(pause), work_(std::move(what)), thread_([this] { run(); }) {}

background::~background() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void background::run() {
  std::optional<sr::error_code> last;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::optional<sr::error> failure = work_();
    if (failure && failure->code != last) log(name_, *failure);
    last = failure ? std::make_optional(failure->code) : std::nullopt;
    lock.lock();
    stopped_.wait_for(lock, pause_, [this] { return stopping_; });
  }
}

background::work fulfilling(shop& shop) {
  return [&shop]() -> std::optional<sr::error> {
    sr::run_budget budget;
    budget.time = longest_step;
    const sr::run_report report = shop.worker.run(budget);
    if (report.failures.empty()) return std::nullopt;
    return report.failures.front();
  };
}

background::work reconciling(shop& shop) {
  return [&shop]() -> std::optional<sr::error> {
    sr::reconcile_budget budget;
    budget.time = longest_step;
    const sr::reconcile_report report = shop.reconciler.run(budget);
    if (report.failures.empty()) return std::nullopt;
    return report.failures.front().failure;
  };
}
