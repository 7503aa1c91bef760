#include "fulfillment/sqlite/sqlite_lane.hpp"

#include "fulfillment/sqlite/sqlite_schema.hpp"

namespace stripe_return {
inline namespace v0 {

bool sqlite_lane::take() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!left_.wait_for(lock, busy_timeout_, [this] { return !taken_; })) return false;
  taken_ = true;
  return true;
}

void sqlite_lane::leave() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    taken_ = false;
  }
  left_.notify_one();
}

sqlite_connection& sqlite_lane::opened() {
  if (!connection_) {
    // To SQLite these are databases that each connection has for itself.
    if (path_.empty() || path_ == ":memory:") {
      throw sqlite_failure({error_code::invalid_option,
                            "The path of an SQLite store must be a file's: in memory there is "
                            "memory_store."});
    }
    sqlite_connection fresh(path_, busy_timeout_);
    prepare_sqlite_file(fresh);
    connection_ = std::move(fresh);
  }
  return *connection_;
}

} // namespace v0
} // namespace stripe_return
