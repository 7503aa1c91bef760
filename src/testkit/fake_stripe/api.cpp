#include "testkit/fake_stripe/api.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/expansion.hpp"
#include "testkit/fake_stripe/form.hpp"
#include "testkit/fake_stripe/route.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::size_t longest_id = 66; // in the path

constexpr api_route known_routes[] = {
    {"POST", "/v1/checkout/sessions",
     "adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types "
     "billing_address_collection cancel_url client_reference_id currency customer customer_email "
     "excluded_payment_method_types expand expires_at line_items locale metadata mode "
     "payment_intent_data payment_method_options redirect_on_completion return_url "
     "setup_intent_data submit_type subscription_data success_url ui_mode",
     create_session},
    {"GET", "/v1/checkout/sessions",
     "created customer customer_account customer_details ending_before expand limit payment_intent "
     "payment_link starting_after status subscription",
     list_sessions},
    {"GET", "/v1/checkout/sessions/:id", "expand", retrieve_session},
    {"POST", "/v1/checkout/sessions/:id", "expand line_items metadata", update_session},
    {"POST", "/v1/checkout/sessions/:id/expire", "expand", expire_session},
    {"GET", "/v1/checkout/sessions/:id/line_items", "ending_before expand limit starting_after",
     list_line_items},
    {"GET", "/v1/events",
     "created delivery_success ending_before expand limit starting_after type types", list_events},
    {"GET", "/v1/events/:id", "expand", retrieve_event},
    {"GET", "/v2/core/events/:id", "", retrieve_thin_event},
    {"GET", "/v1/payment_intents", "created customer ending_before expand limit starting_after",
     list_payment_intents},
    {"GET", "/v1/payment_intents/:id", "expand", retrieve_payment_intent},
    {"POST", "/v1/payment_intents/:id/capture", "amount_to_capture expand", capture_payment_intent},
    {"POST", "/v1/payment_intents/:id/cancel", "cancellation_reason expand", cancel_payment_intent},
    {"GET", "/v1/charges",
     "created customer ending_before expand limit payment_intent starting_after", list_charges},
    {"GET", "/v1/charges/:id", "expand", retrieve_charge},
    {"POST", "/v1/refunds", "amount charge expand metadata payment_intent reason", create_refund},
    {"GET", "/v1/refunds",
     "charge created ending_before expand limit payment_intent starting_after", list_refunds},
    {"GET", "/v1/refunds/:id", "expand", retrieve_refund},
    {"GET", "/v1/disputes/:id", "expand", retrieve_dispute},
    {"POST", "/v1/products", "active description expand images metadata name", create_product},
    {"GET", "/v1/products", "active created ending_before expand limit starting_after",
     list_products},
    {"GET", "/v1/products/:id", "expand", retrieve_product},
    {"POST", "/v1/prices",
     "currency expand lookup_key metadata nickname product product_data recurring unit_amount",
     create_price},
    {"GET", "/v1/prices",
     "active created currency ending_before expand limit lookup_keys product starting_after",
     list_prices},
    {"GET", "/v1/prices/:id", "expand", retrieve_price},
    {"POST", "/v1/customers", "description email expand metadata name", create_customer},
    {"GET", "/v1/customers", "created email ending_before expand limit starting_after",
     list_customers},
    {"GET", "/v1/customers/:id", "expand", retrieve_customer},
};

} // namespace

route_table<api_route> api_routes() {
  return route_table<api_route>(known_routes);
}

const api_route& find_api_route(const request& request, std::string& id) {
  for (const api_route& each : known_routes) {
    if (each.method != request.method) continue;
    const auto ids = match_path(each.path, request.path);
    if (!ids) continue;
    id = ids->empty() ? std::string() : ids->front();
    if (id.size() > longest_id) {
      throw invalid_request("Invalid string: must be at most 66 characters", "id");
    }
    return each;
  }
  throw unrecognized_url(request.method, request.path);
}

parameters read_parameters(const request& request) {
  return parameters(decode_form(request.method == "GET" ? request.query : request.body));
}

nlohmann::json expanded(nlohmann::json answer, const api_call& call) {
  expand(answer, call.given.texts("expand"), call.owner);
  return answer;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
