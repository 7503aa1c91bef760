#pragma once

#include <stripe_return/core/checkout_session.hpp>

// Compares sessions field by field.
namespace fuzz {

using stripe_return::checkout_session;
using stripe_return::line_item;
using stripe_return::line_item_page;
using stripe_return::secret;
using stripe_return::session_currency_conversion;
using stripe_return::session_payment_intent;
using stripe_return::session_recovery;

inline bool same(const secret& a, const secret& b) {
  return a.reveal() == b.reveal();
}

template <class Word>
bool same(const stripe_return::open_enum<Word>& a, const stripe_return::open_enum<Word>& b) {
  return a.known() == b.known() && a.raw() == b.raw();
}

inline bool same(const std::optional<stripe_return::session_charge>& a,
                 const std::optional<stripe_return::session_charge>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->amount_refunded == b->amount_refunded && a->disputed == b->disputed;
}

inline bool same(const session_payment_intent& a, const session_payment_intent& b) {
  return a.id == b.id && same(a.status, b.status) && a.metadata.entries() == b.metadata.entries() &&
         same(a.latest_charge, b.latest_charge);
}

inline bool same(const session_currency_conversion& a, const session_currency_conversion& b) {
  return a.amount_subtotal == b.amount_subtotal && a.amount_total == b.amount_total &&
         a.source_currency == b.source_currency;
}

inline bool same(const session_recovery& a, const session_recovery& b) {
  return same(a.url, b.url) && a.expires_at == b.expires_at;
}

inline bool same(const line_item& a, const line_item& b) {
  return a.id == b.id && a.description == b.description && a.quantity == b.quantity &&
         a.amount_subtotal == b.amount_subtotal && a.amount_total == b.amount_total &&
         a.currency == b.currency && a.price == b.price && a.product == b.product;
}

inline bool same(const line_item_page& a, const line_item_page& b) {
  if (a.has_more != b.has_more || a.data.size() != b.data.size()) return false;
  for (std::size_t i = 0; i != a.data.size(); ++i) {
    if (!same(a.data[i], b.data[i])) return false;
  }
  return true;
}

template <class T> bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

inline bool same(const checkout_session& a, const checkout_session& b) {
  return a.id == b.id && a.object == b.object && same(a.status, b.status) &&
         same(a.payment_status, b.payment_status) && same(a.mode, b.mode) &&
         a.livemode == b.livemode && a.created == b.created && a.expires_at == b.expires_at &&
         a.amount_subtotal == b.amount_subtotal && a.amount_total == b.amount_total &&
         a.currency == b.currency && same(a.currency_conversion, b.currency_conversion) &&
         a.client_reference_id == b.client_reference_id &&
         a.metadata.entries() == b.metadata.entries() && same(a.payment_intent, b.payment_intent) &&
         a.setup_intent == b.setup_intent && a.subscription == b.subscription &&
         a.recovered_from == b.recovered_from && same(a.recovery, b.recovery) &&
         same(a.line_items, b.line_items) && same(a.url, b.url) &&
         same(a.client_secret, b.client_secret) && a.account == b.account &&
         a.of_own_account == b.of_own_account;
}

} // namespace fuzz
