#include <stripe_return/client/time_source.hpp>

#include <ctime>

namespace stripe_return {
inline namespace v0 {

time_source::~time_source() = default;

std::chrono::steady_clock::time_point system_time::now() {
  return std::chrono::steady_clock::now();
}

unix_seconds system_time::unix_time() {
  return std::time(nullptr);
}

void system_time::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                             std::chrono::steady_clock::time_point until) {
  changed.wait_until(lock, until);
}

void time_source::sleep_for(std::chrono::milliseconds duration) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock<std::mutex> lock(mutex);
  const auto until = now() + duration;
  while (now() < until)
    wait_until(lock, never, until);
}

} // namespace v0
} // namespace stripe_return
