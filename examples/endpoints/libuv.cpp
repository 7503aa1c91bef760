// The way back from Stripe Checkout on libuv, with http_parser, on one thread. Copy this file.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... libuv [PORT]

#include <stripe_return/client/adapters/uv.hpp>
#include <stripe_return/client/async_return_handler.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <http_parser.h>
#include <uv.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <strings.h>

namespace sr = stripe_return;

// The shop's own: the order that this browser came back for, by its session cookie.
sr::expected_order order_of_visitor() {
  sr::expected_order order;
  order.out_trade_no = "1774256382025448500";
  order.amounts = {{400, "cny"}};
  return order;
}

// The shop's own, too: must do its work once, however often it is called for an order.
void fulfill(const std::string& out_trade_no) {
  std::printf("fulfil %s\n", out_trade_no.c_str());
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
  const sr::async_return_handler& on_return;
  const sr::webhook_verifier& webhooks;
};

// One request and its answer, after which the connection is closed.
class connection : public std::enable_shared_from_this<connection> {
public:
  static void accept(uv_stream_t* listener, const shop& of) {
    const auto made = std::make_shared<connection>(of);
    made->self_ = made;
    uv_tcp_init(listener->loop, &made->socket_);
    made->socket_.data = made.get();
    if (uv_accept(listener, made->stream()) != 0) return made->close();
    uv_read_start(made->stream(), &on_space, &on_read);
  }

  explicit connection(const shop& of) : shop_(of) {
    http_parser_init(&parser_, HTTP_REQUEST);
    parser_.data = this;
    settings_.on_url = [](http_parser* parser, const char* text, std::size_t size) {
      of_parser(parser).target_.append(text, size);
      return 0;
    };
    settings_.on_header_field = [](http_parser* parser, const char* text, std::size_t size) {
      connection& self = of_parser(parser);
      if (!self.in_name_) self.name_.clear();
      self.in_name_ = true;
      self.name_.append(text, size);
      return 0;
    };
    settings_.on_header_value = [](http_parser* parser, const char* text, std::size_t size) {
      connection& self = of_parser(parser);
      self.in_name_ = false;
      if (strcasecmp(self.name_.c_str(), "Stripe-Signature") == 0)
        self.signature_.append(text, size);
      return 0;
    };
    settings_.on_body = [](http_parser* parser, const char* text, std::size_t size) {
      connection& self = of_parser(parser);
      self.body_.append(text, size);
      return self.body_.size() > 1024 * 1024 ? 1 : 0;
    };
    settings_.on_message_complete = [](http_parser* parser) {
      of_parser(parser).answer();
      return 0;
    };
  }

private:
  void answer() {
    uv_read_stop(stream());
    const std::string path = target_.substr(0, target_.find('?'));
    if (path == "/stripe_return" && parser_.method == HTTP_GET) return on_return();
    if (path == "/webhook" && parser_.method == HTTP_POST) return on_webhook();
    send(404, "There is nothing here.");
  }

  void on_return() {
    const sr::expected_order order = order_of_visitor();
    shop_.on_return.handle(
        target_, order,
        [self = shared_from_this(), order = order.out_trade_no](const auto& outcome) {
          if (outcome && outcome->may_fulfill(order)) fulfill(order);
          self->send(sr::http_answer(outcome), text_of(outcome, order));
        });
  }

  void on_webhook() {
    const auto event = shop_.webhooks.verify(body_, signature_, std::time(nullptr));
    if (event && event->session) {
      const sr::expected_order order = order_of_visitor(); // by the event's order number
      if (sr::decide(*event, order, std::time(nullptr)).may_fulfill(order.out_trade_no)) {
        fulfill(order.out_trade_no);
      }
    }
    send(sr::http_answer(event), "");
  }

  void send(int status, const std::string& text) {
    reply_ = "HTTP/1.1 " + std::to_string(status) +
             " \r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"
             "Referrer-Policy: no-referrer\r\n" // the address holds the session id
             "Connection: close\r\nContent-Length: " +
             std::to_string(text.size()) + "\r\n\r\n" + text;
    write_.data = this;
    const uv_buf_t all = uv_buf_init(reply_.data(), static_cast<unsigned>(reply_.size()));
    const auto sent = [](uv_write_t* write, int) {
      static_cast<connection*>(write->data)->close();
    };
    if (uv_write(&write_, stream(), &all, 1, sent) != 0) close();
  }

  void close() {
    if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&socket_))) return;
    uv_close(reinterpret_cast<uv_handle_t*>(&socket_),
             [](uv_handle_t* socket) { static_cast<connection*>(socket->data)->self_.reset(); });
  }

  static void on_space(uv_handle_t* socket, std::size_t, uv_buf_t* space) {
    auto& buffer = static_cast<connection*>(socket->data)->buffer_;
    *space = uv_buf_init(buffer, sizeof buffer);
  }
  static void on_read(uv_stream_t* socket, ssize_t size, const uv_buf_t* got) {
    auto& self = *static_cast<connection*>(socket->data);
    if (size < 0) return self.close();
    const auto read = static_cast<std::size_t>(size);
    const auto self_kept = self.shared_from_this();
    if (http_parser_execute(&self.parser_, &self.settings_, got->base, read) != read) self.close();
  }
  static connection& of_parser(http_parser* parser) {
    return *static_cast<connection*>(parser->data);
  }
  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&socket_); }

  const shop& shop_;
  std::shared_ptr<connection> self_; // as long as libuv holds the socket
  uv_tcp_t socket_{};
  uv_write_t write_{};
  char buffer_[16384];
  http_parser parser_{};
  http_parser_settings settings_{};
  bool in_name_ = false;
  std::string name_;
  std::string target_;
  std::string signature_;
  std::string body_;
  std::string reply_;
};

int main(int argc, char** argv) {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base; // a fake Stripe

  uv_loop_t* uv = uv_default_loop();
  sr::uv_event_loop loop(uv);
  sr::async_session_client stripe(std::move(options), loop);
  const sr::async_return_handler on_return(stripe);
  const sr::webhook_verifier webhooks({{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      sr::livemode::test);
  shop mine{on_return, webhooks};

  uv_tcp_t listener;
  uv_tcp_init(uv, &listener);
  listener.data = &mine;
  sockaddr_in address{};
  uv_ip4_addr("127.0.0.1", argc > 1 ? std::atoi(argv[1]) : 8081, &address);
  const auto on_connection = [](uv_stream_t* stream, int failure) {
    if (failure == 0) connection::accept(stream, *static_cast<shop*>(stream->data));
  };
  if (uv_tcp_bind(&listener, reinterpret_cast<const sockaddr*>(&address), 0) != 0 ||
      uv_listen(reinterpret_cast<uv_stream_t*>(&listener), 128, on_connection) != 0) {
    std::fprintf(stderr, "the port is taken\n");
    return 1;
  }
  int size = sizeof address;
  uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return uv_run(uv, UV_RUN_DEFAULT);
}
