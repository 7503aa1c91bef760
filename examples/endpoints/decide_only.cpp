// The return page alone, on cpp-httplib, for a shop that keeps and fulfills its orders by other
// means. It decides, and remembers nothing: a return can come twice, or never.
//
//   STRIPE_SECRET_KEY=sk_... decide_only [PORT]

#include <stripe_return/stripe_return.hpp>

#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace sr = stripe_return;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const httplib::Request&) {
  sr::expected_order order;
  order.out_trade_no = "1774256382025448500";
  order.amounts = {{400, "cny"}};
  return order;
}

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base;
  const sr::session_client stripe(options);
  const sr::return_handler on_return(stripe);

  httplib::Server server;
  server.Get("/stripe_return", [&](const httplib::Request& request, httplib::Response& response) {
    const sr::expected_order order = order_of(request);
    const sr::result<sr::order_outcome> outcome = on_return.handle(request.target, order);
    std::string text = "Please do not pay again. Your order in the shop shows how it stands.";
    if (sr::http_answer(outcome) == 503) { // nothing is known: never say that the payment failed
      text = "We are still asking about your payment. Please reload.";
    } else if (!outcome) {
      text = "This link does not work. Please open your order in the shop.";
    } else if (outcome->may_fulfill(order.out_trade_no)) {
      text = "Thank you, the order is paid.";
    } else if (outcome->pay_again() == sr::pay_again::yes) {
      text = "The order is not paid. You can pay again.";
    }
    response.status = sr::http_answer(outcome);
    response.set_header("Cache-Control", "no-store");
    response.set_header("Referrer-Policy", "no-referrer"); // the address holds the session id
    response.set_content(text, "text/plain; charset=utf-8");
  });
  int port = argc > 1 ? std::atoi(argv[1]) : 8081;
  if (port == 0) {
    port = server.bind_to_any_port("127.0.0.1");
  } else if (!server.bind_to_port("127.0.0.1", port)) {
    std::fputs("The port is taken.\n", stderr);
    return 1;
  }
  std::printf("http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
