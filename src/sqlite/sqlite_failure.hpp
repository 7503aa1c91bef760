// What SQLite's result codes mean for whoever called the store.
#pragma once

#include <stripe_return/core/error.hpp>

#include <exception>
#include <utility>

namespace stripe_return {
inline namespace v0 {

// Thrown inside of the store alone.
class sqlite_failure : public std::exception {
public:
  explicit sqlite_failure(error what, bool reopen = true)
      : what_(std::move(what)), reopen_(reopen) {}

  error take() noexcept { return std::move(what_); } // which needs no memory
  // Whether the connection is of no more use.
  bool reopen() const noexcept { return reopen_; }

private:
  error what_;
  bool reopen_;
};

// Throws what a code that is no success means: sqlite_failure, or std::bad_alloc.
[[noreturn]] void throw_sqlite_failure(int code);

} // namespace v0
} // namespace stripe_return
