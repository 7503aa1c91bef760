#include "program/order_json.hpp"

#include <algorithm>
#include <string>

namespace program {
namespace {

namespace sr = stripe_return;
using json = nlohmann::ordered_json;

json null_or(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json null_or(std::int64_t number) {
  return number == 0 ? json(nullptr) : json(number);
}

json words_of(const std::vector<sr::reason>& reasons) {
  json words = json::array();
  for (const sr::reason each : reasons)
    words.push_back(to_string(each));
  return words;
}

json expected_json(const std::optional<sr::expected_order>& expected) {
  if (!expected) return nullptr;
  json amounts = json::array();
  for (const sr::money& each : expected->amounts)
    amounts.push_back({{"amount", each.minor_units()}, {"currency", each.currency()}});
  return {{"amounts", std::move(amounts)}, {"account", null_or(expected->account)}};
}

json session_json(const sr::session_record& session) {
  return {{"session_id", session.id},
          {"attempt", null_or(session.attempt)},
          {"state", to_string(session.state)},
          {"final", session.final},
          {"next_step", to_string(session.next_step)},
          {"pay_again", to_string(session.pay_again)},
          {"created", null_or(session.created)},
          {"reviewed", session.reviewed}};
}

const char* awaiting_waits_for(const sr::order_record& order) {
  if (!order.expected) return "expectation";
  const auto any = [&](auto matches) {
    return std::any_of(order.sessions.begin(), order.sessions.end(), matches);
  };
  if (any([](const sr::session_record& each) {
        return each.state == sr::order_state::processing ||
               each.state == sr::order_state::undetermined;
      }))
    return "stripe";
  if (any([](const sr::session_record& each) {
        return each.state == sr::order_state::awaiting_payment;
      }))
    return "customer";
  return "checkout";
}

} // namespace

const char* waits_for(const sr::order_record& order, sr::unix_seconds now) {
  if (order.held ||
      (!order.review.empty() && order.stage == sr::order_stage::awaiting && order.expected))
    return "person";
  switch (order.stage) {
  case sr::order_stage::awaiting: return awaiting_waits_for(order);
  case sr::order_stage::due:
    if (order.lease > now) return "lease";
    return order.due_at > now ? "retry" : "run_due";
  case sr::order_stage::fulfilled:
  case sr::order_stage::closed:
  case sr::order_stage::rejected: break;
  }
  return order.review.empty() ? "nothing" : "person";
}

json order_json(const sr::order_record& order, sr::unix_seconds now) {
  json sessions = json::array();
  for (const sr::session_record& each : order.sessions)
    sessions.push_back(session_json(each));
  return {{"out_trade_no", order.out_trade_no},
          {"stage", to_string(order.stage)},
          {"waits_for", waits_for(order, now)},
          {"held", order.held},
          {"review", words_of(order.review)},
          {"expected", expected_json(order.expected)},
          {"attempts", order.attempts},
          {"sessions", std::move(sessions)},
          {"paid_session", null_or(order.paid_session)},
          {"due_since", null_or(order.due_since)},
          {"lease", null_or(order.lease)},
          {"tries", order.tries},
          {"due_at", null_or(order.due_at)},
          {"asks", order.asks},
          {"ask_at", null_or(order.ask_at)},
          {"version", order.version}};
}

json history_json(const std::vector<sr::history_entry>& history) {
  json lines = json::array();
  for (const sr::history_entry& each : history)
    lines.push_back({{"at", each.at},
                     {"who", each.who},
                     {"what", each.what},
                     {"session_id", null_or(each.session_id)},
                     {"event_id", null_or(each.event_id)},
                     {"reasons", words_of(each.reasons)},
                     {"note", null_or(each.note)}});
  return lines;
}

} // namespace program
