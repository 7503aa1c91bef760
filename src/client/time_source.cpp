#include <stripe_return/client/time_source.hpp>

#include <ctime>
#include <thread>

namespace stripe_return {
inline namespace v0 {

time_source::~time_source() = default;

std::chrono::steady_clock::time_point system_time::now() {
  return std::chrono::steady_clock::now();
}

unix_seconds system_time::unix_time() {
  return std::time(nullptr);
}

void system_time::sleep_for(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

} // namespace v0
} // namespace stripe_return
