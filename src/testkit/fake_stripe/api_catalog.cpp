// https://docs.stripe.com/api/products, https://docs.stripe.com/api/prices and
// https://docs.stripe.com/api/customers
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/list_page.hpp"
#include "testkit/fake_stripe/object_json.hpp"
#include "testkit/fake_stripe/session_request.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

template <class T>
json list(const api_call& call, const object_list<T>& all, json (*show)(const T&), const char* kind,
          const std::string& url, const std::function<bool(const T&)>& wanted) {
  const time_range created = read_created(call.given);
  const list_page<T> page =
      take_page<T>(newest_first(all), read_page_request(call.given), kind,
                   [&](const T& each) { return created.contains(each.created) && wanted(each); });
  json data = json::array();
  for (const T* each : page.objects)
    data.push_back(show(*each));
  return expanded(list_json(std::move(data), page.has_more, url), call);
}

template <class T>
json retrieve(const api_call& call, const object_list<T>& all, json (*show)(const T&),
              const char* kind) {
  const T* found = all.find(call.id);
  if (found == nullptr) throw resource_missing(kind, call.id, "id");
  return expanded(show(*found), call);
}

} // namespace

json create_product(const api_call& call) {
  return expanded(product_json(call.owner.add(read_product(call.given), call.why.now)), call);
}

json list_products(const api_call& call) {
  const auto active = call.given.boolean("active");
  return list<product>(call, call.owner.products(), product_json, "product", "/v1/products",
                       [active](const product& each) { return !active || each.active == *active; });
}

json retrieve_product(const api_call& call) {
  return retrieve(call, call.owner.products(), product_json, "product");
}

json create_price(const api_call& call) {
  const parameters& given = call.given;
  price asked = read_price(given);
  asked.lookup_key = given.text("lookup_key", longest_text);
  asked.nickname = given.text("nickname", longest_text);
  asked.metadata = given.metadata("metadata");
  if (given.has("product_data")) {
    asked.product_id = call.owner.add(read_product(given.object("product_data")), call.why.now).id;
  } else {
    asked.product_id = given.required_text("product", longest_text);
    if (call.owner.products().find(asked.product_id) == nullptr) {
      throw resource_missing("product", asked.product_id, "product");
    }
  }
  return expanded(price_json(call.owner.add(std::move(asked), call.why.now)), call);
}

json list_prices(const api_call& call) {
  const auto active = call.given.boolean("active");
  const auto product = call.given.text("product", longest_text);
  const auto currency = call.given.text("currency", longest_text);
  const std::vector<std::string> keys = call.given.texts("lookup_keys");
  return list<price>(
      call, call.owner.prices(), price_json, "price", "/v1/prices", [&](const price& each) {
        return (!active || each.active == *active) && (!product || each.product_id == *product) &&
               (!currency || each.currency == *currency) &&
               (keys.empty() ||
                std::find(keys.begin(), keys.end(), each.lookup_key.value_or("")) != keys.end());
      });
}

json retrieve_price(const api_call& call) {
  return retrieve(call, call.owner.prices(), price_json, "price");
}

json create_customer(const api_call& call) {
  customer asked;
  asked.description = call.given.text("description", longest_text);
  asked.email = call.given.text("email", longest_text);
  asked.name = call.given.text("name", longest_text);
  asked.metadata = call.given.metadata("metadata");
  return expanded(customer_json(call.owner.add(std::move(asked), call.why.now)), call);
}

json list_customers(const api_call& call) {
  const auto email = call.given.text("email", longest_text);
  return list<customer>(call, call.owner.customers(), customer_json, "customer", "/v1/customers",
                        [&email](const customer& each) { return !email || each.email == *email; });
}

json retrieve_customer(const api_call& call) {
  return retrieve(call, call.owner.customers(), customer_json, "customer");
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
