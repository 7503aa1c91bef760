#include "testkit/fake_stripe/command.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/loopback_url.hpp"
#include "testkit/fake_stripe/route.hpp"

#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

constexpr std::int64_t longest_move = 10LL * 365 * 24 * 60 * 60;

json show_clock(const command_call& call) {
  return {{"now", call.stripe.now()}};
}

json move_clock(const command_call& call) {
  call.stripe.advance(call.given.integer("advance", 0, 0, longest_move));
  call.stripe.pass_time();
  return show_clock(call);
}

template <session_action what> json apply(const command_call& call) {
  account& owner = call.stripe.account_of_session(call.id);
  return whole_session_json(owner.apply(call.id, what, {call.stripe.now()}), owner);
}

json capture(const command_call& call) {
  account& owner = call.stripe.account_of_session(call.id);
  const session& authorized = owner.find(call.id);
  if (!authorized.intent) throw invalid_request("There is nothing to capture");
  return whole_session_json(
      owner.capture(authorized.intent->id, call.given.integer("amount"), {call.stripe.now()}),
      owner);
}

json update(const command_call& call) {
  account& owner = call.stripe.account_of_session(call.id);
  const session& before = owner.find(call.id);
  session_update changed;
  if (call.given.has("metadata")) changed.metadata = call.given.texts_by_key("metadata");
  if (call.given.has("discount") || call.given.has("shipping") || call.given.has("tax")) {
    changed.changes = {call.given.integer("discount", before.changes.discount),
                       call.given.integer("shipping", before.changes.shipping),
                       call.given.integer("tax", before.changes.tax)};
  }
  return whole_session_json(owner.update(call.id, std::move(changed), call.stripe.now()), owner);
}

json present(const command_call& call) {
  account& owner = call.stripe.account_of_session(call.id);
  presentment shown;
  shown.currency = call.given.text("currency", "");
  shown.amount = call.given.integer("amount", 0, 1);
  shown.rate = call.given.text("fx_rate", "1");
  shown.converts = call.given.boolean("currency_conversion").value_or(false);
  if (shown.currency.empty()) throw parameter_missing("currency");
  session_update changed;
  changed.presented = std::move(shown);
  return whole_session_json(owner.update(call.id, std::move(changed), call.stripe.now()), owner);
}

json recover(const command_call& call) {
  const account& owner = call.stripe.account_of_session(call.id);
  const std::string& url = owner.find(call.id).recovery_url;
  const std::size_t path = url.find(recovery_path);
  const session* made = path == std::string::npos
                            ? nullptr
                            : call.stripe.recover(url.substr(path + recovery_path.size()));
  if (made == nullptr) throw invalid_request("It has no recovery link, or not any more");
  return whole_session_json(*made, owner);
}

json refund_charge(const command_call& call) {
  account& owner = call.stripe.account_of_charge(call.id);
  owner.give_back(call.id, call.given.integer("amount"), {}, {call.stripe.now()});
  return whole_session_json(owner.find(owner.charges().find(call.id)->session_id), owner);
}

json dispute_charge(const command_call& call) {
  account& owner = call.stripe.account_of_charge(call.id);
  return whole_session_json(owner.dispute(call.id, {call.stripe.now()}), owner);
}

json show_webhooks(const command_call& call) {
  return webhooks_json(call.stripe.deliveries);
}

json plan_webhooks(const command_call& call) {
  const command_body& given = call.given;
  webhook_endpoint endpoint = call.stripe.deliveries.endpoint;
  endpoint.url = given.text("url", endpoint.url);
  endpoint.signing_secret = secret(given.text("secret", endpoint.signing_secret.reveal()));
  if (given.has("url") && endpoint.url.empty()) endpoint.signing_secret = {}; // nobody is told
  if (given.has("events")) endpoint.event_types = given.texts("events");
  endpoint.payload = read_payload(given, endpoint.payload);
  delivery_faults faults = call.stripe.deliveries.faults;
  faults.duplicate = given.integer("duplicate", faults.duplicate);
  faults.lose = given.integer("lose", faults.lose);
  faults.reorder = given.integer("reorder", faults.reorder);
  faults.delay = given.integer("delay", faults.delay);
  if (!endpoint.url.empty() && !parse_loopback_url(endpoint.url)) {
    throw invalid_request("It must be http or https to this computer", "url", "url_invalid");
  }
  if (!endpoint.url.empty() && endpoint.signing_secret.empty()) throw parameter_missing("secret");
  call.stripe.deliveries.endpoint = std::move(endpoint);
  call.stripe.deliveries.faults = faults;
  return show_webhooks(call);
}

json flush_webhooks(const command_call& call) {
  call.stripe.deliveries.flush(call.stripe.now());
  return show_webhooks(call);
}

json show_faults(const command_call& call) {
  return faults_json(call.stripe.faults);
}

json plan_fault(const command_call& call) {
  call.stripe.faults.add(read_fault(call.given));
  return show_faults(call);
}

json clear_faults(const command_call& call) {
  call.stripe.faults.clear();
  return show_faults(call);
}

json show_requests(const command_call& call) {
  return requests_json(call.stripe.requests);
}

json show_accounts(const command_call& call) {
  json all = json::array();
  for (const account_name& each : call.stripe.accounts())
    all.push_back(each.id);
  return {{"data", std::move(all)}};
}

json add_account(const command_call& call) {
  const std::string id = call.given.text("id", "");
  if (!starts_with(id, "acct_")) throw invalid_request("It must begin with acct_", "id");
  call.stripe.add_account({id, secret(call.given.text("secret_key", ""))});
  return show_accounts(call);
}

json reset(const command_call& call) {
  call.stripe.reset();
  return show_clock(call);
}

constexpr command_route known_commands[] = {
    {"GET", "/_fake/clock", "", "tells the time", show_clock},
    {"POST", "/_fake/clock", "advance", "moves it so many seconds on", move_clock},
    {"POST", "/_fake/sessions/:id/pay", "", "the customer pays", apply<session_action::pay>},
    {"POST", "/_fake/sessions/:id/pay_later", "", "the customer pays by a method that takes days",
     apply<session_action::pay_later>},
    {"POST", "/_fake/sessions/:id/decline", "", "the customer's card is declined",
     apply<session_action::decline>},
    {"POST", "/_fake/sessions/:id/succeed", "", "the delayed payment arrives",
     apply<session_action::succeed>},
    {"POST", "/_fake/sessions/:id/fail", "", "the delayed payment fails",
     apply<session_action::fail>},
    {"POST", "/_fake/sessions/:id/capture", "amount", "the merchant captures what was authorized",
     capture},
    {"POST", "/_fake/sessions/:id/cancel_payment", "", "the merchant voids it",
     apply<session_action::cancel_payment>},
    {"POST", "/_fake/sessions/:id/expire", "", "the session expires",
     apply<session_action::expire>},
    {"POST", "/_fake/sessions/:id/recover", "", "the customer opens the recovery link", recover},
    {"POST", "/_fake/sessions/:id/update", "discount metadata shipping tax",
     "amounts or metadata change", update},
    {"POST", "/_fake/sessions/:id/present", "amount currency currency_conversion fx_rate",
     "the customer sees another currency", present},
    {"POST", "/_fake/charges/:id/refund", "amount", "money goes back, in part or whole",
     refund_charge},
    {"POST", "/_fake/charges/:id/dispute", "", "the customer disputes the charge", dispute_charge},
    {"GET", "/_fake/webhooks", "", "settings and deliveries", show_webhooks},
    {"POST", "/_fake/webhooks", "delay duplicate events lose payload reorder secret url",
     "sets where, how and what goes wrong", plan_webhooks},
    {"POST", "/_fake/webhooks/flush", "", "attempts all that wait", flush_webhooks},
    {"GET", "/_fake/faults", "", "those to come", show_faults},
    {"POST", "/_fake/faults", "code count kind latency_ms method path_prefix should_retry status",
     "makes requests to the API fail", plan_fault},
    {"DELETE", "/_fake/faults", "", "ends all faults", clear_faults},
    {"GET", "/_fake/requests", "", "what the API was asked", show_requests},
    {"GET", "/_fake/accounts", "", "their ids", show_accounts},
    {"POST", "/_fake/accounts", "id secret_key", "connects one more", add_account},
    {"POST", "/_fake/reset", "", "forgets everything", reset},
};

} // namespace

route_table<command_route> command_routes() {
  return route_table<command_route>(known_commands);
}

response command(machine& stripe, const request& asked) {
  try {
    stripe.pass_time();
    for (const command_route& each : known_commands) {
      const auto ids = match_path(each.path, asked.path);
      if (each.method != asked.method || !ids) continue;
      const command_body given(asked.method == "POST" ? asked.body : std::string(),
                               words_of(each.members));
      return json_response(
          each.answer({stripe, ids->empty() ? std::string() : ids->front(), given}));
    }
    throw unrecognized_url(asked.method, asked.path);
  } catch (const api_error& error) {
    return json_response(error.body(), error.status);
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
