#include <stripe_return/testkit/manual_loop.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

using std::chrono::milliseconds;

manual_loop::manual_loop(std::shared_ptr<fake_time> time) : time_(std::move(time)) {}

void manual_loop::run() {
  while (true) {
    std::function<void()> work;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!posted_.empty()) {
        work = std::move(posted_.front());
        posted_.pop_front();
      }
    }
    if (work) {
      work();
    } else if (due_ && *due_ <= time_->now()) {
      due_.reset();
      if (client_ != nullptr) client_->on_timer();
    } else {
      return;
    }
  }
}

void manual_loop::run_for(milliseconds duration) {
  const auto end = time_->now() + duration;
  run();
  while (time_->now() < end) {
    const auto next = due_ ? std::min(*due_, end) : end;
    time_->advance(std::max(std::chrono::ceil<milliseconds>(next - time_->now()), milliseconds(0)));
    run();
  }
}

void manual_loop::attach(event_loop_client* client) {
  client_ = client;
}

void manual_loop::watch(int, fd_interest) {}

void manual_loop::arm_timer(std::optional<milliseconds> delay) {
  due_.reset();
  if (delay) due_ = time_->now() + *delay;
}

void manual_loop::post(std::function<void()> work) {
  const std::lock_guard<std::mutex> lock(mutex_);
  posted_.push_back(std::move(work));
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
