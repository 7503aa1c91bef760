#include "postgres/connection_pool.hpp"

#include "postgres/postgres_failure.hpp"
#include "postgres/schema.hpp"

#include <iterator>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

connection_pool::lease connection_pool::take() {
  const time_point until = std::chrono::steady_clock::now() + options_.connect_timeout;
  const auto most = static_cast<std::size_t>(options_.connections);
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (!free_.empty()) {
      connections last;
      last.splice(last.end(), free_, std::prev(free_.end()));
      if (last.front().has_no_pending_input()) return lease(*this, std::move(last));
      --open_;
      lock.unlock();
      last.clear(); // which may take a while
      lock.lock();
    } else if (open_ < most) {
      ++open_;
      lock.unlock();
      return lease(*this, make(until));
    } else if (changed_.wait_until(lock, until) == std::cv_status::timeout && free_.empty() &&
               open_ >= most) {
      throw postgres_failure(error{
          error_code::store_unavailable,
          "All connections to PostgreSQL are in use: allow more, or find out what holds them."});
    }
  }
}

connection_pool::connections connection_pool::make(time_point until) {
  connections made;
  try {
    migrate(made.emplace_back(options_, until), options_.schema);
  } catch (...) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      --open_;
    }
    changed_.notify_all();
    throw;
  }
  return made;
}

void connection_pool::give_back(connections& given) noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (given.front().reusable()) {
      free_.splice(free_.end(), given);
    } else {
      // What broke one has most likely broken those that were free meanwhile.
      if (given.front().broken()) given.splice(given.end(), free_);
      open_ -= given.size();
    }
  }
  changed_.notify_all();
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
