/// @file
/// What one call of the API may have of its own.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Which call goes first where not all can, and which is refused where too many wait: see
/// client_options. What anybody can send must not keep back what matters.
enum class call_priority : unsigned char {
  known,      ///< the application knows the session, or makes it
  webhook,    ///< Stripe asked for it
  unknown,    ///< an id that anybody may have sent
  background, ///< nobody waits for it
};

STRIPE_RETURN_EXPORT std::string_view to_string(call_priority priority) noexcept;

// The constructors are declared because g++ 12 frees an aggregate twice that a coroutine makes of
// {} in a co_await.

struct call_options {
  call_options() = default;
  std::string account; ///< in place of client_options::account
  call_priority priority = call_priority::known;
  std::optional<std::chrono::milliseconds> deadline; ///< in place of the client's; up to 10 min
};

struct retrieve_options : call_options {
  retrieve_options() = default;
  bool line_items = false;    ///< fetch the first page of them along
  bool latest_charge = false; ///< fetch the PaymentIntent's along, for refunds and disputes
};

/// Of one page.
struct page_options : call_options {
  page_options() = default;
  std::string starting_after; ///< the id of the last one of the page before; empty: the first page
};

struct list_options : page_options {
  list_options() = default;
  unix_seconds created_since = 0; ///< those made then or later
};

} // namespace v0
} // namespace stripe_return
