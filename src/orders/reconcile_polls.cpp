#include "core/ascii.hpp"
#include "orders/reconcile_pass.hpp"
#include "orders/time_arithmetic.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using orders::circumstances;
using orders::session_conclusion;
using orders::session_money;

// No poll is put off so far: a clock that was wrong wrote it.
constexpr std::chrono::hours longest_delay{48};
// Where so many polls in a row get no answer at all, Stripe cannot be reached.
constexpr int most_unanswered = 5;
// So many sessions are read to see that the key still reads old ones.
constexpr int most_tries_for_older = 2;

bool is_put_off(const order_record& order, unix_seconds now) {
  return order.next_poll_at > now && order.next_poll_at <= orders::later(now, longest_delay);
}

bool is_over(order_stage stage) {
  return stage != order_stage::open && stage != order_stage::unmatched;
}

// A person has said that nobody is to pay it.
bool is_rejected(const order_record& order, const std::string& session_id) {
  return std::any_of(order.review_items.begin(), order.review_items.end(),
                     [&](const review_item& each) {
                       return each.state == review_state::rejected && each.session_id == session_id;
                     });
}

// Those that are open and that nobody is to pay.
std::vector<std::string> sessions_to_end(const order_record& order, const circumstances& at) {
  const std::vector<session_conclusion> found = conclude(order, at);
  bool has_money = false, has_recovery = false;
  for (std::size_t i = 0; i != found.size(); ++i) {
    has_money = has_money || (orders::has_money(found[i].money) && !found[i].rejected);
    has_recovery = has_recovery || (found[i].money == session_money::can_still_come &&
                                    order.sessions[i].facts.expired);
  }
  const bool is_late = order.pay_until && at.now >= *order.pay_until && !has_recovery;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i != found.size(); ++i) {
    const session_facts& facts = order.sessions[i].facts;
    if (found[i].money != session_money::can_still_come || facts.expired) continue;
    const bool rejected = is_rejected(order, facts.id) && !found[i].waived;
    if (has_money || is_late || is_over(order.stage) || rejected) ids.push_back(facts.id);
  }
  return ids;
}

const checkout_facts* said_of(const session_facts& facts) {
  for (const auto* each : {&facts.checkout, &facts.expired})
    if (*each) return &**each;
  return nullptr;
}

} // namespace

bool reconciler::pass::poll_orders() {
  const unix_seconds now = state_.time.unix_time();
  return poll_rows({}, now) && poll_rows(list_position{orders::later(now, longest_delay), {}},
                                         (std::numeric_limits<unix_seconds>::max)());
}

bool reconciler::pass::poll_rows(std::optional<list_position> after, unix_seconds until) {
  row_query rows;
  rows.list = order_list::poll;
  rows.until = until;
  rows.after = std::move(after);
  while (true) {
    const result<std::vector<order_row>> read = state_.repository.store().list(rows);
    if (!read) {
      failed(read.error());
      return false;
    }
    for (const order_row& each : *read) {
      rows.after = list_position{each.index.time(rows.list).value_or(0), each.key};
      result<order_record> order = parse_order_row(each);
      if (!order) {
        const std::string begin = order_key({});
        const bool is_order = starts_with(each.key, begin);
        pass_over(order.error(), is_order ? each.key.substr(begin.size()) : each.key);
        continue;
      }
      if (!may_ask() || !poll(*std::move(order))) return false;
    }
    if (read->size() < rows.limit) return true;
  }
}

bool reconciler::pass::poll(order_record order) {
  ++report.polled;
  const std::string number = order.out_trade_no;
  const std::string key = row_of(order).key;
  const std::optional<error> failure = read_again(order);
  if (failure && !pass_over(*failure, number)) return false;
  unanswered_ = failure && failure->http_status == 0 ? unanswered_ + 1 : 0;
  give_up_missing(order);
  // It backs off, whatever came of it.
  const auto put_off = state_.repository.change(
      key, [this](const order_record& kept) -> std::optional<orders::step> {
        const circumstances at = state_.now();
        if (kept.next_poll_at == 0 || is_put_off(kept, at.now)) return std::nullopt;
        return polled(kept, at);
      });
  if (!put_off && !pass_over(put_off.error(), number)) return false;
  return unanswered_ < most_unanswered;
}

std::optional<error> reconciler::pass::read_again(order_record& order, const std::string& keep) {
  std::optional<error> failure;
  for (int i = 0; i != 2; ++i) {
    const bool ended = end_sessions(order);
    if (i != 0 && !ended) break; // nothing that was read says that more are to be ended
    const order_record before = order;
    auto read = state_.refresh(order, "reconciler", call_priority::background, false, keep);
    if (!read) return read.error();
    report.requests += read->requests;
    order = std::move(read->order);
    failure = std::move(read->failure);
    for (const order_session& each : order.sessions) {
      const order_session* known = orders::find_session(before, each.facts.id);
      if (known == nullptr || orders::says_more(known->facts, each.facts)) ++report.observations;
      if (each.facts.expired && tried_to_end_.count(each.facts.id) != 0)
        ended_.insert(each.facts.id);
    }
  }
  report.ended = static_cast<int>(ended_.size());
  return failure;
}

bool reconciler::pass::end_sessions(const order_record& order) {
  bool any = false;
  for (const std::string& each : sessions_to_end(order, state_.now())) {
    const result<session_id> id = session_id::parse(each);
    if (!id || !tried_to_end_.insert(each).second) continue;
    ++report.requests;
    state_.expire(*id, order_service::impl::account_of(order, each), call_priority::background);
    any = true;
  }
  return any;
}

void reconciler::pass::give_up_missing(order_record& order) {
  for (const order_session& each : std::vector<order_session>(order.sessions)) {
    const std::string& id = each.facts.id;
    if (each.given_up || !may_give_up(order, id, state_.now())) continue;
    const checkout_facts* said = said_of(each.facts);
    const std::string account = order_service::impl::account_of(order, each.facts);
    if (!said || !said->created || !reads_older(account, *said->created)) continue;
    const auto given_up = state_.repository.change(
        row_of(order).key, [&](const order_record& kept) -> std::optional<orders::step> {
          const circumstances at = state_.now();
          if (!may_give_up(kept, id, at)) return std::nullopt;
          return give_up_session(kept, id, at);
        });
    if (!given_up)
      failed(given_up.error(), order.out_trade_no);
    else if (*given_up)
      order = (*given_up)->order;
  }
}

// Whether the key reads a session that is older: then one that it does not find is gone, and not
// another account's.
bool reconciler::pass::reads_older(const std::string& account, unix_seconds created) {
  read_session& known = oldest_read_[account];
  if (known.created) return *known.created < created;
  const result<std::vector<order_row>> rows = state_.repository.store().list({});
  if (!rows) return false;
  for (const order_row& row : *rows) {
    const result<order_record> order = parse_order_row(row);
    if (!order) continue;
    for (const order_session& each : order->sessions) {
      if (order_service::impl::account_of(*order, each.facts) != account) continue;
      const checkout_facts* said = said_of(each.facts);
      const result<session_id> id = session_id::parse(each.facts.id);
      if (!id || !said || !said->created || *said->created >= created || each.facts.not_found)
        continue;
      if (known.tries == most_tries_for_older) return false;
      ++known.tries;
      ++report.requests;
      retrieve_options how;
      how.account = account;
      how.priority = call_priority::background;
      if (!state_.fetch(*id, how)) continue;
      known.created = said->created;
      return true;
    }
  }
  return false;
}

} // namespace v0
} // namespace stripe_return
