#include "orders/observing.hpp"

#include "orders/settle.hpp"
#include "orders/time_arithmetic.hpp"

#include <stripe_return/core/decide.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

constexpr std::chrono::seconds same_moment{2};
constexpr std::chrono::hours longest_life{25}; // a day, and Stripe's clock is not ours

const checkout_facts* said_by(const session_facts& facts) {
  for (const auto* each : {&facts.checkout, &facts.expired, &facts.unrecognized})
    if (*each) return &**each;
  return nullptr;
}

// Two answers of one moment that differ: which of them was the later one is not known.
bool is_ambiguous(const session_facts& known, const session_facts& news) {
  const checkout_facts* fresh = said_by(news);
  if (fresh == nullptr) return false;
  for (const auto* each : {&known.checkout, &known.expired, &known.unrecognized}) {
    if (!*each) continue;
    if (between((*each)->at.time, fresh->at.time) <=
            static_cast<std::uint64_t>(same_moment.count()) &&
        ((*each)->status != fresh->status || (*each)->payment_status != fresh->payment_status))
      return true;
  }
  return false;
}

void forget_times(session_facts& facts) {
  for (auto* each : {&facts.checkout, &facts.expired, &facts.unrecognized})
    if (*each) (*each)->at = {};
  for (auto* each : {&facts.complete_since, &facts.not_found})
    if (*each) **each = {};
  if (facts.permission) facts.permission->at = {};
  for (payment_intent_facts& each : facts.payment_intents) {
    each.at = {};
    if (each.latest_charge) each.latest_charge->at = {};
  }
}

std::optional<step> join_facts(const order_record& order, const session_facts& news,
                               history_action action, const source& by, const circumstances& at) {
  step changed = begin_step(order, at, by.who, action, news.id);
  changed.entry.event_id = by.event_id;
  bool is_news = true, ambiguous = false;
  order_session* session = find_session(changed.order, news.id);
  if (session == nullptr) {
    changed.order.sessions.push_back({news});
  } else {
    const session_facts both = join(session->facts, news);
    if (both == session->facts) return std::nullopt;
    is_news = says_more(session->facts, both);
    // A PaymentIntent that was seen on its way says so until it is seen again.
    const bool failed = both.async_payment_failed && !session->facts.async_payment_failed;
    ambiguous = failed || is_ambiguous(session->facts, news);
    session->facts = both;
    if (!news.not_found) session->given_up = false;
  }
  if (is_news) { // polls begin anew
    changed.order.next_poll_at = 0;
    changed.order.poll_count = 0;
  }
  if (ambiguous) changed.order.next_poll_at = later(at.now, same_moment);
  changed = end_step(std::move(changed), at);
  if (!is_news && changed.order.stage == order.stage) { // that it is still so is no news
    changed.order.news_version = order.news_version;
    changed.order.news_at = order.news_at;
  }
  const std::vector<session_conclusion> found = conclude(changed.order, at);
  for (std::size_t i = 0; i != found.size(); ++i) {
    if (changed.order.sessions[i].facts.id != news.id) continue;
    changed.entry.outcome = to_string(found[i].outcome.state());
    changed.entry.reasons = found[i].outcome.reasons();
  }
  return changed;
}

} // namespace

std::optional<step> observe(const order_record& order, const observation& seen, const source& by,
                            const circumstances& at) {
  return join_facts(order, facts_of(seen, at.naming), history_action::observed, by, at);
}

std::optional<step> observe_not_found(const order_record& order, const std::string& session_id,
                                      observed_at when, const source& by, const circumstances& at) {
  // Our own clock never beats Stripe's: the session is missing since what was last said of it, and
  // whatever is said later shows that it is there.
  if (when.clock == clock_source::local) {
    when.time = 0;
    if (const order_session* known = find_session(order, session_id))
      for (const auto* each :
           {&known->facts.checkout, &known->facts.expired, &known->facts.unrecognized})
        if (*each && is_later((*each)->at, when)) when = (*each)->at;
  }
  return join_facts(order, not_found_facts(session_id, when), history_action::not_found, by, at);
}

bool says_more(session_facts before, session_facts after) {
  forget_times(before);
  forget_times(after);
  return before != after;
}

bool may_give_up(const order_record& order, const std::string& session_id,
                 const circumstances& at) {
  const order_session* session = find_session(order, session_id);
  if (session == nullptr || !session->facts.not_found) return false;
  const session_facts& facts = session->facts;
  if (!facts.checkout || facts.expired || facts.unrecognized) return false;
  const checkout_facts& said = *facts.checkout;
  const bool without_money =
      said.status == session_status::open && said.payment_status != session_payment_status::paid &&
      !said.has_recovery_url &&
      std::none_of(facts.payment_intents.begin(), facts.payment_intents.end(),
                   [](const payment_intent_facts& each) {
                     return each.status == payment_intent_status::succeeded ||
                            each.status == payment_intent_status::processing ||
                            each.status == payment_intent_status::requires_capture;
                   });
  const unix_seconds begun = said.created.value_or(said.at.time);
  const unix_seconds over = std::max(said.expires_at.value_or(begun), later(begun, longest_life));
  return without_money && at.now >= over;
}

step give_up_session(const order_record& order, const std::string& session_id,
                     const circumstances& at) {
  step changed = begin_step(order, at, "reconciler", history_action::session_given_up, session_id);
  if (order_session* session = find_session(changed.order, session_id)) session->given_up = true;
  return end_step(std::move(changed), at);
}

step polled(const order_record& order, const circumstances& at) {
  step changed = begin_step(order, at, "reconciler", history_action::polled);
  ++changed.order.poll_count;
  changed.order.next_poll_at = 0;
  return end_step(std::move(changed), at);
}

step notify(const order_record& order, std::uint64_t version, const circumstances& at) {
  step changed = begin_step(order, at, "application", history_action::notified);
  changed.order.notified_version = std::max(order.notified_version, version);
  return end_step(std::move(changed), at);
}

step keep_unmatched(const observation& seen, const source& by, const circumstances& at) {
  order_record unmatched;
  unmatched.stage = order_stage::unmatched;
  unmatched.created_at = at.now;
  return *observe(unmatched, seen, by, at);
}

void keep_verdicts(order_record& order, const order_record& unmatched) {
  for (const review_item& each : unmatched.review_items)
    if (each.state == review_state::rejected) order.review_items.push_back(each);
  order.to_give_back.insert(order.to_give_back.end(), unmatched.to_give_back.begin(),
                            unmatched.to_give_back.end());
}

std::optional<step> take_unmatched(const order_record& order, const order_record& unmatched,
                                   const source& by, const circumstances& at) {
  if (unmatched.sessions.empty()) return std::nullopt;
  const session_facts& facts = unmatched.sessions.front().facts;
  order_record taking = order;
  if (!find_session(order, facts.id)) keep_verdicts(taking, unmatched);
  return join_facts(taking, facts, history_action::observed, by, at);
}

std::optional<step> end_unmatched(const order_record& unmatched, const std::string& note,
                                  const circumstances& at) {
  bool any = false;
  step changed = begin_step(unmatched, at, "application", history_action::accepted);
  changed.entry.note = note;
  for (review_item& each : changed.order.review_items) {
    if (each.state != review_state::open) continue;
    each.state = review_state::accepted;
    each.resolved_at = at.now;
    each.by = changed.entry.who;
    any = true;
  }
  for (give_back_entry& each : changed.order.to_give_back) { // the order has it now
    if (!is_to_be_given_back(each)) continue;
    each.ended_at = at.now;
    each.by = changed.entry.who;
    any = true;
  }
  if (!any) return std::nullopt;
  return end_step(std::move(changed), at);
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
