// The way back from Stripe Checkout on Pistache, whose threads wait for Stripe. Copy this file.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... pistache [PORT]

#include <stripe_return/core/decide.hpp>
#include <stripe_return/stripe_return.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <pistache/endpoint.h>
#include <pistache/peer.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace sr = stripe_return;
namespace http = Pistache::Http;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const http::Request&) {
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

// Pistache writes no header that has no class. The address of the page holds the session id.
class referrer_policy : public http::Header::Header {
public:
  NAME("Referrer-Policy")
  void parse(const std::string&) override {}
  void write(std::ostream& out) const override { out << "no-referrer"; }
};

class endpoint : public http::Handler {
public:
  HTTP_PROTOTYPE(endpoint)

  endpoint(const sr::return_handler& on_return, const sr::webhook_verifier& webhooks)
      : on_return_(on_return), webhooks_(webhooks) {}

  // Pistache's own takes the rest of a request that it has refused for more of them, whose answers
  // pile up in memory, loses all but the first of those that come at once, and parses a long head
  // anew with each packet. Here each connection has one answer and ends.
  void onInput(const char* bytes, std::size_t size,
               const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    if (peer->isIdle()) return; // it has its answer
    auto head = std::static_pointer_cast<std::string>(peer->tryGetData("head"));
    if (!head) peer->putData("head", head = std::make_shared<std::string>());
    std::string_view input(bytes, size);
    if (!is_whole(*head)) {
      head->append(input);
      if (!is_whole(*head) && head->size() < 16 * 1024) return;
      input = *head;
    }
    try {
      http::ResponseWriter answer(http::Version::Http11, transport(), this, peer);
      answer.headers().add<http::Header::Connection>(http::ConnectionControl::Close);
      const auto parser = getParser(peer);
      if (!is_whole(*head) || !parser->feed(input.data(), input.size())) {
        answer.send(http::Code::Request_Entity_Too_Large);
      } else if (parser->parse() == http::Private::State::Done) {
        onRequest(parser->request, std::move(answer));
      } else {
        return; // the body is still to come
      }
    } catch (const std::exception&) { // it is no HTTP
      http::ResponseWriter(http::Version::Http11, transport(), this, peer)
          .send(http::Code::Bad_Request);
    }
    transport()->flush();
    shutdown(peer->fd(), SHUT_RDWR);
  }

  void onRequest(const http::Request& asked, http::ResponseWriter answer) override {
    if (asked.resource() == "/stripe_return" && asked.method() == http::Method::Get) {
      on_return(asked, answer);
    } else if (asked.resource() == "/webhook" && asked.method() == http::Method::Post) {
      on_webhook(asked, answer);
    } else {
      answer.send(http::Code::Not_Found, "There is nothing here.");
    }
  }

private:
  static bool is_whole(const std::string& head) {
    return head.find("\r\n\r\n") != std::string::npos;
  }

  void on_return(const http::Request& asked, http::ResponseWriter& answer) const {
    const sr::expected_order order = order_of(asked);
    // Of a name that comes twice, Pistache's own query has one.
    const auto head = std::static_pointer_cast<std::string>(answer.peer()->getData("head"));
    const std::size_t target = head->find(' ') + 1;
    const auto outcome =
        on_return_.handle(head->substr(target, head->find(' ', target) - target), order);
    if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
    answer.headers().add<http::Header::ContentType>(MIME(Text, Plain));
    answer.headers().add<http::Header::CacheControl>(http::CacheDirective::NoStore);
    answer.headers().add<referrer_policy>();
    answer.send(static_cast<http::Code>(sr::http_answer(outcome)),
                text_of(outcome, order.out_trade_no));
  }

  void on_webhook(const http::Request& asked, http::ResponseWriter& answer) const {
    const auto signature = asked.headers().tryGetRaw("Stripe-Signature");
    const auto event = webhooks_.verify(
        asked.body(), signature ? signature->value() : std::string(), std::time(nullptr));
    int status = sr::http_answer(event);
    if (event && event->relevance == sr::event_relevance::handled) {
      const sr::expected_order order = order_of(asked); // by the event's order number
      const auto observed = sr::observation_of(*event);
      const sr::result<sr::order_outcome> outcome =
          observed ? sr::decide(*observed, order)
                   : on_return_.handle("session_id=" + event->session_id, order); // a thin event
      if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
      status = sr::http_answer(outcome);
    }
    answer.send(static_cast<http::Code>(status));
  }

  const sr::return_handler& on_return_;
  const sr::webhook_verifier& webhooks_;
};

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe
  const sr::session_client stripe(std::move(options));
  const sr::return_handler on_return(stripe);
  const sr::webhook_verifier webhooks({{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      sr::livemode::test);

  const int port = argc > 1 ? std::atoi(argv[1]) : 8081;
  http::Endpoint server({Pistache::Ipv4::loopback(), static_cast<std::uint16_t>(port)});
  constexpr std::chrono::seconds patience(5); // half a request would hold its descriptor for ever
  server.init(http::Endpoint::options()
                  .threads(8)
                  .maxRequestSize(1024 * 1024)
                  .headerTimeout(patience)
                  .bodyTimeout(patience)
                  .keepaliveTimeout(patience));
  server.setHandler(std::make_shared<endpoint>(on_return, webhooks));
  server.serveThreaded();
  std::printf("http://127.0.0.1:%d\n",
              static_cast<int>(static_cast<std::uint16_t>(server.getPort())));
  std::fflush(stdout);
  for (;;)
    pause(); // until a signal ends it
}
