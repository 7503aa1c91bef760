// The connections that the threads of a process share.
#pragma once

#include "postgres/connection.hpp"

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

class connection_pool {
  using connections = std::list<connection>; // whose elements move without memory

public:
  // A connection for one call: it goes back, or is closed if it is not reusable.
  class lease {
  public:
    lease(connection_pool& pool, connections taken) noexcept
        : pool_(pool), taken_(std::move(taken)) {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() { pool_.give_back(taken_); }
    connection& operator*() { return taken_.front(); }
    connection* operator->() { return &taken_.front(); }

  private:
    connection_pool& pool_;
    connections taken_;
  };

  explicit connection_pool(postgres_options options) : options_(std::move(options)) {}

  // The tables are there and of the version that the library knows. Throws postgres_failure.
  lease take();

private:
  connections make(time_point until);
  void give_back(connections& given) noexcept;

  const postgres_options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  connections free_;
  std::size_t open_ = 0; // those in use and those on their way too
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
