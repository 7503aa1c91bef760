#include "customer_routes.hpp"

#include "customer_pages.hpp"
#include "embedded_page.hpp"
#include "http.hpp"
#include "log.hpp"
#include "order_number.hpp"

#include <string>

namespace sr = stripe_return;

namespace {

constexpr char browser_cookie[] = "browser";

class customer_routes {
public:
  explicit customer_routes(shop& shop) : shop_(shop) {}

  void show_product(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    send(response, 200, visit, product_page(visit, shop_.goods, open_order_of(request)));
  }

  // A new order, or one of this browser's that is still to be paid: its number is in the form, or
  // it is the last one, so that a form that is sent twice makes no second order.
  void check_out(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    std::string number = request.get_param_value("order");
    if (!number.empty() && !is_owner(request, number))
      return send(response, 404, visit, notice_page(visit, notice::unknown_order));
    if (number.empty()) number = open_order_of(request);
    if (number.empty()) number = make_order_number();
    bind(request, response, number);

    const sr::result<sr::checkout> opened = shop_.check_out(number);
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
    see_other(response, opened->url.empty() ? "/order/" + number : opened->url.reveal());
  }

  // From Stripe's page, any number of times. The address holds ids, and whoever has it is taken for
  // the customer: it is left for the order's own at once.
  void come_back(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    const std::string number = request.get_param_value("order");
    const bool known = is_owner(request, number);
    // Where the browser is not known, the token in the URL tells whose order it is.
    const sr::result<sr::return_result> back =
        shop_.payments.on_return(request.target, known ? number : "");
    if (!back) {
      log("return", back.error());
      const int status = sr::http_answer(back);
      return send(response, status, visit,
                  notice_page(visit, status == 400   ? notice::bad_link
                                     : status == 404 ? notice::unknown_payment
                                                     : notice::still_asking));
    }
    if (!back->view) return see_other(response, "/thank-you");
    if (!known) bind(request, response, back->out_trade_no);
    // Without its store the shop could not show the order's page.
    if (!back->recorded)
      return send(response, 200, visit,
                  order_page(visit, shop_.goods, back->out_trade_no, *back->view));
    see_other(response, "/order/" + back->out_trade_no);
  }

  void show_thanks(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    send(response, 200, visit, notice_page(visit, notice::thank_you));
  }

  // What is known of an order without asking Stripe.
  void show_order(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    const std::string number = request.matches[1];
    const auto view = view_for(request, number);
    if (!view) {
      log("order", view.error());
      return send(response, 503, visit, notice_page(visit, notice::still_asking));
    }
    if (!*view) return send(response, 404, visit, notice_page(visit, notice::unknown_order));
    send(response, 200, visit, order_page(visit, shop_.goods, number, **view));
  }

  void tell_status(const httplib::Request& request, httplib::Response& response) const {
    const auto view = view_for(request, request.matches[1]);
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
  bool is_owner(const httplib::Request& request, const std::string& number) const {
    return shop_.customers.owns(shop_.cookie.get(request, browser_cookie), number);
  }

  void bind(const httplib::Request& request, httplib::Response& response,
            const std::string& number) const {
    const std::string known = shop_.cookie.get(request, browser_cookie);
    shop_.cookie.set(response, browser_cookie, shop_.customers.give(known, number), same_site::lax);
  }

  sr::result<std::optional<sr::customer_view>> view_for(const httplib::Request& request,
                                                        const std::string& number) const {
    if (!is_owner(request, number)) return std::optional<sr::customer_view>();
    return shop_.orders.view(number);
  }

  // The last one that this browser made, while it may still be paid; else empty.
  std::string open_order_of(const httplib::Request& request) const {
    const std::string number =
        shop_.customers.last_order_of(shop_.cookie.get(request, browser_cookie));
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
  server.Get("/thank-you", on(&customer_routes::show_thanks));
  server.Get("/order/([^/]+)", on(&customer_routes::show_order));
  server.Get("/order/([^/]+)/status", on(&customer_routes::tell_status));
}

void add_webhook_route(httplib::Server& server, shop& shop) {
  server.Post("/webhook", [&shop](const httplib::Request& request, httplib::Response& response) {
    const sr::webhook_result answer =
        shop.payments.on_webhook(request.body, request.get_header_value("Stripe-Signature"));
    if (answer.failure) log("webhook", *answer.failure);
    response.status = answer.http_status;
  });
}
