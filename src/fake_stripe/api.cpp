#include "fake_stripe/api.hpp"

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/expansion.hpp"
#include "fake_stripe/object_json.hpp"
#include "fake_stripe/session_request.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

constexpr const char* sessions_path = "/v1/checkout/sessions";
constexpr const char* events_path = "/v1/events";
constexpr std::size_t longest_id = 66; // in the path

// The segments of `path` after `start`, or nothing where it does not stand below it.
std::vector<std::string> segments_below(const std::string& path, const std::string& start) {
  if (path.compare(0, start.size() + 1, start + "/") != 0) return {};
  std::vector<std::string> segments;
  std::size_t at = start.size() + 1;
  while (true) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end == at) return {};
    segments.push_back(path.substr(at, end - at));
    if (end == path.size()) return segments;
    at = end + 1;
  }
}

json expanded(json answer, const parameters& given, const account& account) {
  expand(answer, given.texts("expand"), account);
  return answer;
}

} // namespace

parameters read_parameters(const request& request) {
  return parameters(decode_form(request.method == "GET" ? request.query : request.body));
}

api::api(account& account, std::function<int(const std::string&)> pending_webhooks)
    : account_(account), pending_webhooks_(std::move(pending_webhooks)) {}

json api::answer(const request& request, const parameters& given, const cause& why) {
  const bool is_get = request.method == "GET";
  const bool is_post = request.method == "POST";
  if (request.path == sessions_path && is_post) return create(given, why);
  if (request.path == sessions_path && is_get) return list_sessions(given);
  if (request.path == events_path && is_get) return list_events(given, why.now);

  const std::vector<std::string> session = segments_below(request.path, sessions_path);
  if (!session.empty() && session[0].size() > longest_id) {
    throw invalid_request("Invalid string: must be at most 66 characters", "session");
  }
  if (session.size() == 1 && is_get) {
    given.allow_only({"expand"});
    return expanded(session_json(account_.find(session[0])), given, account_);
  }
  if (session.size() == 2 && session[1] == "expire" && is_post) {
    given.allow_only({"expand"});
    return expanded(session_json(account_.let(session[0], happening::expire, why)), given,
                    account_);
  }
  if (session.size() == 2 && session[1] == "line_items" && is_get) {
    return list_line_items(session[0], given);
  }
  const std::vector<std::string> event_id = segments_below(request.path, events_path);
  if (event_id.size() == 1 && is_get) {
    given.allow_only({"expand"});
    for (const event* each : account_.events(why.now)) {
      if (each->id == event_id[0]) return show(*each);
    }
    throw resource_missing("event", event_id[0], "id");
  }
  throw unrecognized_url(request.method, request.path);
}

json api::create(const parameters& given, const cause& why) {
  session_request asked = read_session_request(given, why.now);
  // On an account of its own first: what cannot be expanded leaves no session behind.
  account trial({}, [](const event&) {});
  expanded(session_json(trial.create(asked, why.now)), given, trial);
  return expanded(session_json(account_.create(std::move(asked), why.now)), given, account_);
}

json api::list_sessions(const parameters& given) {
  given.allow_only({"created", "customer", "customer_account", "customer_details", "ending_before",
                    "expand", "limit", "payment_intent", "payment_link", "starting_after", "status",
                    "subscription"});
  const page_request request = read_page_request(given);
  const time_range created = read_created(given);
  const auto status = given.one_of("status", {"open", "complete", "expired"});
  const auto intent = given.text("payment_intent", longest_text);
  // No session here has one of these.
  const bool none = given.has("customer") || given.has("customer_account") ||
                    given.has("customer_details") || given.has("payment_link") ||
                    given.has("subscription");
  const auto wanted = [&](const session& each) {
    return !none && created.contains(each.created) &&
           (!status || to_string(each.state.status) == *status) &&
           (!intent || (each.intent && each.intent->id == *intent));
  };
  const list_page<session> page =
      take_page<session>(account_.sessions(), request, "checkout.session", wanted);
  json data = json::array();
  for (const session* each : page.objects)
    data.push_back(session_json(*each));
  return expanded(list_json(std::move(data), page.has_more, sessions_path), given, account_);
}

json api::list_line_items(const std::string& id, const parameters& given) {
  given.allow_only({"ending_before", "expand", "limit", "starting_after"});
  const session& session = account_.find(id);
  std::vector<const bought_item*> all;
  for (const bought_item& each : session.asked.items)
    all.push_back(&each);
  const list_page<bought_item> page = take_page<bought_item>(
      all, read_page_request(given), "item", [](const bought_item&) { return true; });
  json data = json::array();
  for (const bought_item* each : page.objects)
    data.push_back(line_item_json(session, *each));
  const std::string url = std::string(sessions_path) + "/" + id + "/line_items";
  return expanded(list_json(std::move(data), page.has_more, url), given, account_);
}

json api::list_events(const parameters& given, unix_seconds now) {
  given.allow_only({"created", "delivery_success", "ending_before", "expand", "limit",
                    "starting_after", "type", "types"});
  const page_request request = read_page_request(given);
  const time_range created = read_created(given);
  const auto type = given.text("type", longest_text);
  const std::vector<std::string> types = given.texts("types");
  if (type && !types.empty()) throw invalid_request("You may pass either type or types", "types");
  const auto delivered = given.boolean("delivery_success");
  const auto wanted = [&](const event& each) {
    return created.contains(each.created) && (!type || each.type == *type) &&
           (types.empty() || std::find(types.begin(), types.end(), each.type) != types.end()) &&
           (!delivered || *delivered == (pending_webhooks_(each.id) == 0));
  };
  const list_page<event> page = take_page<event>(account_.events(now), request, "event", wanted);
  json data = json::array();
  for (const event* each : page.objects)
    data.push_back(show(*each));
  return list_json(std::move(data), page.has_more, events_path);
}

json api::show(const event& event) {
  json shown = event.json;
  shown["pending_webhooks"] = pending_webhooks_(event.id);
  return shown;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
