#include "orders/reconcile_pass.hpp"

#include "orders/store_stamp.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// Nothing that can still be paid is older.
constexpr unix_seconds first_look_back = 25 * 60 * 60;
// Longer than any pass, and short enough to be added to a time.
constexpr std::chrono::hours longest_pass{24 * 365};
constexpr const char* all_read = "done";

bool is_of_store(const error& failure) {
  return failure.code == error_code::store_unavailable || failure.code == error_code::store_newer ||
         failure.code == error_code::wrong_store || failure.code == error_code::inside_transaction;
}

// Whether every other request would fail likewise.
bool is_of_configuration(const error& failure) {
  return failure.code == error_code::unauthorized || failure.code == error_code::invalid_option ||
         failure.code == error_code::missing_secret_key ||
         failure.code == error_code::malformed_secret_key ||
         failure.code == error_code::publishable_key || failure.code == error_code::wrong_thread;
}

// Whether what is kept of the session holds what the event says of its payment.
bool is_known(const session_facts& facts, orders::session_money money, const event& of) {
  using orders::session_money;
  const bool was_in = money == session_money::in || money == session_money::gone_back;
  if (of.type == event_type::payment_intent_succeeded) return was_in;
  if (of.type == event_type::payment_intent_amount_capturable_updated)
    return was_in || money == session_money::authorized;
  const bool of_charge =
      of.type == event_type::charge_refunded || of.type == event_type::charge_dispute_created;
  for (const payment_intent_facts& each : facts.payment_intents) {
    if (each.id != of.payment_intent || (of_charge && !each.latest_charge)) continue;
    const observed_at& at = of_charge ? each.latest_charge->at : each.at;
    return at.clock == clock_source::stripe && of.created && at.time > *of.created;
  }
  return false;
}

} // namespace

reconciler::reconciler(order_service orders) : orders_(std::move(orders)) {}

reconcile_report reconciler::run(reconcile_budget budget) {
  pass one(*orders_.impl_, budget);
  one.run();
  return std::move(one.report);
}

reconcile_report reconciler::backfill_since(unix_seconds created, reconcile_budget budget) {
  pass one(*orders_.impl_, budget);
  one.backfill_since(created);
  return std::move(one.report);
}

reconciler::pass::pass(order_service::impl& state, reconcile_budget budget)
    : state_(state), requests_((std::max)(budget.requests, 0)),
      end_(state.time.now() + std::clamp<std::chrono::milliseconds>(
                                  budget.time, std::chrono::milliseconds(0), longest_pass)) {}

void reconciler::pass::run() {
  if (const auto usable = state_.ready(); !usable) return failed(usable.error());
  begin_phase("events", 3);
  const bool events = read_events();
  begin_phase("sessions", 2);
  const bool sessions = read_sessions();
  begin_phase("polls", 1);
  const bool polls = poll_orders();
  if (!events || !sessions || !polls) return;
  const auto kept = orders::keep_reconciled(state_.repository.store(), state_.time.unix_time());
  if (!kept) return failed(kept.error());
  report.complete = true;
}

void reconciler::pass::backfill_since(unix_seconds created) {
  if (const auto usable = state_.ready(); !usable) return failed(usable.error());
  begin_phase("sessions", 1);
  order_store& store = state_.repository.store();
  const std::string name = cursor_name("backfill") + '/' + std::to_string(created);
  const result<std::string> before = store.value(name);
  if (!before) return failed(before.error());
  if (*before != all_read) {
    const bool over = read_list<session_page>(
        name, created, false,
        [this](unix_seconds since, const std::string& after) {
          return sessions_page(since, after);
        },
        [this](const checkout_session& each) { return take(each); });
    if (!over) return;
    const result<std::string> last = store.value(name);
    if (!last) return failed(last.error());
    // Where somebody else was faster, it has said so.
    const result<bool> kept = store.change_value(name, *last, all_read);
    if (!kept) return failed(kept.error());
  }
  report.complete = true;
}

void reconciler::pass::begin_phase(const char* name, int phases) {
  phase_ = name;
  const int left = (std::max)(requests_ - report.requests, 0);
  phase_requests_ = report.requests + left / phases + (left % phases == 0 ? 0 : 1);
  const auto now = state_.time.now();
  phase_end_ = now + (std::max)(end_ - now, std::chrono::steady_clock::duration(0)) / phases;
}

bool reconciler::pass::may_ask() const {
  return report.requests < phase_requests_ && state_.time.now() < phase_end_;
}

bool reconciler::pass::is_overspent() const {
  return report.requests > phase_requests_ || state_.time.now() >= phase_end_;
}

void reconciler::pass::failed(const error& failure, std::string subject) {
  if (report.failures.size() < most_reported)
    report.failures.push_back({phase_, std::move(subject), failure});
}

bool reconciler::pass::pass_over(const error& failure, std::string subject) {
  failed(failure, std::move(subject));
  if (failure.code == error_code::store_corrupt) ++report.unreadable;
  return !is_of_store(failure) && !is_of_configuration(failure);
}

std::string reconciler::pass::cursor_name(const char* list) const {
  const result<livemode> mode = state_.stripe.key_mode();
  return std::string(list) + '/' + state_.stripe.account() + '/' +
         (mode ? std::string(to_string(*mode)) : std::string());
}

template <class Page, class Fetch, class Take>
bool reconciler::pass::read_list(const std::string& name, unix_seconds first, bool look_back,
                                 Fetch fetch, Take take_item) {
  const auto stop = [this](const error& failure) {
    failed(failure);
    return false;
  };
  order_store& store = state_.repository.store();
  result<std::string> text = store.value(name);
  if (!text) return stop(text.error());
  orders::list_cursor cursor = orders::list_cursor::read(*text, first);
  if (look_back) cursor.look_back_to(first);
  // What has come since an earlier pass began this reading is newer than all of it.
  bool resumed = !cursor.is_over();
  // Either it or the application's clock is wrong: Stripe says which.
  bool doubtful = cursor.is_ahead_of(state_.time.unix_time());
  while (true) {
    if (!may_ask()) return false;
    ++report.requests;
    const orders::list_cursor asked = doubtful ? orders::list_cursor::read({}, first) : cursor;
    const result<Page> page = fetch(asked.from(), asked.after());
    if (!page) {
      state_.note_refusal(page.error());
      if (page.error().code == error_code::permission_denied && phase_ == "events") {
        report.blind = true;
        return true;
      }
      const bool refused = page.error().code == error_code::bad_request ||
                           page.error().code == error_code::session_not_found;
      if (!refused || asked.is_over()) return stop(page.error());
      cursor.begin_again(); // what it stood at is gone
      continue;
    }
    if (doubtful) {
      doubtful = false;
      const auto newest = std::find_if(page->data.begin(), page->data.end(),
                                       [](const auto& each) { return each.created.has_value(); });
      if (newest != page->data.end() && !cursor.is_ahead_of(*newest->created)) continue;
      cursor = asked;
    }
    const int requests = report.requests;
    std::size_t count = 0;
    for (const auto& each : page->data) {
      // The page is there already: what costs no more is recorded.
      if (report.requests != requests && is_overspent()) break;
      if (!take_item(each)) return false;
      ++count;
    }
    cursor.pass(*page, count);
    if (cursor.text() != *text) {
      const result<bool> moved = store.change_value(name, *text, cursor.text());
      if (!moved) return stop(moved.error());
      if (*moved) {
        text = cursor.text();
      } else { // another process reads it as well: go on where it stands
        text = store.value(name);
        if (!text) return stop(text.error());
        if (*text == all_read) return true;
        cursor = orders::list_cursor::read(*text, first);
      }
    }
    if (count < page->data.size()) return false;
    if (!cursor.is_over()) continue;
    if (!resumed) return true;
    resumed = false;
    if (look_back) cursor.look_back_to(first);
  }
}

bool reconciler::pass::read_events() {
  return read_list<event_page>(
      cursor_name("events"), state_.time.unix_time() - first_look_back, false,
      [this](unix_seconds since, const std::string& after) {
        list_options how;
        how.priority = call_priority::background;
        how.created_since = since;
        how.starting_after = after;
        return state_.stripe.events_since(how);
      },
      [this](const event& each) { return take(each); });
}

bool reconciler::pass::read_sessions() {
  return read_list<session_page>(
      cursor_name("sessions"), state_.time.unix_time() - first_look_back, report.blind,
      [this](unix_seconds since, const std::string& after) { return sessions_page(since, after); },
      [this](const checkout_session& each) { return take(each); });
}

result<session_page> reconciler::pass::sessions_page(unix_seconds since,
                                                     const std::string& after) const {
  list_options how;
  how.priority = call_priority::background;
  how.created_since = since;
  how.starting_after = after;
  return state_.stripe.sessions_since(how);
}

bool reconciler::pass::take(const event& listed) {
  switch (listed.relevance) {
  case event_relevance::handled:
    if (const auto seen = observation_of(listed)) return record(*seen, listed.id);
    [[fallthrough]];
  case event_relevance::unreadable:
    return take_unreadable(listed.session_id, account_of(listed), listed.id);
  case event_relevance::payment_intent: return take_payment(listed);
  case event_relevance::other_type:
  case event_relevance::other_livemode:
  case event_relevance::other_account: break;
  }
  return true;
}

bool reconciler::pass::take(const checkout_session& listed) {
  if (listed.object.empty()) return take_unreadable(listed.id, {}, {});
  observation seen;
  seen.session = listed;
  seen.time = state_.time.unix_time();
  seen.source = observation_source::listed;
  if (const result<livemode> mode = state_.stripe.key_mode()) seen.livemode = *mode;
  return record(seen, {});
}

bool reconciler::pass::take_unreadable(const std::string& session, const std::string& account,
                                       const std::string& event_id) {
  const result<session_id> id = session_id::parse(session);
  if (!id) {
    ++report.unreadable;
    failed({error_code::unreadable_event,
            "Stripe lists an event or a session that cannot be read and names no session: look for "
            "it in Stripe's dashboard."});
    return true;
  }
  retrieve_options how;
  how.account = account;
  how.priority = call_priority::background;
  ++report.requests;
  result<observation> fetched = state_.fetch(*id, how);
  if (!fetched) return pass_over(fetched.error(), id->str());
  return record(*fetched, event_id);
}

bool reconciler::pass::take_payment(const event& listed) {
  result<std::optional<order_record>> found = state_.repository.find_by_id(listed.payment_intent);
  if (!found) return pass_over(found.error());
  if (!*found) return true;
  order_record& order = **found;
  const std::vector<orders::session_conclusion> concluded = conclude(order, state_.now());
  for (std::size_t i = 0; i != concluded.size(); ++i) {
    const session_facts& facts = order.sessions[i].facts;
    const bool is_its = std::any_of(
        facts.payment_intents.begin(), facts.payment_intents.end(),
        [&](const payment_intent_facts& each) { return each.id == listed.payment_intent; });
    if (!is_its) continue;
    if (is_known(facts, concluded[i].money, listed)) return true;
    const std::string id = facts.id;
    const std::optional<error> failure = read_again(order, id);
    return !failure || pass_over(*failure, id);
  }
  return true;
}

bool reconciler::pass::record(const observation& seen, const std::string& event_id) {
  result<order_service::impl::recorded> done =
      state_.record(seen, {"reconciler", event_id}, call_priority::background);
  if (!done) {
    const bool asked = !is_of_store(done.error()) && done.error().code != error_code::store_corrupt;
    if (asked) ++report.requests;
    return pass_over(done.error(), seen.session.id);
  }
  report.requests += done->requests;
  if (done->changed) ++report.observations;
  if (done->added) ++report.unmatched;
  if (!done->order || !end_sessions(*done->order)) return true;
  const std::optional<error> failure = read_again(*done->order);
  return !failure || pass_over(*failure, seen.session.id);
}

} // namespace v0
} // namespace stripe_return
