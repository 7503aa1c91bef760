#include <stripe_return/testkit/fake_time.hpp>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

fake_time::fake_time(unix_seconds unix_time) : start_(unix_time) {}

std::chrono::steady_clock::time_point fake_time::now() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::chrono::steady_clock::time_point(elapsed_);
}

unix_seconds fake_time::unix_time() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return start_ + std::chrono::duration_cast<std::chrono::seconds>(elapsed_).count();
}

void fake_time::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable&,
                           std::chrono::steady_clock::time_point until) {
  lock.unlock();
  {
    const std::lock_guard<std::mutex> own(mutex_);
    const auto left = until.time_since_epoch() - elapsed_;
    if (left.count() > 0) {
      elapsed_ += left;
      waits_.push_back(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
  }
  lock.lock();
}

void fake_time::advance(std::chrono::milliseconds duration) {
  const std::lock_guard<std::mutex> lock(mutex_);
  elapsed_ += duration;
}

std::vector<std::chrono::milliseconds> fake_time::waits() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return waits_;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
