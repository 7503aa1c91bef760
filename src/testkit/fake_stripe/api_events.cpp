// https://docs.stripe.com/api/events and https://docs.stripe.com/api/v2/core/events
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/list_page.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

using nlohmann::json;

json list_events(const api_call& call) {
  const parameters& given = call.given;
  const page_request request = read_page_request(given);
  const time_range created = read_created(given);
  const auto type = given.text("type", longest_text);
  const std::vector<std::string> types = given.texts("types");
  if (type && !types.empty()) throw invalid_request("You may pass either type or types", "types");
  const auto delivered = given.boolean("delivery_success");
  const auto wanted = [&](const event& each) {
    return created.contains(each.created) && (!type || each.type == *type) &&
           (types.empty() || std::find(types.begin(), types.end(), each.type) != types.end()) &&
           (!delivered || *delivered == (call.pending_webhooks(each.id) == 0));
  };
  const list_page<event> page =
      take_page<event>(newest_first(call.owner.events()), request, "event", wanted);
  json data = json::array();
  for (const event* each : page.objects)
    data.push_back(snapshot_json(*each, call.pending_webhooks(each->id)));
  return list_json(std::move(data), page.has_more, "/v1/events");
}

json retrieve_event(const api_call& call) {
  const event* found = call.owner.events().find(call.id);
  if (found == nullptr) throw resource_missing("event", call.id, "id");
  return snapshot_json(*found, call.pending_webhooks(found->id));
}

json retrieve_thin_event(const api_call& call) {
  const event* found = call.owner.events().find(id_maker::snapshot_event(call.id));
  if (found == nullptr || found->thin_id != call.id) {
    throw resource_missing("event", call.id, "id");
  }
  return thin_json(*found);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
