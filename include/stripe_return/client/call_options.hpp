/// @file
/// The options of a single call.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// How important a call is. Important calls are sent first if client_options does not allow all at
/// once, and only calls of the last two priorities can be rejected as overloaded. Requests that
/// strangers can trigger must not delay the others.
enum class call_priority : unsigned char {
  known,      ///< the application knows the session, or is creating it
  webhook,    ///< a webhook from Stripe requires it
  unknown,    ///< for a session id that anybody may have sent
  background, ///< no customer or webhook waits for it
};

STRIPE_RETURN_EXPORT std::string_view to_string(call_priority priority) noexcept;

// The constructors are declared because g++ 12 destroys an aggregate twice that a coroutine makes
// from {} in a co_await.

/// The options of every call.
struct call_options {
  call_options() = default;
  std::string account; ///< overrides client_options::account
  call_priority priority = call_priority::known;
  /// Overrides client_options::deadline; 1 ms to 10 minutes.
  std::optional<std::chrono::milliseconds> deadline;
};

/// The options of retrieve().
struct retrieve_options : call_options {
  retrieve_options() = default;
  bool line_items = false; ///< also fetch the first page of the line items
  /// Also fetch the charge, which shows refunds and disputes. A key that may not read charges then
  /// gets no PaymentIntent either.
  bool latest_charge = false;
};

/// The options of a call that fetches one page of a list.
struct page_options : call_options {
  page_options() = default;
  std::string starting_after; ///< the last id of the page before; empty: the first page
};

/// The options of sessions_since() and events_since().
struct list_options : page_options {
  list_options() = default;
  unix_seconds created_since = 0; ///< fetch only objects that were created then or later
};

} // namespace v0
} // namespace stripe_return
