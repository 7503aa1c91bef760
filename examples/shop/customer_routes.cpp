#include "customer_routes.hpp"

#include "customer_pages.hpp"
#include "embedded_page.hpp"
#include "http.hpp"

#include <cstdio>
#include <string>

namespace sr = stripe_return;

namespace {

constexpr char browser_cookie[] = "browser";

// For the person on call: no session id, nothing of the query, nothing of the customer.
void log(const char* what, const sr::error& failure) {
  std::fprintf(stderr, "%s: error=%s request_id=%s\n", what,
               std::string(to_string(failure.code)).c_str(), failure.request_id.c_str());
}

class customer_routes {
public:
  explicit customer_routes(shop& shop) : shop_(shop) {}

  void show_product(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = begin(request, response);
    send(response, 200, visit, product_page(visit, shop_.goods, open_order_of(request)));
  }

  // A new order, or one of this browser's that is still to be paid: its number is in the form, or
  // it is the last one, so that a form that is sent twice makes no second order.
  void check_out(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = begin(request, response);
    if (is_from_elsewhere(request))
      return send(response, 403, visit, notice_page(visit, notice::from_elsewhere));
    std::string number = request.get_param_value("order");
    if (!number.empty() && !is_owner(request, number))
      return send(response, 404, visit, notice_page(visit, notice::unknown_order));
    if (number.empty()) number = open_order_of(request);
    if (number.empty()) number = shop_.orders.make_number();
    bind(request, response, number);

    const sr::result<sr::opened_checkout> opened = shop_.check_out(number);
    if (!opened) {
      log("checkout", opened.error());
      return send(response, 503, visit, cannot_pay_page(visit, number));
    }
    if (!opened->client_secret.empty()) {
      response.set_header("Content-Security-Policy", embedded_page_policy);
      return send(response, 200, visit,
                  embedded_page(visit, shop_.publishable_key, opened->client_secret));
    }
    // Without a page to pay on, there is nothing to pay any more: the order says why.
    see_other(response, opened->url.empty() ? "/order?number=" + number : opened->url.reveal());
  }

  // From Stripe's page. Loading it again is harmless.
  void come_back(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = begin(request, response);
    const std::string number = request.get_param_value("order");
    const bool known = is_owner(request, number);
    // Where the browser is not known, the desk looks for the token in the URL.
    const sr::result<sr::return_answer> answer =
        shop_.desk.on_return(request.target, known ? number : "");
    if (!answer) {
      log("return", answer.error());
      const int status = sr::http_answer(answer);
      return send(response, status, visit,
                  notice_page(visit, status == 400   ? notice::bad_link
                                     : status == 404 ? notice::unknown_payment
                                                     : notice::still_asking));
    }
    if (!answer->view) return send(response, 200, visit, notice_page(visit, notice::thank_you));
    if (!known) bind(request, response, answer->out_trade_no); // by the token: as with Alipay
    send(response, 200, visit, order_page(visit, answer->out_trade_no, *answer->view));
  }

  // What is known of an order without asking Stripe: after leaving its page, and for shop.js.
  void show_order(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = begin(request, response);
    const std::string number = order_asked_for(request);
    const auto view = view_for(request, number);
    if (!view) {
      log("order", view.error());
      return send(response, 503, visit, notice_page(visit, notice::still_asking));
    }
    if (!*view) return send(response, 404, visit, notice_page(visit, notice::unknown_order));
    send(response, 200, visit, order_page(visit, number, **view));
  }

  void tell_status(const httplib::Request& request, httplib::Response& response) const {
    const auto view = view_for(request, order_asked_for(request));
    if (!view || !*view) {
      response.status = view ? 404 : 503;
      return response.set_content("{}", "application/json");
    }
    const auto member = [](const char* name, std::string_view word) {
      return std::string("\"") + name + "\":\"" + std::string(word) + "\",";
    };
    response.set_content("{" + member("state", to_string((*view)->state)) +
                             member("next_step", to_string((*view)->next_step)) +
                             member("pay_again", to_string((*view)->pay_again)) +
                             "\"poll_after\":" + std::to_string((*view)->poll_after.count()) + "}",
                         "application/json");
  }

private:
  visit begin(const httplib::Request& request, httplib::Response& response) const {
    return visit_of(request, response, shop_.fake_stripe() != nullptr);
  }

  // By its number, or the last one of this browser.
  std::string order_asked_for(const httplib::Request& request) const {
    return request.has_param("number")
               ? request.get_param_value("number")
               : shop_.customers.last_order_of(cookie_of(request, browser_cookie));
  }

  bool is_owner(const httplib::Request& request, const std::string& number) const {
    return shop_.customers.owns(cookie_of(request, browser_cookie), number);
  }

  void bind(const httplib::Request& request, httplib::Response& response,
            const std::string& number) const {
    set_cookie(response, browser_cookie,
               shop_.customers.give(cookie_of(request, browser_cookie), number), same_site::lax,
               shop_.secure());
  }

  sr::result<std::optional<sr::customer_view>> view_for(const httplib::Request& request,
                                                        const std::string& number) const {
    if (!is_owner(request, number)) return std::optional<sr::customer_view>();
    return shop_.desk.view(number);
  }

  // The last one that this browser made, while it may still be paid; else empty.
  std::string open_order_of(const httplib::Request& request) const {
    const std::string number = shop_.customers.last_order_of(cookie_of(request, browser_cookie));
    const auto view = view_for(request, number);
    const bool open = view && *view && (*view)->pay_again == sr::pay_again::yes;
    return open ? number : std::string();
  }

  shop& shop_;
};

} // namespace

void add_customer_routes(httplib::Server& server, shop& shop) {
  const auto on = [routes = customer_routes(shop)](auto action) {
    return [routes, action](const httplib::Request& request, httplib::Response& response) {
      (routes.*action)(request, response);
    };
  };
  server.Get("/", on(&customer_routes::show_product));
  server.Post("/create-checkout-session", on(&customer_routes::check_out));
  server.Get("/return", on(&customer_routes::come_back));
  server.Get("/order", on(&customer_routes::show_order));
  server.Get("/session-status", on(&customer_routes::tell_status));
}

void add_webhook_route(httplib::Server& server, shop& shop) {
  server.Post("/webhook", [&shop](const httplib::Request& request, httplib::Response& response) {
    const sr::webhook_answer answer =
        shop.desk.on_webhook(request.body, request.get_header_value("Stripe-Signature"));
    if (answer.failure) log("webhook", *answer.failure);
    response.status = answer.http_status;
  });
}
