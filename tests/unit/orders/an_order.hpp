// An order of 4.00 yuan, what Stripe can say of its sessions, and the steps that it takes.
#pragma once

#include "orders/attempts.hpp"
#include "orders/decisions.hpp"
#include "orders/observing.hpp"
#include "orders/settle.hpp"
#include "orders/tasks.hpp"

#include <stripe_return/core/observation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace an_order {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;

inline constexpr sr::unix_seconds noon = 1774267200;
inline constexpr sr::unix_seconds hour = 3600;

inline rules::circumstances at(sr::unix_seconds now = noon) {
  rules::circumstances at;
  at.now = now;
  return at;
}

inline sr::expected_order expected(std::int64_t amount = 400) {
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts.emplace_back(amount, "cny");
  order.livemode = sr::livemode::test;
  return order;
}

inline sr::metadata named(std::string number, std::string attempt = {}) {
  std::vector<sr::metadata::entry> entries{{"out_trade_no", std::move(number)}};
  if (!attempt.empty()) entries.emplace_back("checkout_attempt", std::move(attempt));
  return sr::metadata(std::move(entries));
}

// What Stripe says of a session. It begins as an open one of the order's.
struct session_seen {
  sr::observation seen;

  explicit session_seen(std::string id, sr::unix_seconds time = noon) {
    seen.time = time;
    seen.clock = sr::clock_source::stripe;
    seen.livemode = sr::livemode::test;
    sr::checkout_session& session = seen.session;
    session.id = std::move(id);
    session.mode = sr::open_enum<sr::session_mode>("payment");
    session.livemode = sr::livemode::test;
    session.of_own_account = true;
    session.created = noon - hour;
    session.expires_at = noon + 23 * hour;
    session.amount_total = session.amount_subtotal = 400;
    session.currency = "cny";
    session.metadata = named("A1");
    words("open", "unpaid");
  }
  session_seen& words(const char* status, const char* payment_status) {
    seen.session.status = sr::open_enum<sr::session_status>(status);
    seen.session.payment_status = sr::open_enum<sr::session_payment_status>(payment_status);
    return *this;
  }
  session_seen& paid() {
    words("complete", "paid");
    return intent("succeeded", seen.session.amount_total.value_or(0));
  }
  session_seen& processing() {
    words("complete", "unpaid");
    return intent("processing", 0);
  }
  session_seen& expired() { return words("expired", "unpaid"); }
  session_seen& amount(std::int64_t amount) {
    seen.session.amount_total = seen.session.amount_subtotal = amount;
    return *this;
  }
  session_seen& intent(const char* status, std::int64_t received) {
    seen.session.payment_intent.emplace();
    seen.session.payment_intent->id = "pi_" + seen.session.id;
    seen.session.payment_intent->status = sr::open_enum<sr::payment_intent_status>(status);
    seen.session.payment_intent->amount = seen.session.amount_total;
    seen.session.payment_intent->amount_received = received;
    return *this;
  }
  session_seen& refunded(std::int64_t amount, bool disputed = false) {
    seen.session.payment_intent->latest_charge = sr::session_charge{amount, disputed};
    return *this;
  }
  session_seen& disputed() { return refunded(0, true); }
  session_seen& recoverable(sr::unix_seconds until) {
    seen.session.recovery = sr::session_recovery{sr::secret("https://recover.test"), until};
    return *this;
  }
  session_seen& attempt(int number) {
    seen.session.metadata = named("A1", std::to_string(number));
    return *this;
  }
  session_seen& number(const char* out_trade_no) {
    seen.session.metadata = named(out_trade_no);
    return *this;
  }
};

// Of the session that issue("cs_own") makes.
inline session_seen own(sr::unix_seconds seconds_after_noon = 5) {
  session_seen of_own("cs_own", noon + seconds_after_noon);
  return of_own.attempt(1);
}

inline const rules::source webhook{"webhook", "evt_1"};

// Takes steps one after another, as a repository would.
class test_order {
public:
  explicit test_order(sr::expected_order order = expected())
      : order_(rules::expect(std::move(order), std::nullopt, "application", at()).order) {}
  explicit test_order(sr::order_record order) : order_(std::move(order)) {}

  const sr::order_record& order() const { return order_; }
  const sr::order_record* operator->() const { return &order_; }
  sr::unix_seconds now = noon;

  bool take(std::optional<rules::step> step) {
    if (step) order_ = std::move(step->order);
    return step.has_value();
  }
  // A checkout whose session is issued.
  test_order& issue(const std::string& id) {
    take(rules::begin_attempt(order_, now + 80, at(now)));
    const int number = order_.attempts.back().number;
    take(rules::issue_session(order_, number, session_seen(id).attempt(number).seen, at(now)));
    return *this;
  }
  test_order& observe(const session_seen& what) {
    take(rules::observe(order_, what.seen, webhook, at(now)));
    return *this;
  }
  bool claim(int max_tries = 20) {
    rules::worker_terms terms;
    terms.worker = "w1";
    terms.max_tries = max_tries;
    return take(rules::claim(order_, terms, at(now))) && order_.claim;
  }
  bool finish(sr::task_result result, int max_tries = 20) {
    rules::worker_terms terms;
    terms.max_tries = max_tries;
    return take(rules::finish(order_, order_.fencing_token, result, terms, "", at(now)));
  }
  test_order& fulfill() {
    claim();
    finish(sr::task_result::done);
    return *this;
  }
  test_order& release() { return fulfill(); }
  template <class Word> Word take(rules::decided<Word> decided) {
    take(std::move(decided.change));
    return decided.word;
  }
  sr::close_result close() { return take(rules::close(order_, "application", at(now))); }
  sr::cancel_result cancel() { return take(rules::cancel(order_, "Ann", at(now))); }
  sr::mark_result mark(sr::fulfilled_by how, const std::string& session = {}) {
    return take(rules::mark_fulfilled(order_, how, session, "Ann", at(now)));
  }
  sr::resolve_result resolve(const std::string& item, sr::review_verdict verdict,
                             const std::string& account = {}) {
    return take(rules::resolve(order_, {item, verdict, "Ann", "looked", account}, at(now)));
  }
  // The one open item.
  sr::resolve_result resolve(sr::review_verdict verdict, const std::string& account = {}) {
    return resolve(open_item()->id, verdict, account);
  }
  sr::resolve_result accept() { return resolve(sr::review_verdict::accept); }
  sr::resolve_result reject() { return resolve(sr::review_verdict::reject); }
  const sr::review_item* open_item() const {
    for (const sr::review_item& each : order_.review_items)
      if (each.state == sr::review_state::open) return &each;
    return nullptr;
  }
  std::vector<sr::reason> open_reasons() const {
    std::vector<sr::reason> all;
    for (const sr::review_item& each : order_.review_items)
      if (each.state == sr::review_state::open)
        all.insert(all.end(), each.reasons.begin(), each.reasons.end());
    return all;
  }
  std::int64_t to_give_back() const {
    std::int64_t sum = 0;
    for (const sr::give_back_entry& each : order_.to_give_back)
      if (!each.ended_at) sum += each.amount.minor_units();
    return sum;
  }
  sr::pay_again pay_again() const { return rules::pay_again_of(order_, at(now)); }

private:
  sr::order_record order_;
};

} // namespace an_order
