#include <stripe_return/orders/order_record.hpp>

#include "core/enum_names.hpp"
#include "orders/order_text.hpp"
#include "orders/settle.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(order_stage stage) noexcept {
  constexpr std::string_view names[] = {"open",     "due",      "fulfilled", "closed",
                                        "released", "canceled", "unmatched"};
  return enum_name(stage, names);
}

std::string_view to_string(waits_for whom) noexcept {
  constexpr std::string_view names[] = {"customer", "stripe", "checkout", "expectation",
                                        "worker",   "lease",  "retry",    "release",
                                        "refund",   "person", "nothing"};
  return enum_name(whom, names);
}

std::string_view to_string(task_kind kind) noexcept {
  constexpr std::string_view names[] = {"fulfill", "release"};
  return enum_name(kind, names);
}

std::string_view to_string(fulfilled_by how) noexcept {
  constexpr std::string_view names[] = {"worker", "session", "elsewhere", "unknown"};
  return enum_name(how, names);
}

std::string_view to_string(review_verdict verdict) noexcept {
  constexpr std::string_view names[] = {"accept", "reject"};
  return enum_name(verdict, names);
}

std::string_view to_string(review_state state) noexcept {
  constexpr std::string_view names[] = {"open", "accepted", "rejected", "closed"};
  return enum_name(state, names);
}

std::string_view to_string(history_action action) noexcept {
  constexpr std::string_view names[] = {
      "expected",       "repriced",   "attempt_begun",   "answer_lost",      "attempt_given_up",
      "session_issued", "observed",   "not_found",       "session_given_up", "claimed",
      "lease_extended", "lease_lost", "claim_given_up",  "fulfilled",        "released",
      "retry_later",    "gave_up",    "closed",          "canceled",         "marked_fulfilled",
      "accepted",       "rejected",   "marked_refunded", "polled",           "notified"};
  return enum_name(action, names);
}

std::string order_key(std::string_view out_trade_no) {
  return std::string("order:").append(out_trade_no);
}

std::string unmatched_key(std::string_view session_id) {
  return std::string("session:").append(session_id);
}

order_row row_of(const order_record& order) {
  order_row row;
  row.key = order.stage == order_stage::unmatched && !order.sessions.empty()
                ? unmatched_key(order.sessions.front().facts.id)
                : order_key(order.out_trade_no);
  row.version = order.version;
  row.text = to_text(order);
  row.index.stage = to_string(order.stage);
  row.index.waits_for = to_string(order.waits_for);
  const auto set = [&](order_list list, unix_seconds time) { row.index.time(list) = time; };
  const auto set_first = [&](order_list list, unix_seconds time) {
    std::optional<unix_seconds>& first = row.index.time(list);
    first = first ? std::min(*first, time) : time;
  };
  set(order_list::all, order.created_at);
  if (order.waits_for != waits_for::nothing) set(order_list::waiting, order.waits_since);
  if (orders::is_for_worker(order))
    set(order_list::task, order.claim ? order.claim->lease_expires_at : order.next_try_at);
  if (order.next_poll_at != 0) set(order_list::poll, order.next_poll_at);
  if (order.news_version > order.notified_version) set(order_list::changed, order.news_at);
  for (const review_item& each : order.review_items)
    if (each.state == review_state::open) set_first(order_list::review, each.opened_at);
  for (const give_back_entry& each : order.to_give_back)
    if (orders::is_to_be_given_back(each)) set_first(order_list::to_give_back, each.since);
  return row;
}

} // namespace v0
} // namespace stripe_return
