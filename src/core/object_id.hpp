// Ids of Stripe's objects: https://docs.stripe.com/api. How long they are, and with what they
// begin, is Stripe's own affair.
#pragma once

#include "core/ascii.hpp"

#include <string_view>

namespace stripe_return {
inline namespace v0 {

inline bool is_object_id(std::string_view text) noexcept {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return !text.empty() && text.size() <= 255 &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

inline bool is_account_id(std::string_view text) noexcept {
  constexpr std::string_view begin = "acct_";
  return is_object_id(text) && text.size() > begin.size() && starts_with(text, begin) &&
         text.find('_', begin.size()) == std::string_view::npos;
}

} // namespace v0
} // namespace stripe_return
