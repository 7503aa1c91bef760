#include "fulfillment/desk.hpp"
#include "fulfillment/list_walk.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// Whether asking about another session is no use either.
bool ends_the_sweep(const error& failure) noexcept {
  return failure.retryable() || failure.code == error_code::unauthorized ||
         failure.code == error_code::invalid_option ||
         failure.code == error_code::missing_secret_key ||
         failure.code == error_code::malformed_secret_key ||
         failure.code == error_code::publishable_key;
}

list_options page_of(unix_seconds since, const std::string& after) {
  list_options options;
  options.priority = call_priority::background;
  options.created_since = since;
  options.starting_after = after;
  return options;
}

} // namespace

// One call of sweep() or adopt_since().
class fulfillment::desk::sweeper {
public:
  sweeper(desk& desk, sweep_budget budget)
      : desk_(desk), budget_(budget), end_(desk.clock_->now() + budget.time) {}

  // Each false: this ends the sweep.
  bool walk_events() {
    return walk<event_page>(
        "events", std::nullopt,
        [this](unix_seconds since, const std::string& after) {
          return desk_.stripe_.events_since(page_of(since, after));
        },
        [this](const event& each) {
          if (each.relevance == event_relevance::unreadable) return hear_unreadable(each);
          const std::optional<observation> observed = observation_of(each);
          return !observed || hear(*observed, "sweep", now());
        });
  }

  bool walk_sessions(const char* cursor, std::optional<unix_seconds> since, const char* who) {
    return walk<session_page>(
        cursor, since,
        [this](unix_seconds from, const std::string& after) {
          return desk_.stripe_.sessions_since(page_of(from, after));
        },
        [this, who](const checkout_session& each) {
          observation listed;
          listed.session = each;
          listed.time = now();
          listed.source = observation_source::listed;
          return hear(listed, who, listed.time);
        });
  }

  bool ask_about_orders() {
    while (true) {
      const auto numbers = desk_.store_.to_ask(now(), numbers_at_once);
      if (!numbers) return failed(numbers.error());
      if (numbers->empty()) return true;
      for (const std::string& each : *numbers)
        if (!ask_about(each)) return false;
    }
  }

  sweep_report report;

private:
  template <class Page, class Fetch, class Hear>
  bool walk(const std::string& name, std::optional<unix_seconds> since, Fetch fetch, Hear each) {
    const auto kept = desk_.store_.cursor(name);
    if (!kept) return failed(kept.error());
    std::string text = *kept;
    list_walk walk = list_walk::read(text, since.value_or(now() - list_walk::first_look_back));
    if (since && walk.is_over_since(*since)) return true;
    while (true) {
      if (!may_ask()) return false;
      const result<Page> page = fetch(walk.from(), walk.after());
      if (!page) {
        desk_.note_refusal(page.error());
        if (!walk.after().empty() && !ends_the_sweep(page.error())) {
          walk.begin_again(); // what the walk stood at is gone
          continue;
        }
        report.failure = page.error();
        return !ends_the_sweep(page.error());
      }
      for (const auto& listed : page->data) {
        if (!each(listed)) return false;
        ++report.heard;
      }
      // The cursor moves when all of the page is recorded, and never before.
      walk.next(*page);
      const auto moved = desk_.store_.move_cursor(name, text, walk.text());
      if (!moved) return failed(moved.error());
      if (*moved) {
        text = walk.text();
      } else { // another host is at it as well: go on where it stands
        const auto theirs = desk_.store_.cursor(name);
        if (!theirs) return failed(theirs.error());
        text = *theirs;
        walk = list_walk::read(text, walk.from());
      }
      if (walk.is_over()) return true;
    }
  }

  bool ask_about(const std::string& out_trade_no) {
    const auto found = desk_.store_.find(out_trade_no);
    if (!found) return failed(found.error());
    if (!*found || !(*found)->expected) return true;
    const order_record& order = **found;
    for (const session_record& each : order.sessions) {
      const result<session_id> id = session_id::parse(each.id);
      if (!id || !is_worth_asking(each)) continue;
      if (!may_ask()) return false;
      if (!ask(*id, order.expected->account)) return false;
    }
    ++report.asked;
    const auto later = desk_.book_.change(out_trade_no, [&](const order_record& now_kept) {
      return now_kept.ask_at > now() ? std::nullopt : ask_later(now_kept, now());
    });
    return later ? true : failed(later.error());
  }

  bool hear_unreadable(const event& listed) {
    const result<session_id> id = session_id::parse(listed.session_id);
    if (!id) {
      report.failure = {error_code::unreadable_event,
                        "Stripe lists an event that cannot be read and names no session: look for "
                        "it in Stripe's dashboard."};
      return true;
    }
    // Of requests it may take more than the budget has: else a page of these would never end.
    if (!desk_.take_turn(end_)) return false;
    ++report.requests;
    return ask(*id, account_of(listed));
  }

  bool ask(const session_id& id, const std::string& account) {
    const auto fetched = desk_.ask(id, account);
    if (fetched) return hear(*fetched, "sweep", fetched->time);
    report.failure = fetched.error();
    return !ends_the_sweep(fetched.error());
  }

  bool hear(const observation& observed, const char* who, unix_seconds at) {
    const auto heard = desk_.book_.hear(observed, who, at);
    return heard ? true : failed(heard.error());
  }

  // Waits until one more request keeps the rate. False: the budget does not allow it.
  bool may_ask() {
    if (report.requests >= budget_.requests) return false;
    const auto begin = desk_.take_turn(end_);
    if (!begin) return false;
    ++report.requests;
    return true;
  }

  bool failed(const error& failure) {
    report.failure = failure;
    return false;
  }

  unix_seconds now() const { return desk_.clock_->unix_time(); }

  desk& desk_;
  const sweep_budget budget_;
  const std::chrono::steady_clock::time_point end_;
};

bool fulfillment::desk::take_turn(std::chrono::steady_clock::time_point end) {
  const std::lock_guard<std::mutex> one_at_a_time(pace_);
  auto now = clock_->now();
  if (next_request_ >= end || now >= end) return false;
  if (now < next_request_) {
    clock_->sleep_for(std::chrono::ceil<std::chrono::milliseconds>(next_request_ - now));
    now = clock_->now();
  }
  const std::chrono::duration<double> pause(2 / options_.requests_per_second);
  next_request_ = now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(pause);
  return true;
}

sweep_report fulfillment::desk::sweep(sweep_budget budget) {
  sweeper one(*this, budget);
  if ((one.report.failure = wrong_option())) return one.report;
  one.report.done = one.walk_events() && one.walk_sessions("sessions", std::nullopt, "sweep") &&
                    one.ask_about_orders();
  return one.report;
}

sweep_report fulfillment::desk::adopt_since(unix_seconds created, sweep_budget budget) {
  sweeper one(*this, budget);
  if ((one.report.failure = wrong_option())) return one.report;
  const std::string cursor = "adopt " + std::to_string(created);
  one.report.done = one.walk_sessions(cursor.c_str(), created, "adopt");
  return one.report;
}

} // namespace v0
} // namespace stripe_return
