#include <stripe_return/client/clock.hpp>

#include <ctime>
#include <thread>

namespace stripe_return {
inline namespace v0 {

clock::~clock() = default;

std::chrono::steady_clock::time_point system_clock::now() {
  return std::chrono::steady_clock::now();
}

unix_seconds system_clock::unix_time() {
  return std::time(nullptr);
}

void system_clock::sleep_for(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

} // namespace v0
} // namespace stripe_return
