// The way back from Stripe Checkout on cpp-httplib, whose threads wait for Stripe. Copy this file.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... cpp_httplib [PORT]

#include <stripe_return/core/decide.hpp>
#include <stripe_return/stripe_return.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <string>

namespace sr = stripe_return;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const httplib::Request&) {
  sr::expected_order order;
  order.out_trade_no = "1774256382025448500";
  order.amounts = {{400, "cny"}};
  return order;
}

// The shop's own, too: must do its work once, however often it is called for an order.
void fulfill(const std::string& out_trade_no) {
  std::printf("fulfill %s\n", out_trade_no.c_str());
  std::fflush(stdout);
}

const char* text_of(const sr::result<sr::order_outcome>& outcome, const std::string& order) {
  if (sr::http_answer(outcome) == 503)
    return "We are still asking about your payment. Please reload.";
  if (!outcome) return "This link does not work. Please open your order in the shop.";
  if (outcome->may_fulfill(order)) return "Thank you, the order is paid.";
  if (outcome->pay_again() == sr::pay_again::yes)
    return "The order is not paid. You can pay again.";
  return "Your payment is being processed. Please do not pay again.";
}

constexpr std::size_t max_body = 1024 * 1024;

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe
  const sr::session_client stripe(std::move(options));
  const sr::return_handler on_return(stripe);
  const sr::webhook_verifier webhooks({{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      sr::livemode::test);

  httplib::Server server;
  socket_t listener = INVALID_SOCKET;
  server.set_socket_options([&listener](socket_t socket) {
    httplib::default_socket_options(socket);
    listener = socket;
  });
  // Each browser takes a thread until it is answered, and half a request takes one until the limit,
  // which begins anew with each byte: who sends them one by one is for a proxy in front to end.
  server.new_task_queue = [] { return new httplib::ThreadPool(128); };
  server.set_read_timeout(5);
  server.set_write_timeout(5);
  server.set_keep_alive_max_count(1);
  server.set_payload_max_length(max_body);
  // It would read any other body before it looks for a handler, and one in chunks at any length.
  server.set_pre_routing_handler([](const httplib::Request& asked, httplib::Response& answer) {
    if (asked.method == "GET" || (asked.method == "POST" && asked.path == "/webhook"))
      return httplib::Server::HandlerResponse::Unhandled;
    answer.status = 404;
    return httplib::Server::HandlerResponse::Handled;
  });
  // Its own would tell the browser what the exception says.
  server.set_exception_handler([](const httplib::Request&, httplib::Response& answer,
                                  std::exception_ptr) { answer.status = 500; });
  server.Get("/stripe_return", [&](const httplib::Request& asked, httplib::Response& answer) {
    const sr::expected_order order = order_of(asked);
    const auto outcome = on_return.handle(asked.target, order);
    if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
    answer.status = sr::http_answer(outcome);
    answer.set_header("Cache-Control", "no-store");
    answer.set_header("Referrer-Policy", "no-referrer"); // the address holds the session id
    answer.set_content(text_of(outcome, order.out_trade_no), "text/plain; charset=utf-8");
  });
  server.Post("/webhook", [&](const httplib::Request& asked, httplib::Response& answer,
                              const httplib::ContentReader& read) {
    if (asked.is_multipart_form_data()) { // the reader would want another function for it
      answer.status = 400;
      return;
    }
    std::string body;
    const auto take = [&body](const char* piece, std::size_t size) {
      body.append(piece, size);
      return body.size() <= max_body;
    };
    if (!read(take)) {
      answer.status = 413;
      return;
    }
    const auto event =
        webhooks.verify(body, asked.get_header_value("Stripe-Signature"), std::time(nullptr));
    int status = sr::http_answer(event);
    if (event && event->relevance == sr::event_relevance::handled) {
      const sr::expected_order order = order_of(asked); // by the event's order number
      const auto observed = sr::observation_of(*event);
      const sr::result<sr::order_outcome> outcome =
          observed ? sr::decide(*observed, order)
                   : on_return.handle("session_id=" + event->session_id, order); // a thin event
      if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
      status = sr::http_answer(outcome);
    }
    answer.status = status;
  });

  const int wanted = argc > 1 ? std::atoi(argv[1]) : 8081;
  const int port = wanted == 0 ? server.bind_to_any_port("127.0.0.1") : wanted;
  if (wanted != 0 && !server.bind_to_port("127.0.0.1", port)) {
    std::fprintf(stderr, "the port is taken\n");
    return 1;
  }
  listen(listener, SOMAXCONN); // of its own it lets five wait, and the next one retries in a second
  std::printf("http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
