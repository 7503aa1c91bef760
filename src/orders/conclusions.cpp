#include "orders/conclusions.hpp"

#include "core/recovery_chain.hpp"
#include "orders/time_arithmetic.hpp"

#include <stripe_return/core/decide.hpp>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

// Reasons that make money somebody's to decide about. All others explain, and pass.
constexpr reason disagreeing[] = {
    reason::account_mismatch,      reason::amount_mismatch,
    reason::amount_not_zero,       reason::currency_mismatch,
    reason::expired_but_paid,      reason::livemode_mismatch,
    reason::mode_mismatch,         reason::out_trade_no_conflict,
    reason::out_trade_no_mismatch, reason::out_trade_no_missing,
    reason::partially_captured,    reason::session_not_issued,
    reason::setup_not_expected,    reason::setup_paid,
    reason::shop_mismatch,
};

// An empty look at Stripe's list says nothing before: the list is not always up to date at once.
constexpr std::chrono::seconds look_delay{30};

// The newest of all that was said, but for a word that is not known.
const checkout_facts* newest_said(const session_facts& facts) {
  const checkout_facts* newest = nullptr;
  for (const auto* each : {&facts.checkout, &facts.expired})
    if (*each && (!newest || is_later((*each)->at, newest->at))) newest = &**each;
  return newest;
}

bool is_unclear(const session_facts& facts) {
  const checkout_facts* said = newest_said(facts);
  return facts.unrecognized && (!said || !is_later(said->at, facts.unrecognized->at));
}

bool is_contradiction(const session_facts& facts) {
  return facts.expired && facts.checkout && facts.checkout->status == session_status::complete;
}

bool is_missing(const session_facts& facts) {
  const checkout_facts* said = newest_said(facts);
  return facts.not_found && (!said || !is_later(said->at, *facts.not_found));
}

bool any_intent_is(const session_facts& facts, payment_intent_status status) {
  return std::any_of(facts.payment_intents.begin(), facts.payment_intents.end(),
                     [&](const payment_intent_facts& each) { return each.status == status; });
}

std::int64_t refunded(const session_facts& facts) {
  std::int64_t sum = 0;
  for (const payment_intent_facts& each : facts.payment_intents)
    if (each.latest_charge) sum = std::max(sum, each.latest_charge->amount_refunded);
  return sum;
}

// What came in, as far as it is known.
std::optional<std::int64_t> received(const session_facts& facts) {
  std::optional<std::int64_t> most;
  for (const payment_intent_facts& each : facts.payment_intents)
    if (each.amount_received && *each.amount_received > most.value_or(0))
      most = each.amount_received;
  if (most) return most;
  return facts.checkout ? facts.checkout->amount_total : std::nullopt;
}

bool is_given_back_in_whole(const session_facts& facts) {
  const std::int64_t back = refunded(facts);
  return back > 0 && back >= received(facts).value_or(back);
}

session_money money_of_payment(const session_facts& facts, session_money otherwise) {
  if (any_intent_is(facts, payment_intent_status::succeeded))
    return is_given_back_in_whole(facts) ? session_money::gone_back : session_money::in;
  if (any_intent_is(facts, payment_intent_status::processing)) return session_money::on_its_way;
  if (any_intent_is(facts, payment_intent_status::requires_capture))
    return session_money::authorized;
  return otherwise;
}

session_money money_of(const session_facts& facts, const order_outcome& alone,
                       const observation& seen) {
  const checkout_session& session = seen.session;
  // Where only the PaymentIntent says that money is in, Stripe will say it of the session in a
  // moment.
  const auto by_payment = [&](session_money otherwise) {
    const session_money of_payment = money_of_payment(facts, otherwise);
    return of_payment == session_money::in ? session_money::on_its_way : of_payment;
  };
  const session_money paid =
      is_given_back_in_whole(facts) ? session_money::gone_back : session_money::in;
  const bool was_paid = session.status == session_status::complete &&
                        session.payment_status != session_payment_status::unpaid;
  if (alone.state() == order_state::undetermined || (is_missing(facts) && !was_paid))
    return by_payment(session_money::unknown);
  switch (session.status.known()) {
  case session_status::complete:
    if (session.payment_status != session_payment_status::unpaid) return paid;
    return alone.state() == order_state::failed ? session_money::none
                                                : by_payment(session_money::on_its_way);
  case session_status::expired: {
    if (session.payment_status == session_payment_status::paid) return paid;
    // A clock of ours that is wrong must not end it: whoever looks again has Stripe's time.
    const unix_seconds said_at = facts.expired ? facts.expired->at.time : seen.time;
    const bool recoverable = session.recovery && (!session.recovery->expires_at ||
                                                  said_at < *session.recovery->expires_at);
    return money_of_payment(facts,
                            recoverable ? session_money::can_still_come : session_money::none);
  }
  default: return by_payment(session_money::can_still_come);
  }
}

std::vector<reason> disagreements_of(const session_facts& facts, const observation& seen,
                                     const order_outcome& outcome, session_money money) {
  std::vector<reason> found;
  for (const reason each : disagreeing)
    if (outcome.has(each) ||
        (each == reason::expired_but_paid && is_contradiction(facts) && has_money(money)))
      found.push_back(each);
  // Of an expired session Stripe never says paid: its PaymentIntent does.
  if (seen.session.status == session_status::expired && has_money(money) &&
      !outcome.has(reason::expired_but_paid)) {
    found.push_back(reason::money_may_have_moved);
    std::sort(found.begin(), found.end());
  }
  return found;
}

void add_value(std::string& line, const char* name, std::string_view value) {
  if (value.empty()) return;
  if (!line.empty()) line += ' ';
  line.append(name).append("=").append(value);
}
void add_value(std::string& line, const char* name, std::optional<std::int64_t> value) {
  if (value) add_value(line, name, std::to_string(*value));
}

// All values that may disagree, whatever the disagreement: a change of any is another question.
std::string values_of(const session_facts& facts, const observation& seen,
                      const std::vector<reason>& why, const order_naming& naming) {
  const checkout_session& session = seen.session;
  std::string line;
  add_value(line, "out_trade_no", order_number_of(session, naming));
  add_value(line, "amount_total", session.amount_total);
  add_value(line, "amount_subtotal", session.amount_subtotal);
  add_value(line, "currency", session.currency);
  if (const auto& converted = session.currency_conversion) {
    add_value(line, "converted_total", converted->amount_total);
    add_value(line, "converted_subtotal", converted->amount_subtotal);
    add_value(line, "source_currency", converted->source_currency);
  }
  add_value(line, "mode", session.mode.raw());
  if (session.livemode) add_value(line, "livemode", to_string(*session.livemode));
  add_value(line, "account", session.account);
  if (std::find(why.begin(), why.end(), reason::partially_captured) != why.end())
    add_value(line, "amount_received", received(facts));
  return line;
}

// Why money that agrees is one payment too many. It follows from the order, not from the session.
bool is_situational(reason why) {
  return why == reason::duplicate_payment || why == reason::paid_after_close;
}

// A person has accepted the very same.
bool is_waived(const order_record& order, const std::string& session_id,
               const session_conclusion& found) {
  return std::any_of(
      order.review_items.begin(), order.review_items.end(), [&](const review_item& each) {
        return each.state == review_state::accepted && each.session_id == session_id &&
               without_situation(each.reasons) == found.disagreements &&
               each.values == found.values;
      });
}

// A person has last said that this session's money is not the order's.
bool is_rejected(const order_record& order, const std::string& session_id) {
  review_state last = review_state::open;
  for (const review_item& each : order.review_items)
    if (each.session_id == session_id && each.with_money &&
        (each.state == review_state::accepted || each.state == review_state::rejected))
      last = each.state;
  return last == review_state::rejected;
}

// Given back by a person's word, and no more has come in since.
bool is_marked_refunded(const order_record& order, const session_facts& facts) {
  return std::any_of(order.to_give_back.begin(), order.to_give_back.end(),
                     [&](const give_back_entry& each) {
                       const auto left = money_left(facts);
                       return each.session_id == facts.id && each.ended_at && !each.by.empty() &&
                              (!left || left->minor_units() <= each.amount.minor_units());
                     });
}

order_outcome outcome_of(const order_record& order, const order_session& session,
                         const observation& seen, const order_naming& naming) {
  return order.expectations.empty() ? decide_unchecked(seen, naming)
                                    : decide(seen, expectation_for(order, session), naming);
}

} // namespace

std::vector<reason> without_situation(std::vector<reason> reasons) {
  reasons.erase(std::remove_if(reasons.begin(), reasons.end(), is_situational), reasons.end());
  return reasons;
}

bool is_play_money(const session_conclusion& found) noexcept {
  return found.rejected && std::find(found.disagreements.begin(), found.disagreements.end(),
                                     reason::livemode_mismatch) != found.disagreements.end();
}

bool has_money(session_money money) noexcept {
  return money >= session_money::on_its_way;
}

expected_order expectation_for(const order_record& order, const order_session& session) {
  const auto newest = static_cast<int>(order.expectations.size()) - 1;
  int index = newest;
  bool known = session.issued;
  bool any_issued = false;
  const std::string named =
      session.facts.checkout ? session.facts.checkout->checkout_attempt : std::string();
  for (const checkout_attempt& each : order.attempts) {
    any_issued = true;
    if (each.number == session.attempt) index = each.expectation;
    // Its answer was lost, and this is the session that it made.
    if (each.session_id.empty() && named == std::to_string(each.number)) {
      known = true;
      index = each.expectation;
    }
  }
  expected_order expected =
      order.expectations[static_cast<std::size_t>(std::clamp(index, 0, newest))];
  std::vector<std::string>& ids = expected.session_ids;
  for (const expected_order& each : order.expectations)
    ids.insert(ids.end(), each.session_ids.begin(), each.session_ids.end());
  for (const checkout_attempt& each : order.attempts)
    if (!each.session_id.empty()) ids.push_back(each.session_id);
  if (known) ids.push_back(session.facts.id);
  for (const order_session& each : order.sessions)
    if (each.issued) ids.push_back(each.facts.id);
  // Without one that is known yet, none is the order's but what the lines above have named.
  if (ids.empty() && any_issued) ids.emplace_back();
  return expected;
}

std::vector<session_conclusion> conclude(const order_record& order, const circumstances& at) {
  // What the order knows is never another shop's, whatever the shop is called by now.
  order_naming naming = at.naming;
  naming.shop.clear();
  std::vector<session_conclusion> all;
  for (const order_session& each : order.sessions) {
    const observation seen = observation_of(each.facts, naming, at.now);
    session_conclusion found{outcome_of(order, each, seen, naming)};
    found.money = money_of(each.facts, decide_unchecked(seen, naming), seen);
    if (each.given_up &&
        (found.money == session_money::unknown || found.money == session_money::can_still_come))
      found.money = session_money::none;
    if (found.money == session_money::in && is_marked_refunded(order, each.facts))
      found.money = session_money::gone_back;
    found.disagreements = disagreements_of(each.facts, seen, found.outcome, found.money);
    found.values = values_of(each.facts, seen, found.disagreements, naming);
    found.waived = !found.disagreements.empty() && is_waived(order, each.facts.id, found);
    found.rejected = is_rejected(order, each.facts.id);
    found.missing = is_missing(each.facts) && !each.given_up;
    found.unclear = is_unclear(each.facts) || is_contradiction(each.facts);
    const bool paid = found.money == session_money::in || found.money == session_money::gone_back;
    found.counts = paid && !found.rejected &&
                   (found.waived ||
                    (found.disagreements.empty() && found.outcome.may_fulfill(order.out_trade_no)));
    all.push_back(std::move(found));
  }
  return all;
}

std::optional<money> money_left(const session_facts& facts) {
  const checkout_facts* said = facts.checkout  ? &*facts.checkout
                               : facts.expired ? &*facts.expired
                                               : nullptr;
  const std::optional<std::int64_t> in = received(facts);
  if (!said || !in || *in <= refunded(facts)) return std::nullopt;
  return money(*in - refunded(facts), said->currency);
}

std::vector<money> amounts_of(const session_facts& facts) {
  const checkout_facts* said = newest_said(facts);
  if (!said || !said->amount_total) return {};
  return {money(*said->amount_total, said->currency)};
}

bool is_refunded(const session_facts& facts) {
  return refunded(facts) > 0;
}

bool is_disputed(const session_facts& facts) {
  return std::any_of(facts.payment_intents.begin(), facts.payment_intents.end(),
                     [](const payment_intent_facts& each) {
                       return each.latest_charge && each.latest_charge->disputed;
                     });
}

const checkout_attempt* open_attempt(const order_record& order) noexcept {
  if (order.attempts.empty()) return nullptr;
  const checkout_attempt& last = order.attempts.back();
  return last.session_id.empty() && !last.given_up ? &last : nullptr;
}

unix_seconds lost_since(const checkout_attempt& attempt) noexcept {
  return later(attempt.deadline, look_delay);
}

const order_session* find_session(const order_record& order, const std::string& id) noexcept {
  const auto at = std::find_if(order.sessions.begin(), order.sessions.end(),
                               [&](const order_session& each) { return each.facts.id == id; });
  return at == order.sessions.end() ? nullptr : &*at;
}

order_session* find_session(order_record& order, const std::string& id) noexcept {
  return const_cast<order_session*>(find_session(std::as_const(order), id));
}

const review_item* find_item(const order_record& order, const std::string& id) noexcept {
  const auto at = std::find_if(order.review_items.begin(), order.review_items.end(),
                               [&](const review_item& each) { return each.id == id; });
  return at == order.review_items.end() ? nullptr : &*at;
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
