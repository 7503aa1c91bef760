// What a session names, read once for the decision and for order_number_of().
#pragma once

#include <stripe_return/core/order_naming.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

// Views into the session.
struct named_order {
  std::string_view number; // the first that is there; empty: none is
  bool conflict = false;   // another place names another number
  std::string_view shop;   // likewise, and empty
};

named_order named_by(const checkout_session& session, const order_naming& naming) noexcept;

} // namespace v0
} // namespace stripe_return
