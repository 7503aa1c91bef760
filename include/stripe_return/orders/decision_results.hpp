/// @file
/// What comes of what the application, or a person, decides about an order.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

enum class close_result : unsigned char {
  closed,  ///< nobody can pay it any more
  not_yet, ///< somebody still can, or money is on its way
  paid,
  unknown, ///< Stripe could not be asked, or what it says is not clear
};

struct close_answer {
  close_result result = close_result::unknown;
  unix_seconds until = 0; ///< of not_yet: from then on ask again; 0: not known
};

enum class cancel_result : unsigned char {
  canceled,
  claimed,       ///< a worker is at it: ask again when its lease is over
  fulfilled,     ///< too late
  still_payable, ///< a session could not be ended yet
  unknown,       ///< Stripe could not be asked, or what it says is not clear
};

enum class mark_result : unsigned char { marked, already_fulfilled, claimed };

enum class resolve_result : unsigned char {
  done,
  nothing_to_decide, ///< there is no such item, or it was resolved before
  changed_meanwhile, ///< the item has closed itself; look whether there is another one
  claimed,
  refused, ///< this item cannot be accepted, or rejected, so
};

STRIPE_RETURN_EXPORT std::string_view to_string(close_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(cancel_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(mark_result result) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(resolve_result result) noexcept;

} // namespace v0
} // namespace stripe_return
