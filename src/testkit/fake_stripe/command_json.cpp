#include "testkit/fake_stripe/command_json.hpp"

#include "testkit/fake_stripe/expansion.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <algorithm>
#include <array>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

// What Stripe is known to answer instead of doing what it was asked for.
constexpr std::array<int, 8> fault_statuses = {403, 409, 424, 429, 500, 502, 503, 504};

struct named_kind {
  const char* name;
  fault_kind kind;
};
constexpr std::array<named_kind, 4> kinds = {{{"latency", fault_kind::latency},
                                              {"status", fault_kind::status},
                                              {"cut", fault_kind::cut},
                                              {"stall", fault_kind::stall}}};

const char* name_of(delivery_state state) {
  switch (state) {
  case delivery_state::pending: return "pending";
  case delivery_state::held: return "held";
  case delivery_state::delivered: return "delivered";
  case delivery_state::failed: return "failed";
  case delivery_state::lost: break;
  }
  return "lost";
}

const char* name_of(event_payload payload) {
  switch (payload) {
  case event_payload::snapshot: return "snapshot";
  case event_payload::thin: return "thin";
  case event_payload::both: break;
  }
  return "both";
}

} // namespace

command_body::command_body(const std::string& text, const std::vector<std::string_view>& members)
    : json_(text.empty() ? json::object() : json::parse(text, nullptr, false)) {
  if (json_.is_discarded()) throw invalid_request("The body is no JSON");
  if (!json_.is_object()) throw invalid_request("The body must be a JSON object");
  for (const auto& each : json_.items()) {
    if (std::find(members.begin(), members.end(), each.key()) == members.end()) {
      throw invalid_request("There is no such member: " + each.key(), each.key());
    }
  }
}

std::string command_body::text(const char* key, const std::string& otherwise) const {
  if (!has(key)) return otherwise;
  if (!json_[key].is_string()) throw invalid_request("It must be text", key);
  return json_[key];
}

std::int64_t command_body::integer(const char* key, std::int64_t otherwise, std::int64_t least,
                                   std::int64_t most) const {
  if (!has(key)) return otherwise;
  const json& value = json_[key];
  if (!value.is_number_integer() || value < least || value > most) {
    throw invalid_request(
        "It must be an integer from " + std::to_string(least) + " to " + std::to_string(most), key);
  }
  return value;
}

std::optional<bool> command_body::boolean(const char* key) const {
  if (!has(key)) return std::nullopt;
  if (!json_[key].is_boolean()) throw invalid_request("It must be true or false", key);
  return json_[key].get<bool>();
}

std::optional<std::int64_t> command_body::integer(const char* key) const {
  if (!has(key)) return std::nullopt;
  return integer(key, 0);
}

std::vector<std::string> command_body::texts(const char* key) const {
  if (!has(key)) return {};
  const json& list = json_[key];
  const bool fits = list.is_array() && std::all_of(list.begin(), list.end(), [](const json& each) {
                      return each.is_string();
                    });
  if (!fits) throw invalid_request("It must be a list of texts", key);
  return list.get<std::vector<std::string>>();
}

std::map<std::string, std::string> command_body::texts_by_key(const char* key) const {
  if (!has(key)) return {};
  const json& object = json_[key];
  const bool fits =
      object.is_object() &&
      std::all_of(object.begin(), object.end(), [](const json& each) { return each.is_string(); });
  if (!fits) throw invalid_request("It must be an object with texts", key);
  return object.get<std::map<std::string, std::string>>();
}

event_payload read_payload(const command_body& given, event_payload otherwise) {
  const std::string word = given.text("payload", name_of(otherwise));
  for (const event_payload each :
       {event_payload::snapshot, event_payload::thin, event_payload::both}) {
    if (word == name_of(each)) return each;
  }
  throw invalid_request("It is snapshot, thin or both", "payload");
}

fault read_fault(const command_body& given) {
  fault read;
  const std::string kind = given.text("kind", "");
  const auto known = std::find_if(kinds.begin(), kinds.end(),
                                  [&kind](const named_kind& each) { return each.name == kind; });
  if (known == kinds.end()) throw invalid_request("It is latency, status, cut or stall", "kind");
  read.kind = known->kind;
  read.method = given.text("method", "");
  read.path_prefix = given.text("path_prefix", read.path_prefix);
  read.count = given.integer("count", read.count, 1);
  read.latency = std::chrono::milliseconds(given.integer("latency_ms", 0));
  if (given.has("latency_ms") != (read.kind == fault_kind::latency)) {
    throw invalid_request("It belongs to latency, and latency needs it", "latency_ms");
  }
  read.status = static_cast<int>(given.integer("status", 0));
  read.code = given.text("code", read.status == 429 ? "rate_limit" : "");
  read.should_retry = given.boolean("should_retry");
  const bool documented =
      std::find(fault_statuses.begin(), fault_statuses.end(), read.status) != fault_statuses.end();
  if (read.kind == fault_kind::status && !documented) {
    throw invalid_request("It is 403, 409, 424, 429, 500, 502, 503 or 504", "status");
  }
  if (read.kind != fault_kind::status &&
      (given.has("status") || given.has("code") || given.has("should_retry"))) {
    throw invalid_request("status, code and should_retry belong to the kind status", "kind");
  }
  return read;
}

json faults_json(const fault_plan& faults) {
  json all = json::array();
  for (const fault& each : faults.planned()) {
    const auto known = std::find_if(kinds.begin(), kinds.end(), [&each](const named_kind& named) {
      return named.kind == each.kind;
    });
    all.push_back(
        {{"kind", known->name}, {"path_prefix", each.path_prefix}, {"count", each.count}});
  }
  return {{"data", std::move(all)}};
}

json requests_json(const request_log& requests) {
  json all = json::array();
  for (const logged_request& each : requests.all()) {
    all.push_back({{"method", each.method},
                   {"path", each.path},
                   {"query", each.query},
                   {"idempotency_key", text_or_null(each.idempotency_key)},
                   {"stripe_account", text_or_null(each.stripe_account)},
                   {"stripe_version", text_or_null(each.stripe_version)}});
  }
  return {{"data", std::move(all)}};
}

json webhooks_json(const delivery_plan& deliveries) {
  json all = json::array();
  for (const auto& entry : deliveries.all()) {
    const delivery& each = entry.second;
    json attempts = json::array();
    for (const delivery_attempt& attempt : each.attempts) {
      attempts.push_back({{"time", attempt.time},
                          {"status", attempt.status == 0 ? json(nullptr) : json(attempt.status)}});
    }
    all.push_back({{"event", each.event_id},
                   {"type", each.type},
                   {"session", each.session_id},
                   {"state", name_of(each.state)},
                   {"due", each.due},
                   {"attempts", std::move(attempts)}});
  }
  return {{"url", text_or_null(deliveries.endpoint.url)},
          {"events", deliveries.endpoint.event_types},
          {"payload", name_of(deliveries.endpoint.payload)},
          {"duplicate", deliveries.faults.duplicate},
          {"lose", deliveries.faults.lose},
          {"reorder", deliveries.faults.reorder},
          {"delay", deliveries.faults.delay},
          {"data", std::move(all)}};
}

json whole_session_json(const session& session, const account& account) {
  json shown = session_json(session);
  expand(shown, {"payment_intent.latest_charge"}, account);
  return shown;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
