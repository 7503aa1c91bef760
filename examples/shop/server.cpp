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

constexpr std::size_t threads = 32; // each waits for Stripe, or for a browser's next request
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
  server_.set_socket_options([](socket_t socket) {
    // cpp-httplib would share the port with whoever else asks for that.
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  const int taken = port == 0 ? server_.bind_to_any_port("127.0.0.1")
                    : server_.bind_to_port("127.0.0.1", port) ? port
                                                              : -1;
  if (taken <= 0) throw std::runtime_error("the port is taken: name another by --port");
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
  server_.set_post_routing_handler(
      [pages = shop.payment_pages()](const httplib::Request&, httplib::Response& response) {
        set_security_headers(response, pages);
      });
  server_.set_error_handler([&shop](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty() || request.path == "/webhook") return;
    const visit visit = visit_of(request, response, shop.fake_stripe() != nullptr);
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
