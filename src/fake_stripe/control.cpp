#include "fake_stripe/control.hpp"

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/control_json.hpp"
#include "fake_stripe/loopback_url.hpp"

#include <algorithm>
#include <array>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

constexpr std::int64_t longest_move = 10LL * 365 * 24 * 60 * 60;

struct named_action {
  const char* name;
  happening what;
};
constexpr std::array<named_action, 6> actions = {{{"pay", happening::pay},
                                                  {"pay_later", happening::pay_later},
                                                  {"decline", happening::decline},
                                                  {"succeed", happening::succeed},
                                                  {"fail", happening::fail},
                                                  {"expire", happening::expire}}};

json body_of(const request& request) {
  if (request.body.empty()) return json::object();
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw invalid_request("The body is no JSON");
  return body;
}

// What stands between `start` and `end` in `path`, or nothing.
std::optional<std::string> between(const std::string& path, const std::string& start,
                                   const std::string& end) {
  if (path.size() <= start.size() + end.size() || path.compare(0, start.size(), start) != 0 ||
      path.compare(path.size() - end.size(), end.size(), end) != 0) {
    return std::nullopt;
  }
  return path.substr(start.size(), path.size() - start.size() - end.size());
}

} // namespace

reply control::answer(const request& request, std::unique_lock<std::mutex>& lock) {
  try {
    state_.stripe.pass_time(state_.clock.now());
    json answer;
    if (request.method == "POST") {
      answer = post(request.path, body_of(request), lock);
    } else if (request.method == "DELETE" && request.path == "/_fake/faults") {
      state_.faults.clear();
      answer = faults_json(state_.faults);
    } else {
      answer = get(request.path);
    }
    state_.changed.notify_all();
    return json_reply(answer);
  } catch (const api_error& error) {
    return json_reply(error.body(), error.status);
  }
}

json control::get(const std::string& path) {
  if (path == "/_fake/clock") return {{"now", state_.clock.now()}};
  if (path == "/_fake/faults") return faults_json(state_.faults);
  if (path == "/_fake/requests") return requests_json(state_.requests);
  if (path == "/_fake/webhooks") return webhooks_json(state_.deliveries);
  throw unrecognized_url("GET", path);
}

json control::post(const std::string& path, const json& body, std::unique_lock<std::mutex>& lock) {
  if (path == "/_fake/clock") return move_clock(body);
  if (path == "/_fake/faults") return plan_fault(body);
  if (path == "/_fake/webhooks") return plan_webhooks(body);
  if (path == "/_fake/webhooks/flush") return flush_webhooks(lock);
  if (path == "/_fake/reset") {
    state_.reset();
    return {{"now", state_.clock.now()}};
  }
  if (const auto charge = between(path, "/_fake/charges/", "/refund")) return refund(*charge, body);
  const std::string action = path.substr(path.rfind('/') + 1);
  if (const auto session = between(path, "/_fake/sessions/", "/" + action)) {
    return let(*session, action);
  }
  throw unrecognized_url("POST", path);
}

json control::move_clock(const json& body) {
  const control_body given(body, {"advance"});
  state_.clock.advance(given.integer("advance", 0, 0, longest_move));
  state_.stripe.pass_time(state_.clock.now());
  return {{"now", state_.clock.now()}};
}

json control::let(const std::string& session_id, const std::string& action) {
  const auto known =
      std::find_if(actions.begin(), actions.end(),
                   [&action](const named_action& each) { return each.name == action; });
  if (known == actions.end()) {
    throw unrecognized_url("POST", "/_fake/sessions/" + session_id + "/" + action);
  }
  const session& moved = state_.stripe.let(session_id, known->what, {state_.clock.now()});
  return whole_session_json(moved, state_.stripe);
}

json control::refund(const std::string& charge_id, const json& body) {
  const control_body given(body, {"amount"});
  const session& refunded = state_.stripe.refund(
      charge_id, given.has("amount") ? std::optional(given.integer("amount", 0)) : std::nullopt);
  return whole_session_json(refunded, state_.stripe);
}

json control::plan_webhooks(const json& body) {
  const control_body given(body, {"url", "secret", "duplicate", "lose", "reorder", "delay"});
  delivery_plan& deliveries = state_.deliveries;
  const std::string url = given.text("url", deliveries.endpoint.url);
  const std::string signing_secret =
      given.text("secret", deliveries.endpoint.signing_secret.reveal());
  delivery_faults faults = deliveries.faults;
  faults.duplicate = given.integer("duplicate", faults.duplicate);
  faults.lose = given.integer("lose", faults.lose);
  faults.reorder = given.integer("reorder", faults.reorder);
  faults.delay = given.integer("delay", faults.delay);
  if (!url.empty() && !parse_loopback_url(url)) {
    throw invalid_request("It must be http or https to this computer", "url", "url_invalid");
  }
  if (!url.empty() && signing_secret.empty()) throw parameter_missing("secret");
  deliveries.endpoint = {url, signing_secret};
  deliveries.faults = faults;
  return webhooks_json(deliveries);
}

json control::flush_webhooks(std::unique_lock<std::mutex>& lock) {
  const auto ticket = state_.deliveries.flush(state_.clock.now());
  state_.changed.notify_all();
  state_.changed.wait(lock,
                      [&] { return state_.stopping || state_.deliveries.all_attempted(ticket); });
  return webhooks_json(state_.deliveries);
}

json control::plan_fault(const json& body) {
  state_.faults.add(read_fault(body));
  return faults_json(state_.faults);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
