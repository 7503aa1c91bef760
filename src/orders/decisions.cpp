#include "orders/decisions.hpp"

#include "orders/settle.hpp"
#include "orders/tasks.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

// Nothing but that the payment is less than it was, before the order is handed over.
bool is_doubt(const review_item& item) {
  return std::all_of(item.reasons.begin(), item.reasons.end(), [](reason each) {
    return each == reason::partially_captured || each == reason::payment_refunded ||
           each == reason::payment_disputed;
  });
}

void end_claim(order_record& order) {
  ++order.fencing_token; // whoever still works on it is too late
  order.claim.reset();
  order.retry_count = 0;
  order.next_try_at = 0;
}

void make_due(order_record& order, const std::string& session_id, unix_seconds now) {
  end_claim(order);
  order.stage = order_stage::due;
  order.due_since = now;
  order.paid_session = session_id;
  order.pinned = false;
}

void make_canceled(order_record& order, const circumstances& at) {
  end_claim(order);
  const std::vector<session_conclusion> found = conclude(order, at);
  for (std::size_t i = 0; i != found.size(); ++i) {
    const std::vector<reason>& why = found[i].disagreements;
    const bool of_test = std::find(why.begin(), why.end(), reason::livemode_mismatch) != why.end();
    if (found[i].money == session_money::in && !of_test)
      give_back(order, order.sessions[i], at.now);
  }
  // Stock is released once, whatever became of the order since.
  order.stage = order.released_at == 0 ? order_stage::canceled : order_stage::released;
  order.canceled_at = at.now;
}

// When the session can be paid no more, as far as it says.
unix_seconds end_of(const session_facts& facts) {
  if (facts.expired) return facts.expired->recovery_expires_at.value_or(0);
  return facts.checkout ? facts.checkout->expires_at.value_or(0) : 0;
}

struct still_open {
  bool unknown = false;
  bool paid = false;
  bool payable = false;
  bool on_its_way = false;
  unix_seconds until = 0;
};

still_open what_is_open(const order_record& order, const circumstances& at) {
  still_open open;
  const std::vector<session_conclusion> found = conclude(order, at);
  for (std::size_t i = 0; i != found.size(); ++i) {
    const session_facts& facts = order.sessions[i].facts;
    if (found[i].unclear || found[i].money == session_money::unknown) open.unknown = true;
    switch (found[i].money) {
    case session_money::none:
    case session_money::gone_back:
    case session_money::unknown: break;
    case session_money::can_still_come:
      open.payable = true;
      open.until = std::max(open.until, end_of(facts));
      break;
    case session_money::on_its_way:
    case session_money::authorized:
      open.on_its_way = true;
      open.until = std::max(open.until, order.next_poll_at);
      break;
    case session_money::in: open.paid = open.paid || !found[i].rejected; break;
    }
  }
  if (const checkout_attempt* lost = open_attempt(order)) {
    open.payable = true;
    open.until = std::max(open.until, lost_since(*lost));
  }
  return open;
}

session_money money_of_session(const order_record& order, const std::string& session_id,
                               const circumstances& at) {
  const std::vector<session_conclusion> found = conclude(order, at);
  for (std::size_t i = 0; i != found.size(); ++i)
    if (order.sessions[i].facts.id == session_id) return found[i].money;
  return session_money::none;
}

void accept(order_record& order, const review_item& item, const circumstances& at) {
  if (order_session* session = find_session(order, item.session_id);
      session != nullptr && has(item, reason::session_not_found))
    session->given_up = true;
  if (item.session_id.empty()) {
    order.retry_count = 0;
    order.next_try_at = 0;
  }
  const bool over = order.stage == order_stage::closed || order.stage == order_stage::canceled ||
                    order.stage == order_stage::released;
  // Money that is only on its way is waited for: it makes another item when it is in.
  if (over && money_of_session(order, item.session_id, at) == session_money::in)
    make_due(order, item.session_id, at.now);
}

void reject(order_record& order, const review_item& item, const circumstances& at) {
  if (has(item, reason::release_gave_up)) {
    order.stage = order_stage::released;
    order.released_at = at.now;
    end_claim(order);
    return;
  }
  const bool of_task = has(item, reason::fulfill_gave_up);
  const bool of_due = order.stage == order_stage::due && item.session_id == order.paid_session;
  if (of_task || of_due || (order.stage == order_stage::open && is_doubt(item)))
    return make_canceled(order, at);
  if (order.stage == order_stage::fulfilled && is_doubt(item))
    if (const order_session* session = find_session(order, item.session_id))
      give_back(order, *session, at.now);
}

} // namespace

decided<close_result> close(const order_record& order, const std::string& who,
                            const circumstances& at) {
  const still_open open = what_is_open(order, at);
  if (order.stage == order_stage::due || order.stage == order_stage::fulfilled || open.paid)
    return {close_result::paid};
  if (open.unknown) return {close_result::unknown};
  if (open.payable || open.on_its_way) return {close_result::not_yet, std::nullopt, open.until};
  if (order.stage != order_stage::open) return {close_result::closed};
  step changed = begin_step(order, at, who, history_action::closed);
  changed.order.stage = order_stage::closed;
  end_claim(changed.order);
  return {close_result::closed, end_step(std::move(changed), at)};
}

decided<cancel_result> cancel(const order_record& order, const std::string& who,
                              const circumstances& at) {
  if (is_claimed(order, at.now)) return {cancel_result::claimed};
  if (order.stage == order_stage::fulfilled) return {cancel_result::fulfilled};
  const still_open open = what_is_open(order, at);
  if (open.unknown) return {cancel_result::unknown};
  if (open.payable) return {cancel_result::still_payable, std::nullopt, open.until};
  if (order.stage != order_stage::open && order.stage != order_stage::due)
    return {cancel_result::canceled};
  step changed = begin_step(order, at, who, history_action::canceled);
  make_canceled(changed.order, at);
  return {cancel_result::canceled, end_step(std::move(changed), at)};
}

decided<mark_result> mark_fulfilled(const order_record& order, fulfilled_by how,
                                    const std::string& session_id, const std::string& who,
                                    const circumstances& at) {
  if (is_claimed(order, at.now)) return {mark_result::claimed};
  if (order.stage == order_stage::fulfilled) return {mark_result::already_fulfilled};
  step changed = begin_step(order, at, who, history_action::marked_fulfilled, session_id);
  order_record& marked = changed.order;
  end_claim(marked);
  const bool keeps_its_session = how == fulfilled_by::unknown && order.stage == order_stage::due;
  if (!keeps_its_session) marked.paid_session = session_id;
  marked.pinned = how != fulfilled_by::unknown || keeps_its_session;
  marked.stage = order_stage::fulfilled;
  marked.fulfilled_by = how;
  for (review_item& each : marked.review_items) {
    if (each.state != review_state::open || each.session_id != session_id || session_id.empty())
      continue;
    each.state = review_state::accepted; // this person has seen what it is
    each.resolved_at = at.now;
    each.by = who;
  }
  return {mark_result::marked, end_step(std::move(changed), at)};
}

decided<resolve_result> resolve(const order_record& order, const verdict_on& what,
                                const circumstances& at) {
  const review_item* item = find_item(order, what.review_id);
  if (item == nullptr) return {resolve_result::nothing_to_decide};
  if (item->state != review_state::open)
    return {item->state == review_state::closed ? resolve_result::changed_meanwhile
                                                : resolve_result::nothing_to_decide};
  if (is_claimed(order, at.now)) return {resolve_result::claimed};
  const bool accepted = what.verdict == review_verdict::accept;
  const order_session* session = find_session(order, item->session_id);
  const bool other_account =
      has(*item, reason::account_mismatch) &&
      (what.account.empty() || session == nullptr ||
       observation_of(session->facts, at.naming).session.account != what.account);
  if (accepted ? has(*item, reason::livemode_mismatch) || other_account
               : has(*item, reason::session_not_found))
    return {resolve_result::refused};

  step changed =
      begin_step(order, at, what.who,
                 accepted ? history_action::accepted : history_action::rejected, item->session_id);
  changed.entry.reasons = item->reasons;
  changed.entry.note = what.note;
  for (review_item& each : changed.order.review_items) {
    if (each.id != what.review_id) continue;
    each.state = accepted ? review_state::accepted : review_state::rejected;
    each.resolved_at = at.now;
    each.by = what.who;
    each.note = what.note;
  }
  if (accepted)
    accept(changed.order, *item, at);
  else
    reject(changed.order, *item, at);
  return {resolve_result::done, end_step(std::move(changed), at)};
}

std::optional<step> mark_refunded(const order_record& order, const std::string& session_id,
                                  const std::string& who, const circumstances& at) {
  step changed = begin_step(order, at, who, history_action::marked_refunded, session_id);
  bool any = false;
  for (give_back_entry& each : changed.order.to_give_back) {
    if (each.session_id != session_id || !is_to_be_given_back(each)) continue;
    each.ended_at = at.now;
    each.by = who;
    any = true;
  }
  if (!any) return std::nullopt;
  return end_step(std::move(changed), at);
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
