#include "orders/transaction_guard.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

thread_local int writes_on_this_thread = 0;

struct mark {
  mark() noexcept { ++writes_on_this_thread; }
  ~mark() { --writes_on_this_thread; }
  mark(const mark&) = delete;
  mark& operator=(const mark&) = delete;
};

} // namespace

transaction_writes guarded(transaction_writes writes) {
  if (!writes) return writes;
  return [writes = std::move(writes)](transaction& open) {
    const mark here;
    return writes(open);
  };
}

std::optional<error> refuse_inside_transaction() {
  if (writes_on_this_thread == 0) return std::nullopt;
  return error{error_code::inside_transaction, "Writes in the store's transaction must not call "
                                               "the order service: call it before or afterwards."};
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
