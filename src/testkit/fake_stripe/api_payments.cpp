// https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/charges,
// https://docs.stripe.com/api/refunds and https://docs.stripe.com/api/disputes
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/list_page.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <functional>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

json retrieve(const api_call& call, const char* kind, const char* param) {
  std::optional<json> found = call.owner.object(call.id);
  if (!found || found->at("object") != kind) throw resource_missing(kind, call.id, param);
  return expanded(*std::move(found), call);
}

json list(const api_call& call, const object_list<payment_place>& all, const char* kind,
          const std::string& url, const std::function<bool(const payment_place&)>& wanted) {
  const time_range created = read_created(call.given);
  const list_page<payment_place> page = take_page<payment_place>(
      newest_first(all), read_page_request(call.given), kind,
      [&](const payment_place& each) { return created.contains(each.created) && wanted(each); });
  json data = json::array();
  for (const payment_place* each : page.objects)
    data.push_back(*call.owner.object(each->id));
  return expanded(list_json(std::move(data), page.has_more, url), call);
}

// Whether it is what the parameters `customer`, `payment_intent` and `charge` ask for.
bool asked_for(const api_call& call, const payment_place& place) {
  const session& owner = call.owner.find(place.session_id);
  const auto fits = [&](const char* key, const std::string& value) {
    const auto asked = call.given.text(key, longest_text);
    return !asked || *asked == value;
  };
  return fits("customer", owner.asked->customer_id.value_or("")) &&
         fits("payment_intent", owner.intent->id) &&
         fits("charge", owner.intent->charges[place.charge].id);
}

} // namespace

json list_payment_intents(const api_call& call) {
  return list(call, call.owner.intents(), "payment_intent", "/v1/payment_intents",
              [&](const payment_place& each) { return asked_for(call, each); });
}

json retrieve_payment_intent(const api_call& call) {
  return retrieve(call, "payment_intent", "intent");
}

json capture_payment_intent(const api_call& call) {
  return expanded(payment_intent_json(call.owner.capture(
                      call.id, call.given.integer("amount_to_capture"), call.why)),
                  call);
}

json cancel_payment_intent(const api_call& call) {
  call.given.one_of("cancellation_reason",
                    {"duplicate", "fraudulent", "requested_by_customer", "abandoned"});
  return expanded(payment_intent_json(call.owner.cancel_payment(call.id, call.why)), call);
}

json list_charges(const api_call& call) {
  return list(call, call.owner.charges(), "charge", "/v1/charges",
              [&](const payment_place& each) { return asked_for(call, each); });
}

json retrieve_charge(const api_call& call) {
  return retrieve(call, "charge", "id");
}

json create_refund(const api_call& call) {
  const parameters& given = call.given;
  if (given.has("charge") == given.has("payment_intent")) {
    throw invalid_request("One of the following params should be provided for this request:"
                          " payment_intent or charge.");
  }
  std::string charge_id = given.text("charge", longest_text).value_or("");
  if (const auto intent_id = given.text("payment_intent", longest_text)) {
    const payment_place* place = call.owner.intents().find(*intent_id);
    if (place == nullptr) throw resource_missing("payment_intent", *intent_id, "payment_intent");
    charge_id = call.owner.find(place->session_id).intent->charges.back().id;
  }
  refund asked;
  asked.reason = given.one_of("reason", {"duplicate", "fraudulent", "requested_by_customer"});
  asked.metadata = given.metadata("metadata");
  const refund& made =
      call.owner.give_back(charge_id, given.integer("amount", 1), std::move(asked), call.why);
  return expanded(*call.owner.object(made.id), call);
}

json list_refunds(const api_call& call) {
  return list(call, call.owner.refunds(), "refund", "/v1/refunds",
              [&](const payment_place& each) { return asked_for(call, each); });
}

json retrieve_refund(const api_call& call) {
  return retrieve(call, "refund", "refund");
}

json retrieve_dispute(const api_call& call) {
  return retrieve(call, "dispute", "dispute");
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
