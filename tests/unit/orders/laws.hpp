// What holds of every order, whatever became of it.
#pragma once

#include "an_order.hpp"

#include "orders/order_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace an_order {

inline bool asks_about(const sr::order_record& order, const std::string& session) {
  for (const sr::review_item& each : order.review_items)
    if (each.session_id == session && each.state == sr::review_state::open) return true;
  return false;
}
inline bool gives_back(const sr::order_record& order, const std::string& session) {
  for (const sr::give_back_entry& each : order.to_give_back)
    if (each.session_id == session && !each.ended_at) return true;
  return false;
}
// A person has accepted it, or has rejected what nothing can be given back of.
inline bool was_resolved(const sr::order_record& order, const sr::session_facts& facts) {
  for (const sr::review_item& each : order.review_items) {
    if (each.session_id != facts.id || !each.with_money) continue;
    const bool of_test =
        std::count(each.reasons.begin(), each.reasons.end(), sr::reason::livemode_mismatch) != 0;
    if (each.state == sr::review_state::accepted ||
        (each.state == sr::review_state::rejected && (of_test || !rules::money_left(facts))))
      return true;
  }
  return false;
}

inline const sr::session_facts* find_facts(const sr::order_record& order,
                                           const std::string& session) {
  const sr::order_session* found = rules::find_session(order, session);
  return found == nullptr ? nullptr : &found->facts;
}

// What is wrong with the state; empty: nothing.
inline std::string fault_of(const sr::order_record& order, const rules::circumstances& now = at(),
                            bool just_changed = true) {
  const auto found = rules::conclude(order, now);
  bool money = false, payable = false, unknown = false, comes = false;
  for (std::size_t i = 0; i != found.size(); ++i) {
    const std::string& id = order.sessions[i].facts.id;
    const rules::session_money here = found[i].money;
    const auto& why = found[i].disagreements;
    const bool of_test =
        found[i].rejected && std::count(why.begin(), why.end(), sr::reason::livemode_mismatch) != 0;
    if (of_test) continue; // a person has said that it is no money
    money = money || rules::has_money(here);
    payable = payable || here == rules::session_money::can_still_come;
    unknown = unknown || here == rules::session_money::unknown;
    comes = comes || here == rules::session_money::on_its_way ||
            here == rules::session_money::authorized;
    const bool fulfills =
        (order.stage == sr::order_stage::due || order.stage == sr::order_stage::fulfilled) &&
        order.paid_session == id;
    const bool unpaid =
        here == rules::session_money::none || here == rules::session_money::can_still_come ||
        here == rules::session_money::on_its_way || here == rules::session_money::authorized;
    if (fulfills && unpaid && order.fulfilled_by == sr::fulfilled_by::worker)
      return "it is handed over, and " + id + " is not paid";
    if (here == rules::session_money::in && !fulfills && !asks_about(order, id) &&
        !gives_back(order, id) && !was_resolved(order, order.sessions[i].facts))
      return "nobody knows of the money of " + id;
  }
  if (rules::pay_again_of(order, now) == sr::pay_again::yes &&
      (money || unknown || order.stage != sr::order_stage::open))
    return "the customer may pay again";
  const bool may_release = rules::may_release(order, now);
  if (may_release && (payable || unknown || comes)) return "stock may be given back";
  if (just_changed && !order.claim && !may_release && rules::is_for_worker(order) &&
      rules::task_of(order) == sr::task_kind::release)
    return "a worker gives back stock that is to be kept";
  const sr::order_row row = row_of(order);
  const bool final = order.waits_for == sr::waits_for::nothing;
  if (!final && !row.index.time(sr::order_list::waiting)) return "no list shows it";
  bool asked = false;
  for (const sr::review_item& each : order.review_items)
    asked = asked || each.state == sr::review_state::open;
  if (asked != row.index.time(sr::order_list::review).has_value())
    return "the list of reviews does not show it";
  const auto again = parse_order_row(row);
  if (!again || to_text(*again) != row.text) return "its text does not come back";
  sr::order_record settled = order;
  rules::settle(settled, now);
  if (just_changed && to_text(settled) != to_text(order)) return "it was not settled";
  return {};
}

// A verdict on one item resolves no other one; that may close itself.
inline std::string fault_of_verdict(const sr::order_record& before, const sr::order_record& after,
                                    const std::string& review_id) {
  for (const sr::review_item& each : before.review_items) {
    if (each.id == review_id || each.state != sr::review_state::open) continue;
    const sr::review_item* then = rules::find_item(after, each.id);
    if (then == nullptr || then->state == sr::review_state::accepted ||
        then->state == sr::review_state::rejected)
      return "a verdict on " + review_id + " resolved " + each.id;
  }
  return {};
}

} // namespace an_order
