#include "fulfillment/order_steps.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

order_change change_of(const order_record& order, unix_seconds now, std::string who,
                       std::string_view what, std::string session_id = {}) {
  order_change change{order, {}};
  ++change.record.version;
  change.entry = {now, std::move(who), std::string(what), std::move(session_id), {}, {}, {}};
  return change;
}

// How far a session has come. An expiry that only a clock tells of is not Stripe's word.
int distance(order_state state, bool final) noexcept {
  switch (state) {
  case order_state::foreign:
  case order_state::undetermined: return 0;
  case order_state::awaiting_payment: return 1;
  case order_state::processing: return 2;
  case order_state::expired: return final ? 3 : 1;
  case order_state::failed: return 3;
  case order_state::needs_review: return 4;
  case order_state::no_payment_required:
  case order_state::paid: return 5;
  }
  return 0;
}

session_record& session_of(order_record& order, const std::string& id) {
  const auto at = std::find_if(order.sessions.begin(), order.sessions.end(),
                               [&](const session_record& each) { return each.id == id; });
  if (at != order.sessions.end()) return *at;
  order.sessions.push_back({});
  order.sessions.back().id = id;
  return order.sessions.back();
}

// Stripe calls a session expired whose PaymentIntent has money, too.
bool needs_a_person(const session_record& session) noexcept {
  return session.state == order_state::needs_review || session.next_step == next_step::contact_shop;
}

// What a person can have looked at in a review. A session that is still open is not among it.
bool money_may_have_moved(const session_record& session) noexcept {
  return session.state == order_state::paid || session.state == order_state::no_payment_required ||
         needs_a_person(session);
}

bool has_attempt(const order_record& order, int attempt) noexcept {
  return std::any_of(order.sessions.begin(), order.sessions.end(),
                     [&](const session_record& each) { return each.attempt == attempt; });
}

// The last attempt whose session is not known; 0: there is none.
int open_attempt(const order_record& order) noexcept {
  int attempt = order.attempts;
  while (attempt > 0 && has_attempt(order, attempt))
    --attempt;
  return attempt;
}

void issue(order_record& order, session_record& session, int attempt) {
  session.attempt = attempt;
  if (!order.expected) return;
  std::vector<std::string>& issued = order.expected->session_ids;
  if (std::find(issued.begin(), issued.end(), session.id) == issued.end())
    issued.push_back(session.id);
}

bool add(std::vector<reason>& review, reason why) {
  if (std::find(review.begin(), review.end(), why) != review.end()) return false;
  review.push_back(why);
  return true;
}

// Whether Stripe has said that no money has come or can come by it.
bool is_over(const session_record& session) noexcept {
  return session.final && session.pay_again == pay_again::yes &&
         (session.state == order_state::expired || session.state == order_state::failed);
}

bool is_to_be_asked(const order_record& order) noexcept {
  return order.expected && order.stage == order_stage::awaiting &&
         std::any_of(order.sessions.begin(), order.sessions.end(), is_worth_asking);
}

void ask_from_now(order_record& order, unix_seconds now) {
  order.asks = 0;
  order.ask_at = is_to_be_asked(order) ? now + ask_after(0).count() : 0;
}

// A session can be paid for at most a day, and Stripe's clock is not ours.
constexpr unix_seconds longest_life = 25 * 60 * 60;

} // namespace

bool is_worth_asking(const session_record& session) noexcept {
  return !session.final && session.state != order_state::needs_review;
}

std::optional<expected_order> expectation_of(const order_record& order) {
  std::optional<expected_order> expected = order.expected;
  if (expected && open_attempt(order) != 0) expected->session_ids.clear();
  return expected;
}

order_step hear(const order_record& order, const heard_word& word) {
  const order_outcome& outcome = word.outcome;
  order_change change =
      change_of(order, word.at, word.who, to_string(outcome.state()), word.session_id);
  order_record& record = change.record;
  const std::size_t known = record.sessions.size();
  session_record& session = session_of(record, word.session_id);
  bool changed = record.sessions.size() != known;
  change.entry.event_id = word.event_id;
  if (word.created != 0) session.created = word.created;

  // Without an expectation the outcome was held against nothing: it is to be heard again.
  if (!record.expected && record.stage == order_stage::awaiting) {
    if (outcome.may_fulfill(record.out_trade_no))
      changed = add(record.review, reason::not_checked_against_order) || changed;
    return changed ? order_step(std::move(change)) : std::nullopt;
  }
  if (const int attempt = open_attempt(record); attempt != 0 && changed)
    issue(record, session, attempt);
  if (word.recovered) issue(record, session, session.attempt);

  const int heard = distance(outcome.state(), outcome.final());
  const int known_so_far = distance(session.state, session.final);
  const bool differs = session.state != outcome.state() || session.final != outcome.final() ||
                       session.next_step != outcome.next_step() ||
                       session.pay_again != outcome.pay_again();
  if (differs && (heard > known_so_far || (heard == known_so_far && word.just_asked))) {
    session.state = outcome.state();
    session.final = outcome.final();
    session.next_step = outcome.next_step();
    session.pay_again = outcome.pay_again();
    changed = true;
  }
  const bool needs_review = outcome.state() == order_state::needs_review ||
                            outcome.next_step() == next_step::contact_shop;
  if (needs_review && !session.reviewed) {
    for (const reason why : outcome.reasons())
      changed = add(record.review, why) || changed;
  }
  if (outcome.may_fulfill(record.out_trade_no)) {
    if (record.stage == order_stage::awaiting || record.stage == order_stage::closed) {
      if (record.stage == order_stage::closed) {
        add(record.review, reason::paid_after_close);
        record.held = true;
      }
      record.stage = order_stage::due;
      record.due_since = word.at;
      record.paid_session = session.id;
      changed = true;
    } else if (record.paid_session.empty()) { // fulfilled before anything was kept of it
      record.paid_session = session.id;
      changed = true;
    } else if (record.paid_session != session.id && !session.reviewed) {
      changed = add(record.review, reason::duplicate_payment) || changed;
    }
  }
  if (!changed) return std::nullopt;
  ask_from_now(record, word.at);
  change.entry.reasons = outcome.reasons();
  return change;
}

order_step expect(const order_record& order, const expected_order& expected, unix_seconds now) {
  if (order.expected) return std::nullopt;
  order_change change = change_of(order, now, "host", "expected");
  order_record& record = change.record;
  const bool heard = !record.sessions.empty();
  record.expected = expected;
  for (const std::string& each : expected.session_ids)
    session_of(record, each);
  record.review.erase(
      std::remove(record.review.begin(), record.review.end(), reason::not_checked_against_order),
      record.review.end());
  ask_from_now(record, now);
  if (heard && record.ask_at != 0) record.ask_at = now;
  return change;
}

order_step ask_later(const order_record& order, unix_seconds now) {
  if (order.ask_at == 0) return std::nullopt;
  order_change change = change_of(order, now, "sweep", "asked");
  order_record& record = change.record;
  ++record.asks;
  record.ask_at = now + ask_after(record.asks).count();
  if (record.asks == most_asks) {
    record.ask_at = 0;
    change.entry.what = "asked_for_the_last_time";
  }
  return change;
}

std::chrono::seconds ask_after(int asks) noexcept {
  return std::min<std::chrono::seconds>(std::chrono::hours(1) * (1 << std::min(asks, 5)),
                                        std::chrono::hours(24));
}

order_step begin_attempt(const order_record& order, unix_seconds now, last_attempt last) {
  if (order.stage != order_stage::awaiting ||
      !std::all_of(order.sessions.begin(), order.sessions.end(), is_over))
    return std::nullopt;
  order_change change = change_of(order, now, "host", "attempt_begun");
  order_record& record = change.record;
  if (last == last_attempt::spent || has_attempt(record, record.attempts) || record.attempts == 0)
    ++record.attempts;
  record.attempt_at = now;
  return change;
}

order_step attach(const order_record& order, int attempt, const std::string& session_id,
                  unix_seconds now) {
  order_change change = change_of(order, now, "host", "session_issued", session_id);
  order_record& record = change.record;
  session_record& session = session_of(record, session_id);
  if (session.attempt == attempt) return std::nullopt;
  issue(record, session, attempt);
  if (session.state == order_state::undetermined) {
    session.state = order_state::awaiting_payment;
    session.next_step = next_step::resume;
    session.pay_again = pay_again::yes;
  }
  ask_from_now(record, now);
  return change;
}

order_step claim(const order_record& order, const std::string& worker, unix_seconds now,
                 std::chrono::seconds lease) {
  if (order.stage != order_stage::due || order.held || order.lease > now || order.due_at > now) {
    return std::nullopt;
  }
  order_change change = change_of(order, now, worker, "claimed", order.paid_session);
  ++change.record.token;
  change.record.lease = now + lease.count();
  return change;
}

order_step finish(const order_record& order, const std::string& worker, std::uint64_t token,
                  fulfil_result result, unix_seconds now) {
  if (order.stage != order_stage::due || order.token != token) return std::nullopt;
  order_change change = change_of(order, now, worker, "fulfilled", order.paid_session);
  order_record& record = change.record;
  record.lease = 0;
  switch (result) {
  case fulfil_result::done: record.stage = order_stage::fulfilled; break;
  case fulfil_result::retry_later:
    ++record.tries;
    record.due_at = now + retry_after(record.tries).count();
    change.entry.what = "retry_later";
    break;
  case fulfil_result::give_up:
    record.held = true;
    add(record.review, reason::fulfill_gave_up);
    change.entry.what = "gave_up";
    break;
  }
  return change;
}

order_step hold(const order_record& order, const std::string& worker, std::uint64_t token,
                reason why, unix_seconds now) {
  if (order.stage != order_stage::due || order.token != token) return std::nullopt;
  order_change change = change_of(order, now, worker, "held", order.paid_session);
  change.record.lease = 0;
  change.record.held = true;
  add(change.record.review, why);
  change.entry.reasons = {why};
  return change;
}

order_step import_fulfilled(const order_record& order, const std::string& session_id,
                            unix_seconds now) {
  if (order.stage != order_stage::awaiting || order.expected) return std::nullopt;
  order_change change = change_of(order, now, "host", "imported", session_id);
  order_record& record = change.record;
  record.stage = order_stage::fulfilled;
  record.paid_session = session_id;
  record.review.clear();
  if (!session_id.empty()) session_of(record, session_id);
  return change;
}

order_step close(const order_record& order, unix_seconds now) {
  const bool may_be_unknown = open_attempt(order) != 0 && now < order.attempt_at + longest_life;
  if (order.stage != order_stage::awaiting || may_be_unknown ||
      !std::all_of(order.sessions.begin(), order.sessions.end(), is_over)) {
    return std::nullopt;
  }
  order_change change = change_of(order, now, "host", "closed");
  change.record.stage = order_stage::closed;
  change.record.ask_at = 0;
  return change;
}

order_step resolve(const order_record& order, review_verdict verdict, const std::string& who,
                   const std::string& note, unix_seconds now) {
  const bool accepted = verdict == review_verdict::accept;
  if (order.review.empty() || (accepted && !order.expected)) return std::nullopt;
  order_change change = change_of(order, now, who, accepted ? "accepted" : "rejected");
  change.entry.reasons = order.review;
  change.entry.note = note;
  order_record& record = change.record;
  record.review.clear();
  record.held = false;
  const bool unpaid = order.stage == order_stage::awaiting || order.stage == order_stage::closed;
  for (session_record& session : record.sessions) {
    if (accepted && unpaid && !session.reviewed && needs_a_person(session)) {
      record.stage = order_stage::due;
      record.due_since = now;
      record.paid_session = session.id;
    }
    session.reviewed = session.reviewed || money_may_have_moved(session);
  }
  // What is rejected of an order that is not held is a payment, not the order.
  if (!accepted && order.held) record.stage = order_stage::rejected;
  if (order.held) {
    record.tries = 0;
    record.due_at = 0;
  }
  return change;
}

std::chrono::seconds retry_after(int tries) noexcept {
  constexpr std::chrono::seconds longest = std::chrono::hours(24);
  std::chrono::seconds delay = std::chrono::minutes(1);
  for (int i = 1; i < tries && delay < longest; ++i)
    delay *= 2;
  return std::min(delay, longest);
}

} // namespace v0
} // namespace stripe_return
