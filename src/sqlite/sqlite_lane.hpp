// A connection that threads take turns with.
#pragma once

#include "sqlite/sqlite_connection.hpp"
#include "sqlite/sqlite_failure.hpp"

#include <stripe_return/core/result.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

class sqlite_lane {
public:
  sqlite_lane(std::string path, std::chrono::milliseconds busy_timeout)
      : path_(std::move(path)), busy_timeout_(busy_timeout) {}

  // What `work` returns, or why it failed. It gets a connection that is ready.
  template <class Work>
  auto with(const Work& work) -> result<decltype(work(std::declval<sqlite_connection&>()))> {
    const std::unique_lock<std::timed_mutex> turn(mutex_, busy_timeout_);
    if (!turn) return error{error_code::store_unavailable, "the store is busy with other threads"};
    try {
      return work(opened());
    } catch (const sqlite_failure& failure) {
      if (failure.reopen()) connection_.reset();
      return failure.told();
    }
  }

private:
  sqlite_connection& opened();

  std::string path_;
  std::chrono::milliseconds busy_timeout_;
  std::timed_mutex mutex_;
  std::optional<sqlite_connection> connection_;
};

} // namespace v0
} // namespace stripe_return
