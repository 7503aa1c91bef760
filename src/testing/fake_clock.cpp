#include <stripe_return/testing/fake_clock.hpp>

namespace stripe_return {
inline namespace v0 {
namespace testing {

fake_clock::fake_clock(unix_seconds unix_time) : start_(unix_time) {}

std::chrono::steady_clock::time_point fake_clock::now() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::chrono::steady_clock::time_point(elapsed_);
}

unix_seconds fake_clock::unix_time() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return start_ + std::chrono::duration_cast<std::chrono::seconds>(elapsed_).count();
}

void fake_clock::sleep_for(std::chrono::milliseconds duration) {
  const std::lock_guard<std::mutex> lock(mutex_);
  elapsed_ += duration;
  sleeps_.push_back(duration);
}

void fake_clock::advance(std::chrono::milliseconds duration) {
  const std::lock_guard<std::mutex> lock(mutex_);
  elapsed_ += duration;
}

std::vector<std::chrono::milliseconds> fake_clock::sleeps() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sleeps_;
}

} // namespace testing
} // namespace v0
} // namespace stripe_return
