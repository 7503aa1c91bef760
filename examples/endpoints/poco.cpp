// The way back from Stripe Checkout on Poco, whose threads wait for Stripe and for the store.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... poco [PORT [sqlite:PATH]]

#include "shop.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <cstdint>
#include <istream>
#include <optional>

namespace net = Poco::Net;

class endpoint : public net::HTTPRequestHandler {
public:
  explicit endpoint(shop& of) : shop_(of) {}

  void handleRequest(net::HTTPServerRequest& asked, net::HTTPServerResponse& response) override {
    send(answer_to(asked), response);
  }

private:
  answer answer_to(net::HTTPServerRequest& asked) const {
    const std::string path = asked.getURI().substr(0, asked.getURI().find('?'));
    if (path == "/stripe_return" && asked.getMethod() == "GET")
      return shop_.on_return(asked.getURI());
    const bool webhook = path == "/webhook";
    if ((!webhook && path != "/checkout") || asked.getMethod() != "POST") {
      return {404, "There is nothing here.", {}};
    }
    std::string body(shop::max_body + 1, '\0');
    asked.stream().read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(asked.stream().gcount()));
    if (body.size() > shop::max_body) return {413, {}, {}};
    return webhook ? shop_.on_webhook(body, asked.get("Stripe-Signature", ""))
                   : shop_.check_out(body);
  }

  static void send(const answer& from, net::HTTPServerResponse& to) {
    to.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(from.status));
    to.setContentType("text/plain; charset=utf-8");
    to.set("Cache-Control", "no-store");
    to.set("Referrer-Policy", "no-referrer"); // the address holds the session id
    if (!from.location.empty()) to.set("Location", from.location);
    to.sendBuffer(from.text.data(), from.text.size());
  }

  shop& shop_;
};

class endpoints : public net::HTTPRequestHandlerFactory {
public:
  explicit endpoints(shop& of) : shop_(of) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new endpoint(shop_); // Poco's to delete
  }

private:
  shop& shop_;
};

int main(int argc, char** argv) {
  shop shop(argc, argv);
  // Each browser takes a thread until it is answered, and half a request takes one until the limit,
  // which begins anew with each byte: who sends them one by one is for a proxy in front to end.
  constexpr int most_threads = 128;
  Poco::ThreadPool threads(8, most_threads);
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(most_threads);
  params->setTimeout(Poco::Timespan(5, 0));
  params->setKeepAlive(false);

  const net::ServerSocket listener(
      net::SocketAddress("127.0.0.1", static_cast<std::uint16_t>(shop.port())), SOMAXCONN);
  net::HTTPServer server(new endpoints(shop), threads, listener, params);
  server.start();
  shop.listens_on(server.port());
  shop.work();
  server.stopAll();
  threads.joinAll();
}
