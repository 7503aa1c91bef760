/// @file
/// What the host does for a paid order.
#pragma once

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace stripe_return {
inline namespace v0 {

/// A paid order that this worker, and for the time being no other, is to fulfil.
struct fulfil_task {
  std::string out_trade_no;
  /// The same for every try of this order, by whatever worker: pass it on as the idempotency key of
  /// whatever is done outside.
  std::string key;
  /// Grows with every claim of the order. Something outside that remembers the greatest it has seen
  /// can refuse a worker that was taken for dead and comes back.
  std::uint64_t token = 0;
  unix_seconds lease_ends = 0; ///< then somebody else may be given the order
  std::string session_id;      ///< the session that is paid: session_client::line_items()
  expected_order expected;
  int tries = 0; ///< that ended in retry_later so far
};

enum class fulfil_result : unsigned char {
  done,        ///< it is done: the order will not be given to anybody again
  retry_later, ///< not now: after a minute, then two, and so on up to a day
  give_up,     ///< it cannot be done: a person must look
};

/// Fulfils an order. It may be called again for the same order, after a crash or when its lease ran
/// out, so what it does outside must be safe to do twice under the same key. An exception counts as
/// retry_later.
using fulfil_function = std::function<fulfil_result(const fulfil_task&)>;

/// Fulfils an order by writes in the database that the orders are kept in: they are committed
/// together with the order, so they happen exactly once. See open_transaction.
using fulfil_in_transaction =
    std::function<fulfil_result(const fulfil_task&, const open_transaction&)>;

} // namespace v0
} // namespace stripe_return
