// Headers: https://docs.stripe.com/api/request_ids,
// https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/rate-limits

#include "testkit/fake_stripe/machine.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/api_key.hpp"
#include "testkit/http_date.hpp"

#include <stripe_return/client/client_options.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

response error_response(const api_error& error) {
  response made = json_response(error.body(), error.status);
  if (error.status == 401) made.headers = {{"WWW-Authenticate", "Bearer realm=\"Stripe\""}};
  return made;
}

bool is_idempotent(const request& request) {
  return request.method == "POST" && !request.idempotency_key.empty();
}

void check_version(const std::string& version) {
  if (version.empty() || version == stripe_api_version) return;
  throw invalid_request("Invalid Stripe API version: " + version + " (fake-stripe speaks " +
                        std::string(stripe_api_version) + " alone)");
}

// https://docs.stripe.com/connect/authentication and https://docs.stripe.com/context, whose last
// segment is the account.
std::string account_asked_for(const request& asked) {
  if (!asked.stripe_account.empty()) return asked.stripe_account;
  return asked.stripe_context.substr(asked.stripe_context.rfind('/') + 1);
}

} // namespace

machine::machine(machine_options options) : options_(std::move(options)), ids_(options_.seed) {
  deliveries.endpoint = options_.endpoint;
  for (const account_name& each : options_.accounts)
    open(each);
}

void machine::open(const account_name& name) {
  const bool connected = name.id != options_.accounts.front().id;
  accounts_[name.id] =
      std::make_unique<account>(name.id, connected, options_.base_url, ids_,
                                [this](const event& event) { deliveries.add(event); });
}

void machine::add_account(account_name name) {
  if (accounts_.count(name.id) != 0)
    throw invalid_request("There is such an account already", "id");
  options_.accounts.push_back(std::move(name));
  open(options_.accounts.back());
}

void machine::pass_time() {
  for (const auto& each : accounts_)
    each.second->pass_time(now());
}

void machine::reset() {
  ahead_ = 0;
  accounts_.clear();
  for (const account_name& each : options_.accounts)
    open(each);
  answers_.reset();
  faults.clear();
  deliveries.reset();
  requests.clear();
}

template <class Holds>
account& machine::account_that(const Holds& holds, const api_error& otherwise) {
  for (const auto& each : accounts_)
    if (holds(*each.second)) return *each.second;
  throw otherwise;
}

account& machine::account_of_session(const std::string& session_id) {
  return account_that([&](const account& each) { return each.look_for(session_id) != nullptr; },
                      resource_missing("checkout.session", session_id, "session"));
}

account& machine::account_of_charge(const std::string& charge_id) {
  return account_that(
      [&](const account& each) { return each.charges().find(charge_id) != nullptr; },
      resource_missing("charge", charge_id, "id"));
}

const session* machine::recover(const std::string& token) {
  for (const auto& each : accounts_)
    if (const session* made = each.second->recover(token, now())) return made;
  return nullptr;
}

const std::string& machine::account_for(const request& asked) const {
  const std::string key = read_key(asked.authorization);
  const account_name& own = options_.accounts.front();
  const auto by_key = std::find_if(
      options_.accounts.begin() + 1, options_.accounts.end(), [&key](const account_name& each) {
        return !each.secret_key.empty() && each.secret_key.reveal() == key;
      });
  const bool of_connected = by_key != options_.accounts.end();
  if (!of_connected && !own.secret_key.empty() && own.secret_key.reveal() != key) {
    throw invalid_key(key);
  }
  const std::string id = account_asked_for(asked);
  if (id.empty() && starts_with(key, "sk_org_")) {
    throw invalid_request("An organization's key needs the header Stripe-Context.");
  }
  const account_name& base = of_connected ? *by_key : own;
  if (id.empty() || id == base.id) return base.id;
  const auto known = accounts_.find(id);
  if (of_connected || known == accounts_.end()) {
    api_error error = invalid_request(
        "The provided key does not have access to account '" + id +
            "' (or that account does not exist). Application access may have been revoked.",
        {}, "account_invalid");
    error.status = 403;
    throw error;
  }
  return known->first;
}

begun_call machine::read(request asked) {
  begun_call call{std::move(asked), parameters({}), {}, {}, {}, {}, {}};
  try {
    call.given = read_parameters(call.asked);
  } catch (const api_error& error) {
    call.given = error;
  }
  return call;
}

void machine::begin(begun_call& call) {
  requests.add(call.asked);
  call.planned = faults.take(call.asked);
  call.request_id = ids_.request();
  try {
    call.account_id = account_for(call.asked);
    check_version(call.asked.stripe_version);
    if (is_idempotent(call.asked)) call.saved = answers_.begin(call.asked, call.account_id, now());
  } catch (const api_error& error) {
    call.refused = error;
  }
}

response machine::finish(begun_call& call) {
  response answer = call.refused ? error_response(*call.refused) : execute(call);
  if (answer.status != 401) answer.headers.emplace_back("Request-Id", call.request_id);
  answer.headers.emplace_back("Stripe-Version", std::string(stripe_api_version));
  answer.headers.emplace_back("Cache-Control", "no-cache, no-store");
  answer.headers.emplace_back("Date", testkit::http_date(now()));
  if (!call.planned) return answer;
  const fault& planned = *call.planned;
  if (planned.should_retry) {
    answer.headers.emplace_back("Stripe-Should-Retry", *planned.should_retry ? "true" : "false");
  }
  // Without this header a 429 is about a lock on one object.
  if (planned.status == 429 && planned.code == "rate_limit") {
    answer.headers.emplace_back("Stripe-Rate-Limited-Reason", "global-rate");
  }
  if (planned.kind == fault_kind::cut) answer.end = response_end::cut;
  if (planned.kind == fault_kind::stall) answer.end = response_end::stalled;
  return answer;
}

response machine::execute(const begun_call& call) {
  response answer;
  bool save = true;
  try {
    if (call.planned && call.planned->kind == fault_kind::status) throw call.planned->error();
    if (call.saved) {
      answer = *call.saved;
      answer.headers.emplace_back("Idempotent-Replayed", "true");
      return answer;
    }
    std::string id;
    const api_route& route = find_api_route(call.asked, id);
    if (const auto* wrong = std::get_if<api_error>(&call.given)) throw *wrong;
    const parameters& given = std::get<parameters>(call.given);
    pass_time();
    const origin why{now(), call.request_id, call.asked.idempotency_key};
    given.allow_only(words_of(route.parameters));
    answer = json_response(route.answer(
        {given, id, why, *accounts_.at(call.account_id),
         [this](const std::string& event_id) { return deliveries.pending(event_id); }}));
  } catch (const api_error& error) {
    answer = error_response(error);
    save = error.endpoint_began;
  }
  if (!is_idempotent(call.asked)) return answer;
  answer.headers.emplace_back("Idempotency-Key", call.asked.idempotency_key);
  answer.headers.emplace_back("Original-Request", call.request_id);
  if (call.saved) return answer;
  if (save) {
    answers_.save(call.asked, call.account_id, answer);
  } else {
    answers_.forget(call.asked, call.account_id);
  }
  return answer;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
