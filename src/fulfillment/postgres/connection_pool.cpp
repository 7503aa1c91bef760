#include "fulfillment/postgres/connection_pool.hpp"

#include "fulfillment/postgres/schema.hpp"

#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

result<connection_pool::lease> connection_pool::take() {
  const time_point until = std::chrono::steady_clock::now() + options_.connect_timeout;
  const auto most = static_cast<std::size_t>(options_.connections);
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (!free_.empty()) {
      std::unique_ptr<connection> last = std::move(free_.back());
      free_.pop_back();
      if (last->quiet()) return lease(*this, std::move(last));
      --open_;
      lock.unlock();
      last.reset(); // which may take a while
      lock.lock();
    } else if (open_ < most) {
      ++open_;
      lock.unlock();
      return make(until);
    } else if (changed_.wait_until(lock, until) == std::cv_status::timeout && free_.empty() &&
               open_ >= most) {
      return error{
          error_code::store_unavailable,
          "All connections to PostgreSQL are in use: allow more, or find what holds them."};
    }
  }
}

result<connection_pool::lease> connection_pool::make(time_point until) {
  // However this ends, an exception included, the place is free again or taken by a lease.
  struct place {
    connection_pool* pool;
    ~place() {
      if (pool != nullptr) pool->leave(1);
    }
  } kept{this};
  result<std::unique_ptr<connection>> opened = connection::open(options_, until);
  if (!opened) return std::move(opened).error();
  if (std::optional<error> refused = bring_up_to_date(**opened, options_.schema))
    return *std::move(refused);
  kept.pool = nullptr;
  return lease(*this, *std::move(opened));
}

void connection_pool::give_back(std::unique_ptr<connection> given) {
  connections closed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (given->fit()) {
      free_.push_back(std::move(given));
    } else {
      // What broke one has most likely broken those that were free meanwhile.
      if (given->broken()) closed.swap(free_);
      closed.push_back(std::move(given));
      open_ -= closed.size();
    }
  }
  changed_.notify_all();
}

void connection_pool::leave(std::size_t closed) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ -= closed;
  }
  changed_.notify_all();
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
