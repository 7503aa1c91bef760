/// @file
/// reconciler: finds changes at Stripe that no return and no webhook has reported.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_service.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// When a call of the reconciler ends.
struct reconcile_budget {
  std::chrono::milliseconds time{60000}; ///< no request starts after this time
  int requests = 600;                    ///< 3 or more, so that each phase gets its share
};

/// Something that could not be read or polled, and was postponed.
struct reconcile_failure {
  std::string phase;   ///< `events`, `sessions` or `polls`; empty: it failed before the first phase
  std::string subject; ///< in `polls` the order number, else a session's id; may be empty
  error failure;
};

/// What a call of the reconciler did.
struct [[nodiscard]] reconcile_report {
  int requests = 0;
  int observations = 0;  ///< those that contained something new
  int unmatched = 0;     ///< new payments that belong to no order
  int polled = 0;        ///< orders that were polled
  int ended = 0;         ///< sessions that were expired, as they must no longer be paid
  int unreadable = 0;    ///< rows and events that cannot be parsed and were skipped
  bool complete = false; ///< everything was read, except what was postponed
  bool blind = false;    ///< the key may not read events
  std::vector<reconcile_failure> failures; ///< at most 100

  /// Returns whether everything was read and nothing was postponed.
  bool done() const noexcept { return complete && failures.empty() && !blind; }
};

/// Reads Stripe's lists of events and sessions for changes that no return and no webhook has
/// reported, polls open orders one by one, and expires sessions that must no longer be paid. Its
/// requests have call_priority::background. Run it every few minutes, in one process or in several.
class STRIPE_RETURN_EXPORT reconciler {
public:
  /// Makes a reconciler, which keeps a copy of `orders`.
  explicit reconciler(order_service orders);

  /// Reads what is new since the last time, and polls the orders that are due.
  reconcile_report run(reconcile_budget budget = {});
  /// Reads all sessions that were created since `created`. Use it when you move a running shop to
  /// this library or restore a store from a backup. Call it again until the report is complete.
  reconcile_report backfill_since(unix_seconds created, reconcile_budget budget = {});

private:
  class pass; // one call

  order_service orders_;
};

} // namespace v0
} // namespace stripe_return
