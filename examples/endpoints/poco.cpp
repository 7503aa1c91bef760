// The way back from Stripe Checkout on Poco, whose threads wait for Stripe. Copy this file.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... poco [PORT]

#include <stripe_return/core/decide.hpp>
#include <stripe_return/stripe_return.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <istream>
#include <string>
#include <unistd.h>

namespace sr = stripe_return;
namespace net = Poco::Net;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const net::HTTPServerRequest&) {
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

struct shop {
  const sr::return_handler& on_return;
  const sr::webhook_verifier& webhooks;
};

class endpoint : public net::HTTPRequestHandler {
public:
  explicit endpoint(const shop& of) : shop_(of) {}

  void handleRequest(net::HTTPServerRequest& asked, net::HTTPServerResponse& answer) override {
    const std::string path = asked.getURI().substr(0, asked.getURI().find('?'));
    if (path == "/stripe_return" && asked.getMethod() == "GET") {
      on_return(asked, answer);
    } else if (path == "/webhook" && asked.getMethod() == "POST") {
      on_webhook(asked, answer);
    } else {
      send(answer, 404, "There is nothing here.");
    }
  }

private:
  void on_return(const net::HTTPServerRequest& asked, net::HTTPServerResponse& answer) const {
    const sr::expected_order order = order_of(asked);
    const auto outcome = shop_.on_return.handle(asked.getURI(), order);
    if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
    send(answer, sr::http_answer(outcome), text_of(outcome, order.out_trade_no));
  }

  void on_webhook(net::HTTPServerRequest& asked, net::HTTPServerResponse& answer) const {
    constexpr std::size_t longest = 1024 * 1024;
    std::string body(longest + 1, '\0');
    asked.stream().read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(asked.stream().gcount()));
    if (body.size() > longest) return send(answer, 413, "");
    const auto event =
        shop_.webhooks.verify(body, asked.get("Stripe-Signature", ""), std::time(nullptr));
    int status = sr::http_answer(event);
    if (event && event->relevance == sr::event_relevance::handled) {
      const sr::expected_order order = order_of(asked); // by the event's order number
      const auto observed = sr::observation_of(*event);
      const sr::result<sr::order_outcome> outcome =
          observed
              ? sr::decide(*observed, order)
              : shop_.on_return.handle("session_id=" + event->session_id, order); // a thin event
      if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
      status = sr::http_answer(outcome);
    }
    send(answer, status, "");
  }

  static void send(net::HTTPServerResponse& answer, int status, const char* text) {
    answer.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(status));
    answer.setContentType("text/plain; charset=utf-8");
    answer.set("Cache-Control", "no-store");
    answer.set("Referrer-Policy", "no-referrer"); // the address holds the session id
    answer.sendBuffer(text, std::strlen(text));
  }

  const shop& shop_;
};

class endpoints : public net::HTTPRequestHandlerFactory {
public:
  explicit endpoints(const shop& of) : shop_(of) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new endpoint(shop_); // Poco's to delete
  }

private:
  const shop& shop_;
};

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe
  const sr::session_client stripe(std::move(options));
  const sr::return_handler on_return(stripe);
  const sr::webhook_verifier webhooks({{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      sr::livemode::test);
  const shop mine{on_return, webhooks};

  // Each browser takes a thread until it is answered, and half a request takes one until the limit,
  // which begins anew with each byte: who sends them one by one is for a proxy in front to end.
  constexpr int most_threads = 128;
  Poco::ThreadPool threads(8, most_threads);
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(most_threads);
  params->setTimeout(Poco::Timespan(5, 0));
  params->setKeepAlive(false);

  const int port = argc > 1 ? std::atoi(argv[1]) : 8081;
  const net::ServerSocket listener(
      net::SocketAddress("127.0.0.1", static_cast<std::uint16_t>(port)), SOMAXCONN);
  net::HTTPServer server(new endpoints(mine), threads, listener, params);
  server.start();
  std::printf("http://127.0.0.1:%d\n", static_cast<int>(server.port()));
  std::fflush(stdout);
  for (;;)
    pause(); // until a signal ends it
}
