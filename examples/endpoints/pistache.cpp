// The way back from Stripe Checkout on Pistache, whose threads wait for Stripe and for the store.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... pistache [PORT [sqlite:PATH]]

#include "shop.hpp"

#include <pistache/endpoint.h>
#include <pistache/peer.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <sys/socket.h>

namespace http = Pistache::Http;

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

  explicit endpoint(shop& of) : shop_(of) {}

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

  void onRequest(const http::Request& asked, http::ResponseWriter response) override {
    // Of a name that comes twice, Pistache's own query has one.
    const auto head = std::static_pointer_cast<std::string>(response.peer()->getData("head"));
    const std::size_t target = head->find(' ') + 1;
    send(answer_to(asked, head->substr(target, head->find(' ', target) - target)), response);
  }

private:
  static bool is_whole(const std::string& head) {
    return head.find("\r\n\r\n") != std::string::npos;
  }

  answer answer_to(const http::Request& asked, const std::string& target) const {
    const std::string path = asked.resource();
    const bool posts = asked.method() == http::Method::Post;
    if (path == "/stripe_return" && asked.method() == http::Method::Get)
      return shop_.on_return(target);
    if (path == "/checkout" && posts) return shop_.check_out(asked.body());
    if (path != "/webhook" || !posts) return {404, "There is nothing here.", {}};
    const auto signature = asked.headers().tryGetRaw("Stripe-Signature");
    return shop_.on_webhook(asked.body(), signature ? signature->value() : std::string());
  }

  static void send(const answer& from, http::ResponseWriter& to) {
    to.headers().add<http::Header::ContentType>(MIME(Text, Plain));
    to.headers().add<http::Header::CacheControl>(http::CacheDirective::NoStore);
    to.headers().add<referrer_policy>();
    if (!from.location.empty()) to.headers().add<http::Header::Location>(from.location);
    to.send(static_cast<http::Code>(from.status), from.text);
  }

  shop& shop_;
};

int main(int argc, char** argv) {
  shop shop(argc, argv);
  http::Endpoint server({Pistache::Ipv4::loopback(), static_cast<std::uint16_t>(shop.port())});
  constexpr std::chrono::seconds patience(5); // half a request would hold its descriptor for ever
  server.init(http::Endpoint::options()
                  .threads(8)
                  .maxRequestSize(shop::max_body)
                  .headerTimeout(patience)
                  .bodyTimeout(patience)
                  .keepaliveTimeout(patience));
  server.setHandler(std::make_shared<endpoint>(shop));
  server.serveThreaded();
  shop.listens_on(static_cast<std::uint16_t>(server.getPort()));
  shop.work();
  server.shutdown();
}
