// The connections that the threads of a process share.
#pragma once

#include "fulfillment/postgres/connection.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

class connection_pool {
public:
  // A connection for one call: it goes back, or is closed if it is not fit any more.
  class lease {
  public:
    lease(connection_pool& pool, std::unique_ptr<connection> taken)
        : pool_(&pool), taken_(std::move(taken)) {}
    lease(lease&&) = default;
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (taken_) pool_->give_back(std::move(taken_));
    }
    connection& operator*() const { return *taken_; }
    connection* operator->() const { return taken_.get(); }

  private:
    connection_pool* pool_;
    std::unique_ptr<connection> taken_;
  };

  explicit connection_pool(postgres_options options) : options_(std::move(options)) {}

  // The tables are there and of the version that the library knows.
  result<lease> take();

private:
  using connections = std::vector<std::unique_ptr<connection>>;

  result<lease> make(time_point until);
  void give_back(std::unique_ptr<connection> given);
  void leave(std::size_t closed);

  const postgres_options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  connections free_;
  std::size_t open_ = 0; // those in use and those on their way too
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
