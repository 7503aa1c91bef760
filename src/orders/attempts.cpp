#include "orders/attempts.hpp"

#include "orders/observing.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

checkout_attempt* find_attempt(order_record& order, int number) {
  for (checkout_attempt& each : order.attempts)
    if (each.number == number) return &each;
  return nullptr;
}

// With what is known of it as a payment of no order.
order_session& find_or_add(order_record& order, const std::string& id,
                           const std::vector<order_record>& unmatched) {
  if (order_session* known = find_session(order, id)) return *known;
  order_session added;
  added.facts.id = id;
  for (const order_record& each : unmatched) {
    if (each.sessions.empty() || each.sessions.front().facts.id != id) continue;
    keep_verdicts(order, each);
    added.facts = each.sessions.front().facts;
  }
  order.sessions.push_back(std::move(added));
  return order.sessions.back();
}

} // namespace

checkout_plan plan_checkout(const order_record& order, const circumstances& at) {
  checkout_plan plan;
  if (order.stage != order_stage::open || order.expectations.empty()) return plan;
  const std::vector<session_conclusion> found = conclude(order, at);
  for (std::size_t i = 0; i != found.size(); ++i) {
    const order_session& session = order.sessions[i];
    const session_conclusion& each = found[i];
    if (has_money(each.money)) return {};
    if (each.money == session_money::unknown || each.unclear)
      plan = {checkout_choice::ask, session.facts.id, 0};
    if (each.money != session_money::can_still_come || plan.choice == checkout_choice::ask)
      continue;
    // Nobody is sent to a session that disagrees. It has to end first, or to be accepted.
    if (!each.disagreements.empty() && !each.waived) return {};
    const bool expired = session.facts.expired.has_value();
    plan = {expired ? checkout_choice::recover : checkout_choice::reuse, session.facts.id, 0};
  }
  if (plan.choice == checkout_choice::ask) return plan;
  const pay_again answer = pay_again_of(order, at);
  if (answer == pay_again::no) return {};
  // Beside any other session, that one could be paid as well.
  if (const checkout_attempt* lost = open_attempt(order)) {
    if (at.now < lost_since(*lost)) return {checkout_choice::wait, {}, lost_since(*lost)};
    return {checkout_choice::look, {}, 0};
  }
  if (plan.choice != checkout_choice::none) {
    if (answer != pay_again::yes) plan.choice = checkout_choice::ask;
    return plan;
  }
  if (order.pay_until && at.now >= *order.pay_until) return {};
  plan.choice = checkout_choice::begin;
  return plan;
}

step expect(const expected_order& expected, std::optional<unix_seconds> pay_until,
            const std::string& who, const circumstances& at,
            const std::vector<order_record>& unmatched) {
  order_record fresh;
  fresh.out_trade_no = expected.out_trade_no;
  fresh.created_at = at.now;
  fresh.pay_until = pay_until;
  step changed = begin_step(fresh, at, who, history_action::expected);
  changed.order.expectations = {expected};
  for (const std::string& each : expected.session_ids)
    find_or_add(changed.order, each, unmatched).issued = true;
  return end_step(std::move(changed), at);
}

bool same_terms(const expected_order& a, const expected_order& b) {
  return a.out_trade_no == b.out_trade_no && a.amounts == b.amounts &&
         a.amount_rule == b.amount_rule && a.mode == b.mode && a.livemode == b.livemode &&
         a.account == b.account;
}

std::optional<step> add_sessions(const order_record& order, const std::vector<std::string>& ids,
                                 const circumstances& at,
                                 const std::vector<order_record>& unmatched) {
  step changed = begin_step(order, at, "application", history_action::expected);
  std::vector<std::string>& named = changed.order.expectations.back().session_ids;
  bool any = false;
  for (const std::string& each : ids) {
    order_session& session = find_or_add(changed.order, each, unmatched);
    if (session.issued) continue;
    session.issued = any = true;
    named.push_back(each);
  }
  if (!any) return std::nullopt;
  return end_step(std::move(changed), at);
}

step reprice(const order_record& order, const expected_order& expected, const circumstances& at) {
  step changed = begin_step(order, at, "application", history_action::repriced);
  changed.order.expectations.push_back(expected);
  return end_step(std::move(changed), at);
}

step begin_attempt(const order_record& order, unix_seconds deadline, const circumstances& at) {
  step changed = begin_step(order, at, "application", history_action::attempt_begun);
  checkout_attempt attempt;
  attempt.number = order.attempts.empty() ? 1 : order.attempts.back().number + 1;
  attempt.started_at = at.now;
  attempt.deadline = deadline;
  attempt.expectation = static_cast<int>(order.expectations.size()) - 1;
  changed.order.attempts.push_back(std::move(attempt));
  return end_step(std::move(changed), at);
}

step issue_session(const order_record& order, int attempt, const observation& seen,
                   const circumstances& at) {
  const std::string& id = seen.session.id;
  step changed = begin_step(order, at, "application", history_action::session_issued, id);
  if (checkout_attempt* begun = find_attempt(changed.order, attempt)) begun->session_id = id;
  order_session* session = find_session(changed.order, id);
  if (session == nullptr) {
    changed.order.sessions.push_back({facts_of(seen, at.naming)});
    session = &changed.order.sessions.back();
  } else {
    session->facts = join(session->facts, facts_of(seen, at.naming));
  }
  session->attempt = attempt;
  session->issued = true;
  changed.order.poll_count = 0;
  changed.order.next_poll_at = 0;
  return end_step(std::move(changed), at);
}

step end_call(const order_record& order, int attempt, const circumstances& at) {
  step changed = begin_step(order, at, "application", history_action::answer_lost);
  if (checkout_attempt* begun = find_attempt(changed.order, attempt))
    begun->deadline = std::min(begun->deadline, at.now);
  return end_step(std::move(changed), at);
}

step give_up_attempt(const order_record& order, int attempt, const circumstances& at) {
  step changed = begin_step(order, at, "application", history_action::attempt_given_up);
  if (checkout_attempt* begun = find_attempt(changed.order, attempt)) begun->given_up = true;
  return end_step(std::move(changed), at);
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
