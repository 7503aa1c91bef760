// A connection that threads take turns with.
#pragma once

#include "sqlite/sqlite_connection.hpp"
#include "sqlite/sqlite_failure.hpp"

#include <stripe_return/core/result.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

class locked_connection {
public:
  locked_connection(std::string path, std::chrono::milliseconds busy_timeout)
      : path_(std::move(path)), busy_timeout_(busy_timeout) {}

  // What `work` returns, or why it failed. It gets a connection that is ready.
  template <class Work>
  auto with(const Work& work) -> result<decltype(work(std::declval<sqlite_connection&>()))> {
    try {
      const turn mine(*this);
      try {
        return work(opened());
      } catch (const sqlite_failure& failure) {
        if (failure.reopen()) connection_.reset();
        throw;
      }
    } catch (sqlite_failure& failure) {
      return failure.take();
    } catch (const std::bad_alloc&) { // the message needs no memory of its own
      return error{error_code::store_unavailable, "Out of memory."};
    }
  }

private:
  struct turn {
    explicit turn(locked_connection& connection) : of(connection) { of.take(); }
    ~turn() { of.leave(); }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    locked_connection& of;
  };
  void take();
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
