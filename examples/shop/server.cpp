#include "server.hpp"

#include "assets.hpp"
#include "customer_pages.hpp"
#include "customer_routes.hpp"
#include "http.hpp"
#include "shopkeeper_routes.hpp"

#include <stdexcept>
#include <string_view>

#include <sys/socket.h>

namespace {

// Each waits for Stripe, or for what a client is slow to send: that is what the time limits are
// for. A server for everybody has a reverse proxy in front, which passes whole requests on.
constexpr std::size_t threads = 256;
constexpr time_t longest_silence = 5;             // in seconds
constexpr std::size_t largest_body = 1024 * 1024; // of a webhook

void add_asset(httplib::Server& server, const char* path, std::string_view content,
               const char* type) {
  server.Get(path, [content, type](const httplib::Request&, httplib::Response& response) {
    response.set_header("Cache-Control", "no-cache");
    response.set_content(content.data(), content.size(), type);
  });
}

} // namespace

shop_port::shop_port(int port) {
  server_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  server_.set_payload_max_length(largest_body);
  // One request a connection: a thread never waits for the next one.
  server_.set_keep_alive_max_count(1);
  server_.set_keep_alive_timeout(longest_silence);
  server_.set_read_timeout(longest_silence);
  server_.set_write_timeout(longest_silence);
  socket_t listening = INVALID_SOCKET;
  server_.set_socket_options([&listening](socket_t socket) {
    // cpp-httplib would share the port with whoever else asks for that.
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    listening = socket;
  });
  const int taken = port == 0 ? server_.bind_to_any_port("127.0.0.1")
                    : server_.bind_to_port("127.0.0.1", port) ? port
                                                              : -1;
  if (taken <= 0) throw std::runtime_error("the port is taken: name another by --port");
  ::listen(listening, SOMAXCONN); // cpp-httplib lets five wait
  local_url_ = "http://127.0.0.1:" + std::to_string(taken);
}

serving::serving(shop_port& port, shop& shop) : server_(port.server_) {
  add_customer_routes(server_, shop);
  add_webhook_route(server_, shop);
  add_shopkeeper_routes(server_, shop);
  add_asset(server_, "/shop.css", assets::style_sheet, "text/css; charset=utf-8");
  add_asset(server_, "/shop.js", assets::script, "text/javascript; charset=utf-8");
  add_asset(server_, "/embedded.js", assets::embedded_script, "text/javascript; charset=utf-8");
  add_asset(server_, "/tea.svg", assets::picture, "image/svg+xml");
  server_.set_pre_routing_handler(
      [&shop](const httplib::Request& request, httplib::Response& response) {
        if (request.method == "GET" || !is_from_elsewhere(shop, request))
          return httplib::Server::HandlerResponse::Unhandled;
        const visit visit = visit_of(shop, request, response);
        send(response, 403, visit, notice_page(visit, notice::from_elsewhere));
        return httplib::Server::HandlerResponse::Handled;
      });
  server_.set_post_routing_handler(
      [pages = shop.payment_pages()](const httplib::Request&, httplib::Response& response) {
        set_security_headers(response, pages);
      });
  server_.set_error_handler([&shop](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty() || request.path == "/webhook") return;
    const visit visit = visit_of(shop, request, response);
    send(response, response.status, visit,
         notice_page(visit, response.status == 404 ? notice::no_such_page : notice::fault));
  });
  server_.set_exception_handler(
      [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
        response.status = 500; // what was thrown is told to nobody
      });
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  // stop() does nothing to a server that does not run yet.
  while (!server_.is_running())
    std::this_thread::yield();
}

serving::~serving() {
  server_.stop();
  thread_.join();
}
