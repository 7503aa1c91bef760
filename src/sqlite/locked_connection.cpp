#include "sqlite/locked_connection.hpp"

#include "sqlite/schema.hpp"

namespace stripe_return {
inline namespace v0 {

void locked_connection::take() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!left_.wait_for(lock, busy_timeout_, [this] { return !taken_; })) {
    throw sqlite_failure(
        {error_code::store_unavailable,
         "The store has been busy with other threads for too long: try again later."});
  }
  taken_ = true;
}

void locked_connection::leave() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    taken_ = false;
  }
  left_.notify_one();
}

sqlite_connection& locked_connection::opened() {
  if (!connection_) {
    // To SQLite these are databases that each connection has for itself.
    if (path_.empty() || path_ == ":memory:") {
      throw sqlite_failure({error_code::invalid_option,
                            "The path of an SQLite store must name a file: use "
                            "memory_store to keep orders in memory."});
    }
    sqlite_connection fresh(path_, busy_timeout_);
    prepare_file(fresh);
    connection_ = std::move(fresh);
  }
  return *connection_;
}

} // namespace v0
} // namespace stripe_return
