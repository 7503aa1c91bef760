#include "fake_stripe/http_server.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/form.hpp"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include <sys/socket.h>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// Stalled connections hold a thread each.
constexpr std::size_t threads = 64;
constexpr std::size_t largest_body = 1024 * 1024;
// How long a new connection may be silent, and how long a request may take to arrive. The
// destructor may take as long.
constexpr time_t silence_seconds = 2;
constexpr time_t arrival_seconds = 5;
constexpr std::chrono::milliseconds look_for_the_client{50};

std::unique_ptr<httplib::Server> make_server(const server_certificate* certificate) {
  if (certificate == nullptr) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(certificate->certificate(), certificate->key());
}

request read_request(const httplib::Request& asked, std::string body) {
  const std::size_t question = std::min(asked.target.find('?'), asked.target.size());
  request read;
  read.method = asked.method;
  read.path = percent_decode(asked.target.substr(0, question));
  read.query = asked.target.substr(std::min(question + 1, asked.target.size()));
  read.authorization = asked.get_header_value("Authorization");
  read.idempotency_key = asked.get_header_value("Idempotency-Key");
  read.stripe_account = asked.get_header_value("Stripe-Account");
  read.stripe_context = asked.get_header_value("Stripe-Context");
  read.stripe_version = asked.get_header_value("Stripe-Version");
  read.host = asked.get_header_value("Host");
  read.origin = asked.get_header_value("Origin");
  read.fetch_site = asked.get_header_value("Sec-Fetch-Site");
  read.accept_language = asked.get_header_value("Accept-Language");
  read.body = std::move(body);
  return read;
}

void write_response(held_response held, httplib::Response& response) {
  const fake::response& made = held.answer;
  response.status = made.status;
  for (const auto& header : made.headers)
    response.set_header(header.first, header.second);
  if (made.end == response_end::whole) {
    response.set_content(made.body, made.content_type);
    return;
  }
  const std::size_t whole = made.body.size();
  const std::string content_type = made.content_type;
  response.set_content_provider(
      whole, content_type,
      [held = std::move(held)](std::size_t, std::size_t, httplib::DataSink& sink) {
        sink.write(held.answer.body.data(), held.answer.body.size() / 2);
        while (held.still_stalled && sink.is_writable() &&
               held.still_stalled(look_for_the_client)) {
        }
        return false; // ends the connection
      });
}

} // namespace

class http_server::listener {
public:
  listener(const server_certificate* certificate, std::uint16_t port)
      : scheme_(certificate == nullptr ? "http" : "https"), server_(make_server(certificate)) {
    server_->new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server_->set_socket_options([this](socket_t socket) {
      // cpp-httplib would share the port with whoever else asks for that.
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      socket_ = socket;
    });
    // One request a connection: it is never closed just when the client sends the next one.
    server_->set_keep_alive_max_count(1);
    server_->set_keep_alive_timeout(silence_seconds);
    server_->set_read_timeout(arrival_seconds);
    server_->set_write_timeout(arrival_seconds);
    server_->set_payload_max_length(largest_body);
    server_->set_tcp_nodelay(true);
    port_ = port == 0                                  ? server_->bind_to_any_port("127.0.0.1")
            : server_->bind_to_port("127.0.0.1", port) ? port
                                                       : -1;
    if (port_ <= 0) throw std::runtime_error("fake-stripe cannot listen on this port");
    // cpp-httplib lets five wait; the next one would try again after a second.
    ::listen(socket_, SOMAXCONN);
  }

  ~listener() {
    if (!running_.joinable()) return;
    server_->stop();
    running_.join();
  }

  std::string url() const { return scheme_ + "://127.0.0.1:" + std::to_string(port_); }

  void start(std::function<held_response(const request&)> handler) {
    handler_ = std::move(handler);
    server_->set_pre_routing_handler(
        [this](const httplib::Request& asked, httplib::Response& response) {
          if (asked.method == "POST") return httplib::Server::HandlerResponse::Unhandled;
          answer(asked, {}, response);
          return httplib::Server::HandlerResponse::Handled;
        });
    // With a reader, as cpp-httplib itself takes no form of more than 8 KiB.
    server_->Post(R"([\s\S]*)", [this](const httplib::Request& asked, httplib::Response& response,
                                       const httplib::ContentReader& read) {
      std::string body;
      // Without these it would wait for the client to close the connection.
      const bool has_body =
          asked.has_header("Content-Length") || asked.has_header("Transfer-Encoding");
      if (has_body && !read([&body](const char* data, std::size_t size) {
            body.append(data, size);
            return body.size() <= largest_body;
          })) {
        return; // cpp-httplib has set the status
      }
      answer(asked, std::move(body), response);
    });
    running_ = std::thread([this] { server_->listen_after_bind(); });
    // stop() does nothing to a server that does not run yet.
    while (!server_->is_running())
      std::this_thread::yield();
  }

private:
  void answer(const httplib::Request& asked, std::string body, httplib::Response& response) {
    try {
      write_response(handler_(read_request(asked, std::move(body))), response);
    } catch (const api_error& error) { // refused before any state is looked at
      write_response({json_response(error.body(), error.status), {}}, response);
    }
  }

  std::string scheme_;
  std::unique_ptr<httplib::Server> server_;
  socket_t socket_ = INVALID_SOCKET;
  int port_ = 0;
  std::function<held_response(const request&)> handler_;
  std::thread running_;
};

http_server::http_server(const server_certificate* certificate, std::uint16_t port)
    : listener_(std::make_unique<listener>(certificate, port)) {}

http_server::~http_server() = default;

std::string http_server::url() const {
  return listener_->url();
}

void http_server::start(std::function<held_response(const request&)> handler) {
  listener_->start(std::move(handler));
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
