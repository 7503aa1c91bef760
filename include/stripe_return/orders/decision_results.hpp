/// @file
/// The results of what the application, or a person, decides about an order.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The result of order_service::close().
enum class close_result : unsigned char {
  closed,  ///< the order is closed: it can no longer be paid
  not_yet, ///< it can still be paid, or a payment is being processed
  paid,    ///< the order is paid, or fulfilled: it stays as it is
  unknown, ///< Stripe did not respond, or its response is not clear
};

/// The result of order_service::close(), and when to try again.
struct close_answer {
  close_result result = close_result::unknown;
  unix_seconds until = 0; ///< for not_yet: when to call close() again; 0: unknown
};

/// The result of order_service::cancel().
enum class cancel_result : unsigned char {
  canceled,
  claimed,       ///< a worker has claimed the order: try again when its lease has expired
  fulfilled,     ///< too late: the order is fulfilled
  still_payable, ///< a session could not be expired yet
  unknown,       ///< Stripe did not respond, or its response is not clear
};

/// The result of order_service::mark_fulfilled(). `claimed`: a worker has claimed the order.
enum class mark_result : unsigned char { marked, already_fulfilled, claimed };

/// The result of order_service::resolve().
enum class resolve_result : unsigned char {
  done,
  nothing_to_decide, ///< there is no such item, or it has been resolved already
  changed_meanwhile, ///< the item has closed by itself; see whether the order has another one
  claimed,           ///< a worker has claimed the order: try again when its lease has expired
  refused,           ///< this verdict is not possible for this item
};

STRIPE_RETURN_EXPORT std::string_view to_string(close_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(cancel_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(mark_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(resolve_result result) noexcept;

} // namespace v0
} // namespace stripe_return
