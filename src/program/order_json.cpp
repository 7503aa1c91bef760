#include "program/order_json.hpp"

#include "program/utc_time.hpp"

#include <stripe_return/core/decide.hpp>

#include <ctime>
#include <optional>
#include <utility>

namespace program {
namespace {

namespace sr = stripe_return;
using json = nlohmann::ordered_json;

json null_or(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

template <class T> json null_or(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json null_or(const std::optional<sr::livemode>& mode) {
  return mode ? json(*mode == sr::livemode::live) : json(nullptr);
}

void put_time(json& object, const std::string& name, const std::optional<sr::unix_seconds>& time) {
  object[name] = null_or(time);
  object[name + "_utc"] = null_or(time ? utc_time(*time) : std::string());
}

// What is kept has 0 where there is no time.
std::optional<sr::unix_seconds> unless_0(sr::unix_seconds time) {
  return time == 0 ? std::nullopt : std::optional<sr::unix_seconds>(time);
}

json words_of(const std::vector<sr::reason>& reasons) {
  json words = json::array();
  for (const sr::reason each : reasons)
    words.push_back(to_string(each));
  return words;
}

json money_json(const std::vector<sr::money>& amounts) {
  json all = json::array();
  for (const sr::money& each : amounts)
    all.push_back({{"amount", each.minor_units()}, {"currency", each.currency()}});
  return all;
}

json expected_json(const std::vector<sr::expected_order>& expectations) {
  if (expectations.empty()) return nullptr;
  const sr::expected_order& newest = expectations.back();
  return {{"amounts", money_json(newest.amounts)}, {"amount_rule", to_string(newest.amount_rule)},
          {"mode", to_string(newest.mode)},        {"livemode", null_or(newest.livemode)},
          {"account", null_or(newest.account)},    {"session_ids", newest.session_ids}};
}

json claim_json(const std::optional<sr::task_claim>& claim) {
  if (!claim) return nullptr;
  json object = {{"task", to_string(claim->kind)}, {"worker", claim->worker}};
  put_time(object, "claimed_at", claim->claimed_at);
  put_time(object, "lease_expires_at", claim->lease_expires_at);
  return object;
}

json payment_intent_json(const sr::payment_intent_facts& intent) {
  const auto& charge = intent.latest_charge;
  return {{"payment_intent", intent.id},
          {"status", null_or(intent.status.raw())},
          {"amount", null_or(intent.amount)},
          {"amount_received", null_or(intent.amount_received)},
          {"amount_refunded", charge ? json(charge->amount_refunded) : json(nullptr)},
          {"disputed", charge ? json(charge->disputed) : json(nullptr)}};
}

// `state` is what Stripe says of the session. Whether it agrees with the order is told by the
// review items.
json session_json(const sr::order_session& session, const sr::order_naming& naming) {
  const sr::observation seen = observation_of(session.facts, naming);
  const sr::order_outcome outcome =
      decide_unchecked(observation_of(session.facts, naming, std::time(nullptr)), naming);
  json intents = json::array();
  for (const sr::payment_intent_facts& each : session.facts.payment_intents)
    intents.push_back(payment_intent_json(each));
  json object = {{"session_id", session.facts.id},
                 {"checkout_attempt", session.attempt == 0 ? json(nullptr) : json(session.attempt)},
                 {"issued", session.issued},
                 {"given_up", session.given_up},
                 {"state", to_string(outcome.state())},
                 {"final", outcome.final()},
                 {"status", null_or(seen.session.status.raw())},
                 {"payment_status", null_or(seen.session.payment_status.raw())},
                 {"mode", null_or(seen.session.mode.raw())},
                 {"amount_total", null_or(seen.session.amount_total)},
                 {"currency", null_or(seen.session.currency)},
                 {"livemode", null_or(seen.session.livemode)},
                 {"account", null_or(seen.session.account)},
                 {"created", null_or(seen.session.created)},
                 {"expires_at", null_or(seen.session.expires_at)},
                 {"payment_intents", std::move(intents)}};
  put_time(object, "observed_at", unless_0(seen.time));
  const auto& not_found = session.facts.not_found;
  put_time(object, "not_found_at", not_found ? unless_0(not_found->time) : std::nullopt);
  return object;
}

json verdict_json(sr::review_state state) {
  switch (state) {
  case sr::review_state::accepted: return to_string(sr::review_verdict::accept);
  case sr::review_state::rejected: return to_string(sr::review_verdict::reject);
  case sr::review_state::open:
  case sr::review_state::closed: break;
  }
  return nullptr;
}

json item_json(const sr::review_item& item) {
  json object = {{"review_id", item.id},
                 {"session_id", null_or(item.session_id)},
                 {"reasons", words_of(item.reasons)},
                 {"amounts", money_json(item.amounts)},
                 {"values", null_or(item.values)},
                 {"with_money", item.with_money},
                 {"state", to_string(item.state)}};
  put_time(object, "opened_at", item.opened_at);
  object["verdict"] = verdict_json(item.state);
  object["by"] = null_or(item.by);
  object["note"] = null_or(item.note);
  put_time(object, "resolved_at", unless_0(item.resolved_at));
  return object;
}

json give_back_json(const sr::give_back_entry& entry) {
  json object = {{"session_id", entry.session_id},
                 {"amount", entry.amount.minor_units()},
                 {"currency", entry.amount.currency()}};
  put_time(object, "since", entry.since);
  return object;
}

json list_stats_json(const sr::list_stats& list) {
  json object = {{"count", list.count}};
  put_time(object, "oldest_at", unless_0(list.oldest.value_or(0))); // 0: at once
  return object;
}

} // namespace

json order_json(const sr::order_record& order, const sr::order_service& orders,
                const sr::order_naming& naming) {
  const bool is_order = order.stage != sr::order_stage::unmatched;
  json object = {{"out_trade_no", null_or(order.out_trade_no)},
                 {"stage", to_string(order.stage)},
                 {"waits_for", to_string(order.waits_for)}};
  put_time(object, "waits_since", unless_0(order.waits_since));
  object["pay_again"] = to_string(is_order ? orders.view(order).pay_again : sr::pay_again::unknown);
  object["may_release"] = orders.may_release(order);
  object["expected"] = expected_json(order.expectations);
  put_time(object, "created_at", unless_0(order.created_at));
  put_time(object, "pay_until", order.pay_until);
  object["checkout_attempts"] = order.attempts.size();
  object["retry_count"] = order.retry_count;
  put_time(object, "next_try_at", unless_0(order.next_try_at));
  put_time(object, "next_poll_at", unless_0(order.next_poll_at));
  object["claim"] = claim_json(order.claim);
  object["paid_session"] = null_or(order.paid_session);
  object["fulfilled_by"] = order.stage == sr::order_stage::fulfilled
                               ? json(to_string(order.fulfilled_by))
                               : json(nullptr);
  put_time(object, "due_since", unless_0(order.due_since));
  put_time(object, "canceled_at", unless_0(order.canceled_at));
  put_time(object, "released_at", unless_0(order.released_at));
  object["sessions"] = json::array();
  for (const sr::order_session& each : order.sessions)
    object["sessions"].push_back(session_json(each, naming));
  object["review_items"] = json::array();
  for (const sr::review_item& each : order.review_items)
    object["review_items"].push_back(item_json(each));
  object["to_give_back"] = json::array();
  for (const sr::give_back_entry& each : order.to_give_back) {
    json entry = give_back_json(each);
    put_time(entry, "ended_at", each.ended_at);
    entry["by"] = null_or(each.by);
    object["to_give_back"].push_back(std::move(entry));
  }
  return object;
}

json history_json(const std::vector<sr::history_entry>& history) {
  json lines = json::array();
  for (const sr::history_entry& each : history) {
    json line = json::object();
    put_time(line, "at", each.at);
    line.update({{"who", each.who},
                 {"action", to_string(each.action)},
                 {"session_id", null_or(each.session_id)},
                 {"event_id", null_or(each.event_id)},
                 {"outcome", null_or(each.outcome)},
                 {"reasons", words_of(each.reasons)},
                 {"note", null_or(each.note)}});
    lines.push_back(std::move(line));
  }
  return lines;
}

json unmatched_items_json(const sr::order_record& unmatched, const sr::order_naming& naming) {
  json items = json::array();
  std::string number;
  for (const sr::order_session& each : unmatched.sessions)
    number = order_number_of(observation_of(each.facts, naming).session, naming);
  for (const sr::review_item& each : unmatched.review_items) {
    json item = item_json(each);
    item["out_trade_no"] = null_or(number);
    items.push_back(std::move(item));
  }
  return items;
}

json to_give_back_json(const sr::order_record& order) {
  json entries = json::array();
  for (const sr::give_back_entry& each : order.to_give_back) {
    if (each.ended_at) continue;
    json entry = give_back_json(each);
    entry["out_trade_no"] = null_or(order.out_trade_no);
    entries.push_back(std::move(entry));
  }
  return entries;
}

json stats_json(const sr::order_stats& stats) {
  json object = {{"livemode", null_or(stats.livemode)},
                 {"waiting", list_stats_json(stats.waiting)},
                 {"tasks", list_stats_json(stats.tasks)},
                 {"polls", list_stats_json(stats.polls)},
                 {"reviews", list_stats_json(stats.reviews)},
                 {"to_give_back", list_stats_json(stats.to_give_back)}};
  put_time(object, "last_reconciled_at", stats.last_reconciled);
  return object;
}

} // namespace program
