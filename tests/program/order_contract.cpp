#include "order_contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using nlohmann::json;
using ::testing::AnyOf;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAreArray;

using names = std::vector<std::string>;

const names order_keys = {"out_trade_no", "stage",        "waits_for",         "pay_again",
                          "may_release",  "expected",     "checkout_attempts", "retry_count",
                          "claim",        "paid_session", "fulfilled_by",      "sessions",
                          "review_items", "to_give_back"};
const names order_times = {"waits_since",  "created_at", "pay_until",   "next_try_at",
                           "next_poll_at", "due_since",  "canceled_at", "released_at"};
const names item_keys = {"review_id",  "session_id", "reasons", "amounts", "values",
                         "with_money", "state",      "verdict", "by",      "note"};
const names session_keys = {
    "session_id", "checkout_attempt", "issued",     "given_up",       "state",    "final",
    "status",     "payment_status",   "mode",       "amount_total",   "currency", "livemode",
    "account",    "created",          "expires_at", "payment_intents"};

// These keys and no other, each of the times with its text.
void expect_keys(const json& object, names keys, const names& times) {
  for (const std::string& each : times) {
    keys.push_back(each);
    keys.push_back(each + "_utc");
  }
  ASSERT_TRUE(object.is_object()) << object;
  names printed;
  for (const auto& each : object.items())
    printed.push_back(each.key());
  EXPECT_THAT(printed, UnorderedElementsAreArray(keys)) << object;
  for (const std::string& each : times) {
    const json& time = object.at(each);
    const json& text = object.at(each + "_utc");
    EXPECT_TRUE(time.is_number_integer() ? text.is_string() : time.is_null() && text.is_null())
        << each << " in " << object;
    if (text.is_string()) {
      EXPECT_THAT(text.get<std::string>(),
                  MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
    }
  }
}

void expect_item(const json& item, names keys) {
  expect_keys(item, std::move(keys), {"opened_at", "resolved_at"});
  EXPECT_THAT(item["state"], AnyOf("open", "accepted", "rejected", "closed"));
  EXPECT_THAT(item["verdict"], AnyOf(nullptr, "accept", "reject"));
}

void expect_order_object(const json& order, bool with_history) {
  names keys = order_keys;
  if (with_history) keys.emplace_back("history");
  expect_keys(order, keys, order_times);
  EXPECT_THAT(order["stage"],
              AnyOf("open", "due", "fulfilled", "closed", "released", "canceled", "unmatched"));
  EXPECT_THAT(order["waits_for"],
              AnyOf("customer", "stripe", "checkout", "expectation", "worker", "lease", "retry",
                    "release", "refund", "person", "nothing"));
  EXPECT_THAT(order["pay_again"], AnyOf("yes", "no", "unknown"));
  EXPECT_TRUE(order["may_release"].is_boolean());
  if (!order["expected"].is_null())
    expect_keys(order["expected"],
                {"amounts", "amount_rule", "mode", "livemode", "account", "session_ids"}, {});
  if (!order["claim"].is_null())
    expect_keys(order["claim"], {"task", "worker"}, {"claimed_at", "lease_expires_at"});
  for (const json& each : order["sessions"])
    expect_keys(each, session_keys, {"observed_at", "not_found_at"});
  for (const json& each : order["review_items"])
    expect_item(each, item_keys);
  for (const json& each : order["to_give_back"])
    expect_keys(each, {"session_id", "amount", "currency", "by"}, {"since", "ended_at"});
  if (!with_history) return;
  for (const json& each : order["history"])
    expect_keys(each, {"who", "action", "session_id", "event_id", "outcome", "reasons", "note"},
                {"at"});
}

json expect_object(const program_run& run) {
  EXPECT_EQ(run.exit_code, 0) << run.output << run.errors;
  EXPECT_EQ(run.errors, "");
  return json::parse(run.output);
}

} // namespace

json expect_order(const program_run& run) {
  json order = expect_object(run);
  expect_order_object(order, true);
  return order;
}

json expect_list(const program_run& run) {
  json list = expect_object(run);
  names keys = {"orders", "unmatched_items", "unreadable", "next_page_token", "stats"};
  if (list.contains("to_give_back")) keys.emplace_back("to_give_back");
  expect_keys(list, keys, {});
  for (const json& each : list["orders"])
    expect_order_object(each, false);
  names with_number = item_keys;
  with_number.emplace_back("out_trade_no");
  for (const json& each : list["unmatched_items"])
    expect_item(each, with_number);
  if (list.contains("to_give_back")) {
    for (const json& each : list["to_give_back"])
      expect_keys(each, {"session_id", "out_trade_no", "amount", "currency"}, {"since"});
  }
  const names lists = {"waiting", "tasks", "polls", "reviews", "to_give_back"};
  names stats = lists;
  stats.emplace_back("livemode");
  expect_keys(list["stats"], stats, {"last_reconciled_at"});
  for (const std::string& each : lists)
    expect_keys(list["stats"][each], {"count"}, {"oldest_at"});
  return list;
}

json expect_result(const program_run& run) {
  json result = expect_object(run);
  expect_keys(result, {"result", "order"}, {});
  if (!result["order"].is_null()) expect_order_object(result["order"], true);
  return result;
}
