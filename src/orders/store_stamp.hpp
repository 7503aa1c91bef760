// What a store is: an id, by which it is told from every other one, and a mode, whose orders it
// keeps.
#pragma once

#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/orders/order_store.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// The store's id; on first use one is made. Copies of a store that are used side by side have the
// same: a restored backup is the same store.
result<std::string> store_id(order_store& store);

// The mode whose orders the store keeps; none: it has not been used yet.
result<std::optional<livemode>> store_livemode(order_store& store);

// On first use the mode is kept. Error: wrong_store for the other mode.
result<void> use_store_for(order_store& store, livemode mode);

// When a reconciliation was last complete; none: never.
result<std::optional<unix_seconds>> last_reconciled(order_store& store);
result<void> keep_reconciled(order_store& store, unix_seconds now);

} // namespace orders
} // namespace v0
} // namespace stripe_return
