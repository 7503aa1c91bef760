#include "endpoint.hpp"

#include "page.hpp"

#include <httplib.h>

#include <cstdio>
#include <utility>

namespace sr = stripe_return;

namespace {

// For the person on call. No session id, nothing of the query, nothing of the customer.
void log(const sr::result<sr::order_outcome>& answer) {
  if (!answer) {
    std::fprintf(stderr, "return: error=%s request_id=%s\n",
                 std::string(to_string(answer.error().code)).c_str(),
                 answer.error().request_id.c_str());
  } else {
    std::fprintf(stderr, "return: state=%s", std::string(to_string(answer->state())).c_str());
    for (const sr::reason why : answer->reasons()) {
      std::fprintf(stderr, " %s", std::string(to_string(why)).c_str());
    }
    std::fprintf(stderr, "\n");
  }
}

void show(const page& page, httplib::Response& response) {
  response.status = page.http_status;
  // The address holds the session id: it must not travel on, and the page must not be kept.
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cache-Control", "no-store");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Content-Security-Policy",
                      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'");
  response.set_content(page.html, "text/html; charset=utf-8");
}

} // namespace

void add_return_endpoint(httplib::Server& server, const sr::return_handler& on_return,
                         find_order order_of) {
  server.Get("/stripe_return", [&on_return, order_of = std::move(order_of)](
                                   const httplib::Request& request, httplib::Response& response) {
    const std::optional<sr::expected_order> order = order_of(request);
    const sr::result<sr::order_outcome> answer =
        order ? on_return.handle(request.target, *order) : on_return.handle(request.target);
    log(answer);
    // Here a shop fulfills, once: if (order && answer && answer->may_fulfill(order->out_trade_no))
    show(answer ? page_for(*answer) : page_for(answer.error()), response);
  });
  server.Get("/style.css", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(style_sheet(), "text/css; charset=utf-8");
  });
}
