// The way back from Stripe Checkout on Boost.Beast, in coroutines on one thread. Copy this file.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... beast [PORT]

#include <stripe_return/client/adapters/asio.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace sr = stripe_return;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of(const request&) {
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

class endpoint {
public:
  endpoint(const sr::async_return_handler& on_return, const sr::webhook_verifier& webhooks)
      : on_return_(on_return), webhooks_(webhooks) {}

  asio::awaitable<response> answer(const request& asked) const {
    const std::string target(asked.target());
    const std::string path = target.substr(0, target.find('?'));
    if (path == "/stripe_return" && asked.method() == http::verb::get) {
      co_return co_await on_return(asked);
    }
    if (path == "/webhook" && asked.method() == http::verb::post)
      co_return co_await on_webhook(asked);
    co_return make(404, "There is nothing here.");
  }

private:
  asio::awaitable<response> on_return(const request& asked) const {
    const sr::expected_order order = order_of(asked);
    const auto outcome =
        co_await sr::async_handle(on_return_, co_await asio::this_coro::executor,
                                  std::string(asked.target()), order, asio::use_awaitable);
    if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
    co_return make(sr::http_answer(outcome), text_of(outcome, order.out_trade_no));
  }

  asio::awaitable<response> on_webhook(const request& asked) const {
    const std::string signature(asked["Stripe-Signature"]);
    const auto event = webhooks_.verify(asked.body(), signature, std::time(nullptr));
    int status = sr::http_answer(event);
    if (event && event->relevance == sr::event_relevance::handled) {
      const sr::expected_order order = order_of(asked); // by the event's order number
      const auto observed = sr::observation_of(*event);
      sr::result<sr::order_outcome> outcome =
          sr::decide(observed.value_or(sr::observation()), order);
      if (!observed) { // a thin event
        outcome = co_await sr::async_handle(on_return_, co_await asio::this_coro::executor,
                                            "session_id=" + event->session_id, order,
                                            asio::use_awaitable);
      }
      if (outcome && outcome->may_fulfill(order.out_trade_no)) fulfill(order.out_trade_no);
      status = sr::http_answer(outcome);
    }
    co_return make(status, "");
  }

  static response make(int status, const char* text) {
    response answer(static_cast<http::status>(status), 11);
    answer.set(http::field::content_type, "text/plain; charset=utf-8");
    answer.set(http::field::cache_control, "no-store");
    answer.set("Referrer-Policy", "no-referrer"); // the address holds the session id
    answer.body() = text;
    return answer;
  }

  const sr::async_return_handler& on_return_;
  const sr::webhook_verifier& webhooks_;
};

// Without a limit, whoever sends half a request, or never reads the answer, would hold a descriptor
// for ever.
constexpr std::chrono::seconds patience(5);

asio::awaitable<void> serve(tcp::socket socket, const endpoint& shop) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  try {
    for (bool keep = true; keep;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(1024 * 1024);
      stream.expires_after(patience);
      co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
      stream.expires_never(); // the client has a deadline of its own
      response answer = co_await shop.answer(parser.get());
      keep = parser.keep_alive();
      answer.keep_alive(keep);
      answer.prepare_payload();
      stream.expires_after(patience);
      co_await http::async_write(stream, answer, asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // the browser has gone
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, const endpoint& shop) {
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
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), shop), asio::detached);
  }
}

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe

  asio::io_context context(1);
  sr::asio_event_loop loop(context.get_executor());
  sr::async_session_client stripe(std::move(options), loop);
  const sr::async_return_handler on_return(stripe);
  const sr::webhook_verifier webhooks({{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      sr::livemode::test);
  const endpoint shop(on_return, webhooks);

  const int port = argc > 1 ? std::atoi(argv[1]) : 8081;
  tcp::acceptor acceptor(
      context, {asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(port)});
  std::printf("http://127.0.0.1:%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  asio::co_spawn(context, listen(acceptor, shop), asio::detached);
  context.run();
}
