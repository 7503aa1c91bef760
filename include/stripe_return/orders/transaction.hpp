/// @file
/// A store's transaction, as the application's own writes see it.
#pragma once

#include <stripe_return/export.hpp>

#include <functional>

namespace stripe_return {
inline namespace v0 {

/// The transaction that a store has open. Each store's header has a function that takes its own
/// connection out of it, such as sqlite_connection_of().
class STRIPE_RETURN_EXPORT transaction {
public:
  /// For stores. `store_kind` is the address of any object that tells this kind of store from all
  /// others.
  transaction(const void* store_kind, void* connection) noexcept
      : store_kind_(store_kind), connection_(connection) {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// The connection, if this is a transaction of that kind of store; else null.
  void* connection_of(const void* store_kind) const noexcept {
    return store_kind == store_kind_ ? connection_ : nullptr;
  }

private:
  const void* store_kind_;
  void* connection_;
};

/// Writes of the application, in the store's transaction. It neither commits nor rolls back, and
/// does not call the store. False, or an exception, undoes the whole transaction. It may be called
/// again where the store has to repeat the transaction.
using transaction_writes = std::function<bool(transaction&)>;

} // namespace v0
} // namespace stripe_return
