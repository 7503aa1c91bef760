#include "output_contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

using nlohmann::json;
using ::testing::AnyOf;

using kind = bool (*)(const json&);

struct key_and_kind {
  const char* key;
  kind is_right;
};

bool is_boolean(const json& value) {
  return value.is_boolean();
}
bool is_boolean_or_null(const json& value) {
  return value.is_boolean() || value.is_null();
}
bool is_integer_or_null(const json& value) {
  return value.is_number_integer() || value.is_null();
}
// Stripe's "" is printed as null.
bool is_text_or_null(const json& value) {
  return value.is_null() || (value.is_string() && !value.get_ref<const std::string&>().empty());
}
bool is_word(const json& value) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return false;
  const std::string& word = value.get_ref<const std::string&>();
  return word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
}
bool is_sorted_set_of_words(const json& value) {
  if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_word)) return false;
  const auto not_before = [](const json& a, const json& b) { return !(a < b); };
  return std::adjacent_find(value.begin(), value.end(), not_before) == value.end();
}
bool is_one_line(const json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty() &&
         value.get_ref<const std::string&>().find('\n') == std::string::npos;
}
bool is_http_status_or_null(const json& value) {
  return value.is_null() || (value.is_number_integer() && value >= 100 && value <= 599);
}
bool is_object(const json& value) {
  return value.is_object();
}
bool is_object_or_null(const json& value) {
  return value.is_object() || value.is_null();
}
bool is_200(const json& value) {
  return value == 200;
}
bool is_refusal(const json& value) {
  return value == 400 || value == 500;
}

const std::vector<key_and_kind> outcome_keys = {
    {"state", is_word},
    {"final", is_boolean},
    {"may_fulfill", is_boolean},
    {"may_release", is_boolean},
    {"pay_again", is_word},
    {"out_trade_no", is_text_or_null},
    {"session_id", is_text_or_null},
    {"status", is_text_or_null},
    {"payment_status", is_text_or_null},
    {"mode", is_text_or_null},
    {"amount_total", is_integer_or_null},
    {"currency", is_text_or_null},
    {"livemode", is_boolean_or_null},
    {"created", is_integer_or_null},
    {"expires_at", is_integer_or_null},
    {"payment_intent", is_text_or_null},
    {"confirmed_by_stripe", is_boolean},
    {"reasons", is_sorted_set_of_words},
    {"next_step", is_word},
};

const std::vector<key_and_kind> error_keys = {
    {"code", is_word},
    {"message", is_one_line},
    {"http_status", is_http_status_or_null},
    {"stripe_code", is_text_or_null},
    {"request_id", is_text_or_null},
    {"retryable", is_boolean},
};

const std::vector<key_and_kind> event_keys = {
    {"event_id", is_text_or_null},
    {"event_type", is_text_or_null},
    {"livemode", is_boolean_or_null},
    {"account", is_text_or_null},
    {"session_id", is_text_or_null},
    {"thin", is_boolean},
    {"answer", is_200},
    {"outcome", is_object_or_null},
};

// The text must be one JSON object, these keys and no other, none of them twice.
json expect_object(const std::string& text, const std::vector<key_and_kind>& keys) {
  std::vector<std::string> printed;
  const auto keep = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::key && depth == 1) printed.push_back(parsed);
    return true;
  };
  json object = json::parse(text, keep, false);
  EXPECT_TRUE(object.is_object()) << text;
  std::vector<std::string> wanted;
  for (const key_and_kind& each : keys) {
    wanted.emplace_back(each.key);
    EXPECT_TRUE(object.contains(each.key) && each.is_right(object[each.key]))
        << each.key << " in " << text;
  }
  EXPECT_THAT(printed, ::testing::UnorderedElementsAreArray(wanted)) << text;
  if (!object.is_object()) object = json::object();
  for (const std::string& key : wanted)
    object.emplace(key, nullptr); // so that a missing key fails the tests and does not end them
  return object;
}

json expect_outcome_object(const std::string& text) {
  json outcome = expect_object(text, outcome_keys);
  EXPECT_THAT(outcome["state"],
              AnyOf("paid", "no_payment_required", "processing", "failed", "awaiting_payment",
                    "expired", "undetermined", "needs_review", "foreign"));
  EXPECT_THAT(outcome["pay_again"], AnyOf("yes", "no", "unknown"));
  EXPECT_THAT(outcome["next_step"], AnyOf("fulfill", "wait", "ask_again", "resume", "new_checkout",
                                          "recover", "contact_shop", "none"));
  return outcome;
}

json expect_error_object(const program_run& run, const std::vector<key_and_kind>& keys) {
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.errors, "");
  json object = expect_object(run.output, keys);
  object["error"] = expect_object(object["error"].dump(), error_keys);
  return object;
}

} // namespace

json expect_outcome(const program_run& run) {
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.errors, "");
  return expect_outcome_object(run.output);
}

json expect_event(const program_run& run) {
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.errors, "");
  json event = expect_object(run.output, event_keys);
  if (!event["outcome"].is_null()) expect_outcome_object(event["outcome"].dump());
  return event;
}

json expect_refused_event(const program_run& run, const std::string& code, int answer) {
  json object = expect_error_object(run, {{"error", is_object}, {"answer", is_refusal}});
  EXPECT_EQ(object["error"]["code"], code);
  EXPECT_EQ(object["answer"], answer);
  return object["error"];
}

json expect_error(const program_run& run) {
  return expect_error_object(run, {{"error", is_object}})["error"];
}

json expect_error(const program_run& run, const std::string& code) {
  json error = expect_error(run);
  EXPECT_EQ(error["code"], code);
  return error;
}

void expect_usage(const program_run& run) {
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, ::testing::MatchesRegex("stripe-return[a-z -]*: [^\n]+\n"
                                                  "Try 'stripe-return[a-z -]* --help'\\.\n"));
}

bool has_reason(const json& outcome, const std::string& reason) {
  const json& reasons = outcome["reasons"];
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}
