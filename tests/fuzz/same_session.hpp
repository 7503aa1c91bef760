#pragma once

#include "session_shape.hpp"

#include <algorithm>
#include <optional>
#include <vector>

// Compares sessions field by field.
namespace fuzz {

// Those that are fields of the struct; the rest is each time named beside it.
template <class T> bool same_fields(const shape& of, const T& a, const T& b) {
  return std::all_of(of.members.begin(), of.members.end(), [&](const member& each) {
    return each.field.same == nullptr || each.field.same(&a, &b);
  });
}

template <class T>
bool same_fields(const shape& of, const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same_fields(of, *a, *b));
}

inline bool same(const stripe_return::session_payment_intent& a,
                 const stripe_return::session_payment_intent& b) {
  return same_fields(payment_intent_shape(), a, b) &&
         a.metadata.entries() == b.metadata.entries() &&
         same_fields(payment_intent_shape().inside("latest_charge"), a.latest_charge,
                     b.latest_charge);
}

inline bool same(const stripe_return::line_item& a, const stripe_return::line_item& b) {
  return same_fields(line_item_shape(), a, b) &&
         same_fields(line_item_shape().inside("price"), a, b);
}

inline bool same(const stripe_return::line_item_page& a, const stripe_return::line_item_page& b) {
  return same_fields(session_shape().inside("line_items"), a, b) &&
         std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end(),
                    [](const auto& one, const auto& other) { return same(one, other); });
}

template <class T> bool same_if_any(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

inline bool same(const stripe_return::checkout_session& a,
                 const stripe_return::checkout_session& b) {
  const shape& session = session_shape();
  return same_fields(session, a, b) && a.metadata.entries() == b.metadata.entries() &&
         same_fields(session.inside("currency_conversion"), a.currency_conversion,
                     b.currency_conversion) &&
         same_if_any(a.payment_intent, b.payment_intent) &&
         same_fields(session.inside("after_expiration").inside("recovery"), a.recovery,
                     b.recovery) &&
         same_if_any(a.line_items, b.line_items) && a.account == b.account &&
         a.of_own_account == b.of_own_account;
}

} // namespace fuzz
