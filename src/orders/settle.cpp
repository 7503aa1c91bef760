#include "orders/settle.hpp"

#include "core/ascii.hpp"
#include "core/recovery_chain.hpp"
#include "orders/time_arithmetic.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

using conclusions = std::vector<session_conclusion>;

bool is_over(session_money money) {
  return money == session_money::none || money == session_money::gone_back;
}

// A session names the attempt that made it, and its answer was lost; or it continues one that was
// made for the order.
void recognize_issued(order_record& order, const order_naming& naming) {
  for (order_session& session : order.sessions) {
    if (session.issued || !session.facts.checkout) continue;
    for (checkout_attempt& each : order.attempts) {
      if (!each.session_id.empty() ||
          session.facts.checkout->checkout_attempt != std::to_string(each.number))
        continue;
      each.session_id = session.facts.id;
      each.given_up = false;
      session.attempt = each.number;
      session.issued = true;
    }
  }
  for (bool again = true; again;) {
    again = false;
    for (order_session& session : order.sessions) {
      if (session.issued || order.expectations.empty()) continue;
      const observation seen = observation_of(session.facts, naming);
      if (continues_one_of(expectation_for(order, session), seen.session, seen.recovery_chain))
        session.issued = again = true;
    }
  }
}

// Of those that count, the one that counted so far; or else the first whose money is still in.
std::string choose_paid_session(const order_record& order, const conclusions& found) {
  std::string chosen;
  bool chosen_is_in = false;
  for (std::size_t i = 0; i != found.size(); ++i) {
    if (!found[i].counts) continue;
    const std::string& id = order.sessions[i].facts.id;
    const bool in = found[i].money == session_money::in;
    if (chosen.empty() || (in && (!chosen_is_in || id == order.paid_session))) {
      chosen = id;
      chosen_is_in = in;
    }
  }
  return chosen.empty() ? order.paid_session : chosen;
}

void advance(order_record& order, const conclusions& found, unix_seconds now) {
  const bool takes_any_session = order.stage == order_stage::fulfilled &&
                                 order.fulfilled_by == fulfilled_by::unknown &&
                                 order.paid_session.empty();
  if (order.stage == order_stage::open) {
    const std::string paid = choose_paid_session(order, found);
    if (paid.empty()) return;
    order.stage = order_stage::due;
    order.due_since = now;
    order.paid_session = paid;
  } else if (takes_any_session || (order.stage == order_stage::due && !order.pinned)) {
    order.paid_session = choose_paid_session(order, found);
    order.pinned = order.pinned || (takes_any_session && !order.paid_session.empty());
  }
}

std::string item_id(const std::string& subject, const std::vector<reason>& reasons,
                    const std::string& values, bool with_money) {
  std::uint64_t hash = 14695981039346656037U; // FNV-1a
  const auto add = [&](std::string_view text) {
    for (const char c : text)
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    hash = (hash ^ 0xffU) * 1099511628211U; // ends the text
  };
  for (const reason each : reasons)
    add(to_string(each));
  add(values);
  add(with_money ? "with_money" : "");
  std::string id = subject + ':';
  for (int shift = 56; shift >= 0; shift -= 8)
    append_hex(id, static_cast<unsigned char>(hash >> shift));
  return id;
}

review_item item_of(const order_session& session, std::vector<reason> reasons, std::string values,
                    bool with_money) {
  std::sort(reasons.begin(), reasons.end());
  review_item item;
  item.id = item_id(session.facts.id, reasons, values, with_money);
  item.session_id = session.facts.id;
  item.reasons = std::move(reasons);
  item.amounts = amounts_of(session.facts);
  item.values = std::move(values);
  item.with_money = with_money;
  return item;
}

// Why money that is in is one payment too many, whether it agrees or not.
std::optional<reason> situation_of(const order_record& order, const order_session& session) {
  switch (order.stage) {
  case order_stage::due:
  case order_stage::fulfilled:
    if (session.facts.id == order.paid_session) return std::nullopt;
    return reason::duplicate_payment;
  case order_stage::closed:
  case order_stage::released:
  case order_stage::canceled: return reason::paid_after_close;
  case order_stage::open:
  case order_stage::unmatched: break;
  }
  return std::nullopt;
}

bool was_rejected(const order_record& order, const review_item& item) {
  return std::any_of(
      order.review_items.begin(), order.review_items.end(), [&](const review_item& each) {
        return each.state == review_state::rejected && each.session_id == item.session_id &&
               each.with_money == item.with_money && each.values == item.values &&
               without_situation(each.reasons) == without_situation(item.reasons);
      });
}

bool has_entry(const order_record& order, const std::string& session_id) {
  return std::any_of(order.to_give_back.begin(), order.to_give_back.end(),
                     [&](const give_back_entry& each) {
                       return each.session_id == session_id && is_to_be_given_back(each);
                     });
}

bool is_paid_for(order_stage stage) {
  return stage == order_stage::due || stage == order_stage::fulfilled;
}

// What a person has to look at in money that agrees. Once the order is handed over a refund is news
// only if somebody was asked before.
std::vector<reason> doubts_of(const order_record& order, const session_facts& facts) {
  std::vector<reason> why;
  if (is_disputed(facts)) why.push_back(reason::payment_disputed);
  const auto asked = [&](const review_item& each) {
    return each.state == review_state::open && each.session_id == facts.id &&
           has(each, reason::payment_refunded);
  };
  if (is_refunded(facts) &&
      (order.stage == order_stage::due ||
       std::any_of(order.review_items.begin(), order.review_items.end(), asked)))
    why.push_back(reason::payment_refunded);
  return why;
}

// What a person has to decide, as things are.
std::vector<review_item> questions_of(const order_record& order, const conclusions& found) {
  std::vector<review_item> questions;
  for (std::size_t i = 0; i != found.size(); ++i) {
    const order_session& session = order.sessions[i];
    const session_conclusion& each = found[i];
    const bool with_money = has_money(each.money);
    if (each.missing && !with_money)
      questions.push_back(item_of(session, {reason::session_not_found}, "", false));
    if (order.stage == order_stage::unmatched) {
      if (!with_money || has_entry(order, session.facts.id)) continue;
      std::vector<reason> why = each.disagreements;
      if (!each.outcome.has(reason::out_trade_no_missing) &&
          !each.outcome.has(reason::out_trade_no_conflict))
        why.push_back(reason::order_not_expected);
      questions.push_back(item_of(session, std::move(why), each.values, true));
      continue;
    }
    std::optional<reason> situation;
    if (each.money == session_money::in && !has_entry(order, session.facts.id))
      situation = situation_of(order, session);
    const bool disagrees = !each.disagreements.empty() && !each.waived && !is_over(each.money) &&
                           (!each.missing || with_money) && !has_entry(order, session.facts.id);
    if (disagrees || situation) {
      std::vector<reason> why = each.disagreements;
      if (situation) why.push_back(*situation);
      review_item item = item_of(session, std::move(why), each.values, with_money);
      if (!was_rejected(order, item)) questions.push_back(std::move(item));
    }
    if (session.facts.id == order.paid_session && is_paid_for(order.stage)) {
      std::vector<reason> why = doubts_of(order, session.facts);
      const std::optional<money> left = money_left(session.facts);
      if (!why.empty() && !has_entry(order, session.facts.id))
        questions.push_back(
            item_of(session, std::move(why), "left=" + (left ? to_string(*left) : "0"), true));
    }
  }
  return questions;
}

void keep_items(order_record& order, const conclusions& found, unix_seconds now) {
  const std::vector<review_item> questions = questions_of(order, found);
  for (const review_item& question : questions) {
    const auto known =
        std::find_if(order.review_items.begin(), order.review_items.end(),
                     [&](const review_item& each) { return each.id == question.id; });
    if (known == order.review_items.end()) {
      order.review_items.push_back(question);
      order.review_items.back().opened_at = now;
    } else if (known->state == review_state::closed) {
      known->state = review_state::open;
      known->opened_at = now;
      known->resolved_at = 0;
    }
  }
  for (review_item& each : order.review_items) {
    if (each.state != review_state::open) continue;
    const bool stands =
        each.session_id.empty()
            ? task_of(order) ==
                  (has(each, reason::release_gave_up) ? task_kind::release : task_kind::fulfill)
            : std::any_of(questions.begin(), questions.end(),
                          [&](const review_item& one) { return one.id == each.id; });
    if (stands) continue;
    each.state = review_state::closed;
    each.resolved_at = now;
  }
}

void keep_give_backs(order_record& order, const conclusions& found, unix_seconds now) {
  for (std::size_t i = 0; i != found.size(); ++i) {
    const order_session& session = order.sessions[i];
    if (found[i].rejected && found[i].money == session_money::in && !is_play_money(found[i]))
      give_back(order, session, now);
    const std::optional<money> left = money_left(session.facts);
    for (give_back_entry& each : order.to_give_back) {
      if (each.session_id != session.facts.id || each.ended_at) continue;
      if (is_over(found[i].money) || !left)
        each.ended_at = now;
      else
        each.amount = *left;
    }
  }
}

waits_for whom(const order_record& order, const conclusions& found) {
  const bool asked =
      std::any_of(order.review_items.begin(), order.review_items.end(),
                  [](const review_item& each) { return each.state == review_state::open; });
  const bool refund =
      std::any_of(order.to_give_back.begin(), order.to_give_back.end(), is_to_be_given_back);
  const auto any = [&](session_money money) {
    return std::any_of(found.begin(), found.end(),
                       [&](const session_conclusion& each) { return each.money == money; });
  };
  if (order.claim) return waits_for::lease;
  if (order.stage == order_stage::unmatched && asked) {
    const bool named = std::any_of(
        order.review_items.begin(), order.review_items.end(), [](const review_item& each) {
          return each.state == review_state::open &&
                 each.reasons == std::vector<reason>{reason::order_not_expected};
        });
    return named ? waits_for::expectation : waits_for::person;
  }
  const std::optional<task_kind> task = task_of(order);
  if (task && !is_blocked(order)) {
    if (task == task_kind::release && can_be_paid(order, found))
      return any(session_money::can_still_come) ? waits_for::customer : waits_for::stripe;
    if (order.retry_count != 0) return waits_for::retry;
    return task == task_kind::fulfill ? waits_for::worker : waits_for::release;
  }
  if (asked) return waits_for::person;
  if (refund) return waits_for::refund;
  if (order.stage != order_stage::open) return waits_for::nothing;
  if (any(session_money::on_its_way) || any(session_money::authorized) ||
      any(session_money::unknown))
    return waits_for::stripe;
  return any(session_money::can_still_come) ? waits_for::customer : waits_for::checkout;
}

bool is_worth_polling(const order_record& order, const conclusions& found) {
  for (std::size_t i = 0; i != found.size(); ++i) {
    if (order.sessions[i].given_up) continue;
    if (found[i].unclear) return true;
    if (!is_over(found[i].money) && found[i].money != session_money::in) return true;
  }
  return std::any_of(order.to_give_back.begin(), order.to_give_back.end(), is_to_be_given_back);
}

} // namespace

void settle(order_record& order, const circumstances& at) {
  recognize_issued(order, at.naming);
  const conclusions found = conclude(order, at);
  advance(order, found, at.now);
  keep_give_backs(order, found, at.now);
  keep_items(order, found, at.now);
  const waits_for before = order.waits_for;
  order.waits_for = whom(order, found);
  if (order.waits_for != before || order.waits_since == 0) order.waits_since = at.now;
  if (!is_worth_polling(order, found))
    order.next_poll_at = 0;
  else if (order.next_poll_at == 0 && order.poll_count < most_polls)
    order.next_poll_at = later(at.now, poll_delay(order.poll_count));
  // What is open then is to be ended.
  if (order.next_poll_at != 0 && order.pay_until && at.now < *order.pay_until)
    order.next_poll_at = std::min(order.next_poll_at, *order.pay_until);
}

bool has(const review_item& item, reason why) noexcept {
  return std::find(item.reasons.begin(), item.reasons.end(), why) != item.reasons.end();
}

bool is_blocked(const order_record& order) noexcept {
  return std::any_of(order.review_items.begin(), order.review_items.end(),
                     [&](const review_item& each) {
                       if (each.state != review_state::open) return false;
                       // Stock is kept back while a payment may still make the order due.
                       return order.stage != order_stage::due || each.session_id.empty() ||
                              each.session_id == order.paid_session;
                     });
}

bool is_for_worker(const order_record& order) noexcept {
  return task_of(order) && !is_blocked(order) && order.waits_for != waits_for::customer &&
         order.waits_for != waits_for::stripe;
}

bool can_be_paid(const order_record& order, const std::vector<session_conclusion>& found) noexcept {
  return open_attempt(order) != nullptr ||
         std::any_of(found.begin(), found.end(), [](const session_conclusion& each) {
           return !is_over(each.money) && each.money != session_money::in && !is_play_money(each);
         });
}

std::optional<task_kind> task_of(const order_record& order) noexcept {
  switch (order.stage) {
  case order_stage::due: return task_kind::fulfill;
  case order_stage::closed:
  case order_stage::canceled: return task_kind::release;
  case order_stage::open:
  case order_stage::fulfilled:
  case order_stage::released:
  case order_stage::unmatched: break;
  }
  return std::nullopt;
}

void open_task_item(order_record& order, reason why, unix_seconds now) {
  review_item item;
  item.reasons = {why};
  item.values = "claim=" + std::to_string(order.fencing_token); // each giving up is another one
  item.id = item_id(order.out_trade_no, item.reasons, item.values, false);
  item.opened_at = now;
  const auto known = std::find_if(order.review_items.begin(), order.review_items.end(),
                                  [&](const review_item& each) { return each.id == item.id; });
  if (known != order.review_items.end())
    *known = std::move(item);
  else
    order.review_items.push_back(std::move(item));
}

bool is_to_be_given_back(const give_back_entry& entry) noexcept {
  return !entry.ended_at;
}

void give_back(order_record& order, const order_session& session, unix_seconds now) {
  const std::optional<money> left = money_left(session.facts);
  if (!left || has_entry(order, session.facts.id)) return;
  order.to_give_back.push_back({session.facts.id, *left, now});
}

std::chrono::seconds poll_delay(int polls) noexcept {
  return std::min<std::chrono::seconds>(std::chrono::hours(1) * (1 << std::clamp(polls, 0, 5)),
                                        std::chrono::hours(24));
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
