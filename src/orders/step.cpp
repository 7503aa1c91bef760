#include "orders/step.hpp"

#include "orders/order_text.hpp"
#include "orders/settle.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

// What an application has no use for being told.
bool is_bookkeeping(history_action action) {
  switch (action) {
  case history_action::claimed:
  case history_action::lease_extended:
  case history_action::lease_lost:
  case history_action::claim_given_up:
  case history_action::polled:
  case history_action::notified: return true;
  default: return false;
  }
}

std::vector<std::string> ids_of(const order_record& order) {
  std::vector<std::string> ids;
  if (order.stage == order_stage::unmatched) return ids; // its session may yet be an order's
  for (const order_session& each : order.sessions) {
    ids.push_back(each.facts.id);
    for (const payment_intent_facts& intent : each.facts.payment_intents)
      if (!intent.id.empty()) ids.push_back(intent.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

} // namespace

step begin_step(const order_record& order, const circumstances& at, std::string who,
                history_action action, std::string session_id) {
  step changed{order, {}};
  ++changed.order.version;
  changed.entry.at = at.now;
  changed.entry.who = std::move(who);
  changed.entry.action = action;
  changed.entry.session_id = std::move(session_id);
  return changed;
}

step end_step(step changed, const circumstances& at) {
  const order_stage before = changed.order.stage;
  settle(changed.order, at);
  if (changed.order.stage == order_stage::due && before == order_stage::open) {
    changed.order.retry_count = 0;
    changed.order.next_try_at = 0;
  }
  if (!is_bookkeeping(changed.entry.action)) {
    changed.order.news_version = changed.order.version;
    changed.order.news_at = at.now;
  }
  return changed;
}

order_change change_of(const step& changed, const order_record& before) {
  const std::vector<std::string> known = ids_of(before), all = ids_of(changed.order);
  order_change change{row_of(changed.order), {}, to_text(changed.entry)};
  std::set_difference(all.begin(), all.end(), known.begin(), known.end(),
                      std::back_inserter(change.new_ids));
  return change;
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
