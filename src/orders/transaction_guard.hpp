// Whoever writes in a store's transaction must not call a service: it would wait for itself.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// The writes, with a mark on this thread while they are made. None stays none.
transaction_writes guarded(transaction_writes writes);

// inside_transaction, where this thread is making such writes.
std::optional<error> refuse_inside_transaction();

} // namespace orders
} // namespace v0
} // namespace stripe_return
