// The way back from Stripe Checkout on cpp-httplib, whose threads wait for Stripe and for the
// store.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... cpp_httplib [PORT [sqlite:PATH]]

#include "shop.hpp"

#include <httplib.h>

#include <thread>

bool read_body(const httplib::Request& asked, const httplib::ContentReader& read,
               std::string& body) {
  if (asked.is_multipart_form_data()) return false; // the reader would want another function for it
  return read([&body](const char* piece, std::size_t size) {
    body.append(piece, size);
    return body.size() <= shop::max_body;
  });
}

void send(const answer& from, httplib::Response& to) {
  to.status = from.status;
  to.set_header("Cache-Control", "no-store");
  to.set_header("Referrer-Policy", "no-referrer"); // the address holds the session id
  if (!from.location.empty()) to.set_header("Location", from.location);
  to.set_content(from.text, "text/plain; charset=utf-8");
}

int main(int argc, char** argv) {
  shop shop(argc, argv);
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
  server.set_payload_max_length(shop::max_body);
  // It would read any other body before it looks for a handler, and one in chunks at any length.
  server.set_pre_routing_handler([](const httplib::Request& asked, httplib::Response& answer) {
    if (asked.method == "GET" ||
        (asked.method == "POST" && (asked.path == "/webhook" || asked.path == "/checkout")))
      return httplib::Server::HandlerResponse::Unhandled;
    answer.status = 404;
    return httplib::Server::HandlerResponse::Handled;
  });
  // Its own would tell the browser what the exception says.
  server.set_exception_handler([](const httplib::Request&, httplib::Response& answer,
                                  std::exception_ptr) { answer.status = 500; });

  server.Get("/stripe_return", [&](const httplib::Request& asked, httplib::Response& answer) {
    send(shop.on_return(asked.target), answer);
  });
  server.Post("/webhook", [&](const httplib::Request& asked, httplib::Response& answer,
                              const httplib::ContentReader& read) {
    std::string body;
    if (!read_body(asked, read, body)) return send({400, {}, {}}, answer);
    send(shop.on_webhook(body, asked.get_header_value("Stripe-Signature")), answer);
  });
  server.Post("/checkout", [&](const httplib::Request& asked, httplib::Response& answer,
                               const httplib::ContentReader& read) {
    std::string form;
    if (!read_body(asked, read, form)) return send({400, {}, {}}, answer);
    send(shop.check_out(form), answer);
  });

  int port = shop.port();
  if (port == 0) {
    port = server.bind_to_any_port("127.0.0.1");
  } else if (!server.bind_to_port("127.0.0.1", port)) {
    fail("The port is taken.");
  }
  listen(listener, SOMAXCONN); // of its own it lets five wait, and the next one retries in a second
  std::thread worker([&] {
    shop.work();
    while (!server.is_running())
      std::this_thread::yield();
    server.stop();
  });
  shop.listens_on(port);
  server.listen_after_bind();
  worker.join();
}
