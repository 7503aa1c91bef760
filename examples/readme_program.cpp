#include <stripe_return/stripe_return.hpp>

#include <httplib.h>

#include <cstdlib>

namespace sr = stripe_return;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const httplib::Request&) {
  sr::expected_order order;
  order.out_trade_no = "1774256382025448500";
  order.amounts = {{400, "cny"}};
  return order;
}

int main() {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  const sr::session_client stripe{options};
  const sr::return_handler on_return{stripe};

  httplib::Server server;
  server.Get("/stripe_return", [&](const httplib::Request& request, httplib::Response& response) {
    const sr::expected_order order = order_of(request);
    const sr::result<sr::order_outcome> outcome = on_return.handle(request.target, order);
    response.set_header("Cache-Control", "no-store");
    response.set_header("Referrer-Policy", "no-referrer");
    response.status = sr::http_answer(outcome);
    if (response.status == 503) { // nothing is known: never say that the payment failed
      response.set_content("We are still asking about your payment. Please reload.", "text/plain");
    } else if (!outcome) { // 400 or 404
      response.set_content("This link does not work.", "text/plain");
    } else if (outcome->may_fulfill(order.out_trade_no)) {
      response.set_content("Thank you, the order is paid.", "text/plain"); // and fulfill it, once
    } else if (outcome->pay_again() == sr::pay_again::yes) {
      response.set_content("The order is not paid. You can pay again.", "text/plain");
    } else {
      response.set_content("Your payment is being processed.", "text/plain");
    }
  });
  return server.listen("127.0.0.1", 8081) ? 0 : 1;
}
