#include "fulfillment/order_book.hpp"

#include <stripe_return/fulfillment/order_record.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <type_traits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using nlohmann::json;

error corrupt(const char* what) {
  return {error_code::store_corrupt, what};
}

// The enumerator that is spelled so, of those from the first to `last`.
template <class Enum> std::optional<Enum> spelled(std::string_view word, Enum last) {
  for (unsigned value = 0; value <= static_cast<unsigned>(last); ++value) {
    const auto each = static_cast<Enum>(value);
    if (to_string(each) == word) return each;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> amount_rules{"total_exact", "subtotal_exact",
                                                       "total_at_least", "unchecked"};
constexpr std::array<std::string_view, 5> modes{"absent", "unrecognized", "payment", "setup",
                                                "subscription"};

template <std::size_t N>
std::size_t place_of(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i != N; ++i)
    if (words[i] == word) return i;
  throw std::exception();
}

template <class Enum> Enum enum_at(const json& object, const char* key, Enum last) {
  const auto found = spelled(object.at(key).get_ref<const std::string&>(), last);
  if (!found) throw std::exception();
  return *found;
}

// nlohmann's own conversion would cut what does not fit.
template <class Integer> Integer integer(const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()))
      return static_cast<Integer>(number);
  } else if (value.is_number_integer()) { // below zero
    const auto number = value.get<std::int64_t>();
    if (std::is_signed_v<Integer> && number >= std::int64_t{std::numeric_limits<Integer>::min()})
      return static_cast<Integer>(number);
  }
  throw std::exception();
}

// The list under the key: nlohmann goes through null as through a list without elements.
const json& list_at(const json& object, const char* key) {
  const json& list = object.at(key);
  if (!list.is_array()) throw std::exception();
  return list;
}

template <class Integer> void read_if_there(const json& object, const char* key, Integer& value) {
  if (const auto at = object.find(key); at != object.end()) value = integer<Integer>(*at);
}

json json_of(const expected_order& expected) {
  json amounts = json::array();
  for (const money& each : expected.amounts)
    amounts.push_back({{"amount", each.minor_units()}, {"currency", each.currency()}});
  json written{{"amounts", std::move(amounts)},
               {"amount_rule", amount_rules.at(static_cast<std::size_t>(expected.amount_rule))},
               {"mode", modes.at(static_cast<std::size_t>(expected.mode))}};
  if (expected.livemode) written["livemode"] = *expected.livemode == livemode::live;
  if (!expected.account.empty()) written["account"] = expected.account;
  if (!expected.session_ids.empty()) written["session_ids"] = expected.session_ids;
  return written;
}

expected_order expected_of(const json& object, const std::string& out_trade_no) {
  expected_order expected;
  expected.out_trade_no = out_trade_no;
  for (const json& each : list_at(object, "amounts"))
    expected.amounts.emplace_back(integer<std::int64_t>(each.at("amount")),
                                  each.at("currency").get<std::string>());
  expected.amount_rule = static_cast<amount_rule>(
      place_of(amount_rules, object.at("amount_rule").get_ref<const std::string&>()));
  expected.mode =
      static_cast<session_mode>(place_of(modes, object.at("mode").get_ref<const std::string&>()));
  if (const auto at = object.find("livemode"); at != object.end())
    expected.livemode = at->get<bool>() ? livemode::live : livemode::test;
  expected.account = object.value("account", std::string());
  if (const auto at = object.find("session_ids"); at != object.end())
    expected.session_ids = at->get<std::vector<std::string>>();
  return expected;
}

json json_of(const session_record& session) {
  json written{{"id", session.id}, {"state", to_string(session.state)}};
  if (session.attempt != 0) written["attempt"] = session.attempt;
  if (session.final) written["final"] = true;
  if (session.created != 0) written["created"] = session.created;
  if (session.reviewed) written["reviewed"] = true;
  written["next_step"] = to_string(session.next_step);
  written["pay_again"] = to_string(session.pay_again);
  return written;
}

session_record session_of(const json& object) {
  session_record session;
  session.id = object.at("id").get<std::string>();
  read_if_there(object, "attempt", session.attempt);
  session.state = enum_at(object, "state", order_state::needs_review);
  session.final = object.value("final", false);
  read_if_there(object, "created", session.created);
  session.reviewed = object.value("reviewed", false);
  session.next_step = enum_at(object, "next_step", next_step::none);
  session.pay_again = enum_at(object, "pay_again", pay_again::unknown);
  return session;
}

order_record record_of(const json& object) {
  order_record order;
  order.out_trade_no = object.at("out_trade_no").get<std::string>();
  if (const auto at = object.find("expected"); at != object.end())
    order.expected = expected_of(*at, order.out_trade_no);
  order.stage = enum_at(object, "stage", order_stage::rejected);
  read_if_there(object, "attempts", order.attempts);
  read_if_there(object, "attempt_at", order.attempt_at);
  for (const json& each : list_at(object, "sessions"))
    order.sessions.push_back(session_of(each));
  order.paid_session = object.value("paid_session", std::string());
  result<std::vector<reason>> review = parse_reasons(object.value("review", std::string()));
  if (!review) throw std::exception();
  order.review = *std::move(review);
  order.held = object.value("held", false);
  read_if_there(object, "token", order.token);
  read_if_there(object, "lease", order.lease);
  read_if_there(object, "tries", order.tries);
  read_if_there(object, "due_at", order.due_at);
  read_if_there(object, "due_since", order.due_since);
  read_if_there(object, "asks", order.asks);
  read_if_there(object, "ask_at", order.ask_at);
  order.version = integer<std::uint64_t>(object.at("version"));
  return order;
}

} // namespace

std::string to_text(const order_record& order) {
  json sessions = json::array();
  for (const session_record& each : order.sessions)
    sessions.push_back(json_of(each));
  json written{{"out_trade_no", order.out_trade_no},
               {"stage", to_string(order.stage)},
               {"sessions", std::move(sessions)},
               {"version", order.version}};
  if (order.expected) written["expected"] = json_of(*order.expected);
  const auto unless_empty = [&](const char* key, const auto& value) {
    if (value != std::decay_t<decltype(value)>()) written[key] = value;
  };
  unless_empty("attempts", order.attempts);
  unless_empty("attempt_at", order.attempt_at);
  unless_empty("paid_session", order.paid_session);
  unless_empty("review", to_text(order.review));
  unless_empty("held", order.held);
  unless_empty("token", order.token);
  unless_empty("lease", order.lease);
  unless_empty("tries", order.tries);
  unless_empty("due_at", order.due_at);
  unless_empty("due_since", order.due_since);
  unless_empty("asks", order.asks);
  unless_empty("ask_at", order.ask_at);
  // An order number that is no UTF-8 cannot come back as it was, but it must not throw.
  return written.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string to_text(const std::vector<reason>& reasons) {
  std::string text;
  for (const reason each : reasons) {
    if (!text.empty()) text += ' ';
    text += to_string(each);
  }
  return text;
}

bool is_utf8(std::string_view text) {
  try {
    (void)json(text).dump();
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

result<order_record> parse_order_record(std::string_view text) {
  try {
    return record_of(json::parse(text));
  } catch (const std::exception&) {
    return corrupt("an order in the store cannot be read: restore it from a backup");
  }
}

result<std::vector<reason>> parse_reasons(std::string_view text) {
  std::vector<reason> reasons;
  for (bool more = !text.empty(); more;) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto found = spelled(text.substr(0, end), reason::unrecognized_status);
    if (!found) return corrupt("a reason in the store cannot be read: restore it from a backup");
    reasons.push_back(*found);
    more = end != text.size();
    text.remove_prefix(more ? end + 1 : end);
  }
  return reasons;
}

} // namespace v0
} // namespace stripe_return
