// The fields of everything that is kept, each with its key: one table for writing and for reading.
#pragma once

#include <stripe_return/orders/order_record.hpp>

#include <type_traits>

namespace stripe_return {
inline namespace v0 {

// `Self` is T or const T.
template <class Self, class T>
using self_is = std::enable_if_t<std::is_same_v<std::remove_const_t<Self>, T>, int>;

template <class Self, class Visit, self_is<Self, observed_at> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("time", x.time);
  visit("clock", x.clock);
}

template <class Self, class Visit, self_is<Self, session_currency_conversion> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("amount_subtotal", x.amount_subtotal);
  visit("amount_total", x.amount_total);
  visit("source_currency", x.source_currency);
}

template <class Self, class Visit, self_is<Self, checkout_facts> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("at", x.at);
  visit("status", x.status);
  visit("payment_status", x.payment_status);
  visit("mode", x.mode);
  visit("created", x.created);
  visit("expires_at", x.expires_at);
  visit("amount_subtotal", x.amount_subtotal);
  visit("amount_total", x.amount_total);
  visit("currency", x.currency);
  visit("currency_conversion", x.currency_conversion);
  visit("out_trade_no", x.out_trade_no);
  visit("shop", x.shop);
  visit("checkout_attempt", x.checkout_attempt);
  visit("client_reference_id", x.client_reference_id);
  visit("recovered_from", x.recovered_from);
  visit("payment_intent", x.payment_intent);
  visit("has_recovery_url", x.has_recovery_url);
  visit("recovery_expires_at", x.recovery_expires_at);
  visit("account", x.account);
  visit("of_own_account", x.of_own_account);
  visit("livemode", x.livemode);
  visit("key_livemode", x.key_livemode);
}

template <class Self, class Visit, self_is<Self, charge_facts> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("at", x.at);
  visit("amount_refunded", x.amount_refunded);
  visit("disputed", x.disputed);
}

template <class Self, class Visit, self_is<Self, payment_intent_facts> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("id", x.id);
  visit("at", x.at);
  visit("status", x.status);
  visit("amount", x.amount);
  visit("amount_received", x.amount_received);
  visit("out_trade_no", x.out_trade_no);
  visit("shop", x.shop);
  visit("latest_charge", x.latest_charge);
}

template <class Self, class Visit, self_is<Self, permission_facts> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("at", x.at);
  visit("payment_intent_permitted", x.payment_intent_permitted);
}

template <class Self, class Visit, self_is<Self, session_facts> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("id", x.id);
  visit("checkout", x.checkout);
  visit("expired", x.expired);
  visit("unrecognized", x.unrecognized);
  visit("complete_since", x.complete_since);
  visit("payment_intents", x.payment_intents);
  visit("async_payment_failed", x.async_payment_failed);
  visit("permission", x.permission);
  visit("recovery_chain", x.recovery_chain);
  visit("not_found", x.not_found);
}

template <class Self, class Visit, self_is<Self, expected_order> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("amounts", x.amounts);
  visit("amount_rule", x.amount_rule);
  visit("mode", x.mode);
  visit("livemode", x.livemode);
  visit("account", x.account);
  visit("session_ids", x.session_ids);
}

template <class Self, class Visit, self_is<Self, checkout_attempt> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("number", x.number);
  visit("started_at", x.started_at);
  visit("deadline", x.deadline);
  visit("session_id", x.session_id);
  visit("given_up", x.given_up);
  visit("expectation", x.expectation);
}

template <class Self, class Visit, self_is<Self, order_session> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("facts", x.facts);
  visit("attempt", x.attempt);
  visit("issued", x.issued);
  visit("given_up", x.given_up);
}

template <class Self, class Visit, self_is<Self, review_item> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("id", x.id);
  visit("session_id", x.session_id);
  visit("reasons", x.reasons);
  visit("amounts", x.amounts);
  visit("values", x.values);
  visit("with_money", x.with_money);
  visit("opened_at", x.opened_at);
  visit("state", x.state);
  visit("resolved_at", x.resolved_at);
  visit("by", x.by);
  visit("note", x.note);
}

template <class Self, class Visit, self_is<Self, give_back_entry> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("session_id", x.session_id);
  visit("amount", x.amount);
  visit("since", x.since);
  visit("ended_at", x.ended_at);
  visit("by", x.by);
}

template <class Self, class Visit, self_is<Self, task_claim> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("kind", x.kind);
  visit("worker", x.worker);
  visit("claimed_at", x.claimed_at);
  visit("lease_expires_at", x.lease_expires_at);
}

// All but the order's number and its version, which the row has.
template <class Self, class Visit, self_is<Self, order_record> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("expectations", x.expectations);
  visit("stage", x.stage);
  visit("created_at", x.created_at);
  visit("pay_until", x.pay_until);
  visit("attempts", x.attempts);
  visit("sessions", x.sessions);
  visit("paid_session", x.paid_session);
  visit("pinned", x.pinned);
  visit("review_items", x.review_items);
  visit("to_give_back", x.to_give_back);
  visit("fencing_token", x.fencing_token);
  visit("claim", x.claim);
  visit("retry_count", x.retry_count);
  visit("next_try_at", x.next_try_at);
  visit("fulfilled_by", x.fulfilled_by);
  visit("due_since", x.due_since);
  visit("canceled_at", x.canceled_at);
  visit("released_at", x.released_at);
  visit("poll_count", x.poll_count);
  visit("next_poll_at", x.next_poll_at);
  visit("waits_for", x.waits_for);
  visit("waits_since", x.waits_since);
  visit("news_version", x.news_version);
  visit("notified_version", x.notified_version);
  visit("news_at", x.news_at);
}

template <class Self, class Visit, self_is<Self, history_entry> = 0>
void visit_fields(Self& x, Visit& visit) {
  visit("at", x.at);
  visit("who", x.who);
  visit("action", x.action);
  visit("session_id", x.session_id);
  visit("event_id", x.event_id);
  visit("outcome", x.outcome);
  visit("reasons", x.reasons);
  visit("note", x.note);
}

} // namespace v0
} // namespace stripe_return
