// The way back from Stripe Checkout on Boost.Beast, in coroutines on one thread, which waits for
// nothing: Stripe and the store are waited for by the threads of a pool.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... beast [PORT [sqlite:PATH]]

#include "shop.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <thread>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

// Blocks.
answer answer_to(shop& shop, const request& asked) {
  const std::string target(asked.target());
  const std::string path = target.substr(0, target.find('?'));
  const bool posts = asked.method() == http::verb::post;
  if (path == "/stripe_return" && asked.method() == http::verb::get) return shop.on_return(target);
  if (path == "/webhook" && posts)
    return shop.on_webhook(asked.body(), std::string(asked["Stripe-Signature"]));
  if (path == "/checkout" && posts) return shop.check_out(asked.body());
  return {404, "There is nothing here.", {}};
}

response make_response(const answer& from) {
  response made(static_cast<http::status>(from.status), 11);
  made.set(http::field::content_type, "text/plain; charset=utf-8");
  made.set(http::field::cache_control, "no-store");
  made.set("Referrer-Policy", "no-referrer"); // the address holds the session id
  if (!from.location.empty()) made.set(http::field::location, from.location);
  made.body() = from.text;
  return made;
}

// Without a limit, whoever sends half a request, or never reads the answer, would hold a descriptor
// for ever.
constexpr std::chrono::seconds patience(5);

asio::awaitable<void> serve(tcp::socket socket, shop& shop, asio::thread_pool& blocking) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  try {
    for (bool keep = true; keep;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(shop::max_body);
      stream.expires_after(patience);
      co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
      stream.expires_never(); // the client has a deadline of its own
      const auto ask = [&]() -> asio::awaitable<answer> {
        co_return answer_to(shop, parser.get());
      };
      response made = make_response(co_await asio::co_spawn(blocking, ask, asio::use_awaitable));
      keep = parser.keep_alive();
      made.keep_alive(keep);
      made.prepare_payload();
      stream.expires_after(patience);
      co_await http::async_write(stream, made, asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // the browser has gone
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, shop& shop, asio::thread_pool& blocking) {
  asio::steady_timer pause(acceptor.get_executor());
  for (;;) {
    boost::system::error_code failure;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (failure) { // out of descriptors, and the browser still waits: accept() would fail at once
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), shop, blocking),
                   asio::detached);
  }
}

int main(int argc, char** argv) {
  shop shop(argc, argv);
  asio::io_context context(1);
  asio::thread_pool blocking(64);
  tcp::acceptor acceptor(
      context, {asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(shop.port())});
  shop.listens_on(acceptor.local_endpoint().port());
  asio::co_spawn(context, listen(acceptor, shop, blocking), asio::detached);
  std::thread worker([&] {
    shop.work();
    context.stop();
  });
  context.run();
  worker.join();
  blocking.join();
}
