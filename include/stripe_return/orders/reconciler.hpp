/// @file
/// Finds out what nobody told.
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

struct reconcile_budget {
  std::chrono::milliseconds time{60000}; ///< nothing is begun after it
  int requests = 600;                    ///< 3 or more: each phase has its share
};

/// What could not be read or asked, and was put off.
struct reconcile_failure {
  std::string phase;   ///< `events`, `sessions` or `polls`; empty: it could not begin
  std::string subject; ///< of a poll the order's number; else a session's id, where there is one
  error failure;
};

struct [[nodiscard]] reconcile_report {
  int requests = 0;
  int observations = 0;  ///< that said something new
  int unmatched = 0;     ///< payments that belong to no order and were not known
  int polled = 0;        ///< orders that were asked about one by one
  int ended = 0;         ///< sessions that were ended, since their order is paid or over
  int unreadable = 0;    ///< rows and events that cannot be read: passed over
  bool complete = false; ///< nothing is left to read now but what was put off
  bool blind = false;    ///< the key may not read events
  std::vector<reconcile_failure> failures; ///< at most 100

  bool done() const noexcept { return complete && failures.empty() && !blind; }
};

/// Reads Stripe's lists of events and sessions for what no return and no webhook has told, asks
/// about open orders one by one, and ends the sessions that nobody is to pay any more. Its requests
/// are call_priority::background. Run it every few minutes, in one process or in several.
class STRIPE_RETURN_EXPORT reconciler {
public:
  explicit reconciler(order_service orders);

  reconcile_report run(reconcile_budget budget = {});
  /// All sessions made since then, for a shop that moves in or a store that was restored. Call it
  /// again until the report says complete.
  reconcile_report backfill_since(unix_seconds created, reconcile_budget budget = {});

private:
  class pass; // one call

  order_service orders_;
};

} // namespace v0
} // namespace stripe_return
