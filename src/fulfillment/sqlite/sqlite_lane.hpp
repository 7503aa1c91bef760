// A connection that threads take turns with.
#pragma once

#include "fulfillment/sqlite/sqlite_connection.hpp"
#include "fulfillment/sqlite/sqlite_failure.hpp"

#include <stripe_return/core/result.hpp>

#include <chrono>
#include <condition_variable>
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
    const turn mine(*this);
    if (!mine.taken) {
      return error{error_code::store_unavailable,
                   "The store has been busy with other threads for too long: try again later."};
    }
    try {
      return work(opened());
    } catch (const sqlite_failure& failure) {
      if (failure.reopen()) connection_.reset();
      return failure.told();
    }
  }

private:
  struct turn {
    explicit turn(sqlite_lane& lane) : taken(lane.take()), of(lane) {}
    ~turn() {
      if (taken) of.leave();
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    const bool taken;
    sqlite_lane& of;
  };
  bool take();
  void leave() noexcept;
  sqlite_connection& opened();

  std::string path_;
  std::chrono::milliseconds busy_timeout_;
  std::mutex mutex_;
  std::condition_variable left_;
  bool taken_ = false; // by the one thread that may use what follows
  std::optional<sqlite_connection> connection_;
};

} // namespace v0
} // namespace stripe_return
