// https://docs.stripe.com/api/checkout/sessions
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/list_page.hpp"
#include "testkit/fake_stripe/object_json.hpp"
#include "testkit/fake_stripe/session_request.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

using nlohmann::json;

json create_session(const api_call& call) {
  session_request asked = read_session_request(call.given, call.why.now, call.owner);
  const session& made = call.owner.create(std::move(asked), call.why.now);
  try {
    return expanded(session_json(made), call);
  } catch (const api_error&) { // what cannot be expanded leaves no session behind
    call.owner.withdraw_newest();
    throw;
  }
}

json list_sessions(const api_call& call) {
  const parameters& given = call.given;
  const page_request request = read_page_request(given);
  const time_range created = read_created(given);
  const auto status = given.one_of("status", {"open", "complete", "expired"});
  const auto intent = given.text("payment_intent", longest_text);
  const auto customer = given.text("customer", longest_text);
  const auto subscription = given.text("subscription", longest_text);
  // No session here has one of these.
  const bool none =
      given.has("customer_account") || given.has("customer_details") || given.has("payment_link");
  const auto wanted = [&](const session& each) {
    return !none && created.contains(each.created) &&
           (!status || to_string(each.state.status) == *status) &&
           (!intent || (each.intent && each.intent->id == *intent)) &&
           (!customer || each.asked->customer_id == *customer) &&
           (!subscription || each.subscription_id == *subscription);
  };
  const list_page<session> page =
      take_page<session>(newest_first(call.owner.sessions()), request, "checkout.session", wanted);
  json data = json::array();
  for (const session* each : page.objects)
    data.push_back(session_json(*each));
  return expanded(list_json(std::move(data), page.has_more, "/v1/checkout/sessions"), call);
}

json retrieve_session(const api_call& call) {
  return expanded(session_json(call.owner.find(call.id)), call);
}

json update_session(const api_call& call) {
  const session& before = call.owner.find(call.id);
  session_update changed = read_session_update(call.given, before, call.owner);
  return expanded(session_json(call.owner.update(call.id, std::move(changed), call.why.now)), call);
}

json expire_session(const api_call& call) {
  return expanded(session_json(call.owner.apply(call.id, session_action::expire, call.why)), call);
}

json list_line_items(const api_call& call) {
  const session& session = call.owner.find(call.id);
  const list_page<bought_item> page =
      take_page<bought_item>(in_order(session.asked->items), read_page_request(call.given), "item",
                             [](const bought_item&) { return true; });
  json data = json::array();
  for (const bought_item* each : page.objects)
    data.push_back(line_item_json(session, *each));
  return expanded(list_json(std::move(data), page.has_more,
                            "/v1/checkout/sessions/" + session.id + "/line_items"),
                  call);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
