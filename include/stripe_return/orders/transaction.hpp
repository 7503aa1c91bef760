/// @file
/// transaction: the store's transaction, for the application's own writes.
#pragma once

#include <stripe_return/export.hpp>

#include <functional>

namespace stripe_return {
inline namespace v0 {

/// The transaction that a store has open. The header of each store has a function that returns the
/// store's connection, such as sqlite_connection_of().
class STRIPE_RETURN_EXPORT transaction {
public:
  /// For the implementation of a store. `store_kind` is the address of any object that identifies
  /// this kind of store.
  transaction(const void* store_kind, void* connection) noexcept
      : store_kind_(store_kind), connection_(connection) {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Returns the connection if the transaction belongs to that kind of store, else null.
  void* connection_of(const void* store_kind) const noexcept {
    return store_kind == store_kind_ ? connection_ : nullptr;
  }

private:
  const void* store_kind_;
  void* connection_;
};

/// The application's writes in the store's transaction. They must neither commit nor roll back, and
/// must not call the store. If they return false or throw, the whole transaction is rolled back.
/// They may run again if the store has to repeat the transaction.
using transaction_writes = std::function<bool(transaction&)>;

} // namespace v0
} // namespace stripe_return
