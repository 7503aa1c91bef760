// What stands under /v1 and /v2. README.md of fake_stripe lists it.
#pragma once

#include "testkit/fake_stripe/account.hpp"
#include "testkit/fake_stripe/message.hpp"
#include "testkit/fake_stripe/parameters.hpp"
#include "testkit/fake_stripe/route.hpp"

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct api_call {
  const parameters& given;
  std::string id; // where the path has one
  origin why;
  account& owner;
  // Tells how often an event, by its id, is still to be delivered.
  std::function<int(const std::string&)> pending_webhooks;
};

struct api_route {
  std::string_view method;
  std::string_view path;       // :id stands for any segment
  std::string_view parameters; // of the first level, in their order, with a space in between
  nlohmann::json (*answer)(const api_call& call);
};

STRIPE_RETURN_EXPORT route_table<api_route> api_routes();

// Throws api_error: there is none.
const api_route& find_api_route(const request& request, std::string& id);

// Of the query or the body. Needs nothing but the request: nobody has to wait for it. Throws
// api_error.
parameters read_parameters(const request& request);

// The sessions' routes are in api_sessions.cpp, and so on.
nlohmann::json create_session(const api_call& call);
nlohmann::json list_sessions(const api_call& call);
nlohmann::json retrieve_session(const api_call& call);
nlohmann::json update_session(const api_call& call);
nlohmann::json expire_session(const api_call& call);
nlohmann::json list_line_items(const api_call& call);
nlohmann::json list_events(const api_call& call);
nlohmann::json retrieve_event(const api_call& call);
nlohmann::json retrieve_thin_event(const api_call& call);
nlohmann::json list_payment_intents(const api_call& call);
nlohmann::json retrieve_payment_intent(const api_call& call);
nlohmann::json capture_payment_intent(const api_call& call);
nlohmann::json cancel_payment_intent(const api_call& call);
nlohmann::json list_charges(const api_call& call);
nlohmann::json retrieve_charge(const api_call& call);
nlohmann::json create_refund(const api_call& call);
nlohmann::json list_refunds(const api_call& call);
nlohmann::json retrieve_refund(const api_call& call);
nlohmann::json retrieve_dispute(const api_call& call);
nlohmann::json create_product(const api_call& call);
nlohmann::json list_products(const api_call& call);
nlohmann::json retrieve_product(const api_call& call);
nlohmann::json create_price(const api_call& call);
nlohmann::json list_prices(const api_call& call);
nlohmann::json retrieve_price(const api_call& call);
nlohmann::json create_customer(const api_call& call);
nlohmann::json list_customers(const api_call& call);
nlohmann::json retrieve_customer(const api_call& call);

// With what `expand[]` asks for.
nlohmann::json expanded(nlohmann::json answer, const api_call& call);

} // namespace fake
} // namespace v0
} // namespace stripe_return
