#include "shopkeeper_routes.hpp"

#include "customer_pages.hpp"
#include "http.hpp"
#include "log.hpp"
#include "order_details_page.hpp"
#include "order_text.hpp"
#include "orders_page.hpp"
#include "random_id.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace sr = stripe_return;

namespace {

constexpr char keeper_cookie[] = "keeper";
constexpr char keeper_name[] = "shopkeeper"; // in the history
constexpr std::size_t orders_on_a_page = 50;

// The word for the page that is shown next.
template <class Result> std::string word_of(const sr::result<Result>& result) {
  if (result) return std::string(to_string(*result));
  log("shopkeeper", result.error());
  return "failed";
}

class shopkeeper_routes {
public:
  explicit shopkeeper_routes(shop& shop) : shop_(shop) {}

  // The printed link: its token is taken for a cookie, so that it stays in no address.
  void show_orders(const httplib::Request& request, httplib::Response& response) const {
    if (request.has_param("token")) return sign_in(request, response);
    const visit visit = visit_of(shop_, request, response);
    if (!csrf_of(request)) return send(response, 403, visit, sign_in_page(visit, false));
    const std::string shown = request.get_param_value("show");
    sr::order_query query = query_for(shown);
    query.page_token = request.get_param_value("page");
    query.limit = orders_on_a_page;
    const auto orders = shop_.orders.list(query);
    if (!orders) {
      log("orders", orders.error());
      return send(response, 503, visit, notice_page(visit, notice::fault));
    }
    send(response, 200, visit, orders_page(visit, shown, *orders));
  }

  void sign_in(const httplib::Request& request, httplib::Response& response) const {
    const auto session = shop_.keeper.sign_in(request.get_param_value("token"));
    if (!session) {
      visit visit = visit_of(shop_, request, response);
      visit.path = "/orders";
      visit.query.clear();
      return send(response, 403, visit, sign_in_page(visit, true));
    }
    shop_.cookie.set(response, keeper_cookie, *session, same_site::strict);
    see_other(response, "/orders");
  }

  void show_order(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = visit_of(shop_, request, response);
    const auto csrf = csrf_of(request);
    if (!csrf) return send(response, 403, visit, sign_in_page(visit, false));
    const auto order = shop_.orders.find(request.get_param_value("number"));
    if (!order) {
      log("order", order.error());
      return send(response, 503, visit, notice_page(visit, notice::fault));
    }
    if (!*order) return send(response, 404, visit, order_not_found_page(visit));
    const auto history = shop_.orders.history(reference_of(**order));
    if (!history) {
      log("history", history.error());
      return send(response, 503, visit, notice_page(visit, notice::fault));
    }
    send(response, 200, visit,
         order_details_page(visit, **order, *history, *csrf, request.get_param_value("result")));
  }

  std::string ask(const httplib::Request& request) const {
    const auto seen = shop_.payments.refresh(request.get_param_value("number"), keeper_name);
    if (seen) return "asked";
    log("shopkeeper", seen.error());
    return "unknown";
  }

  std::string resolve(const httplib::Request& request) const {
    const std::string verdict = request.get_param_value("verdict");
    if (verdict != "accept" && verdict != "reject") return "failed";
    return word_of(shop_.orders.resolve(
        request.get_param_value("review"),
        verdict == "accept" ? sr::review_verdict::accept : sr::review_verdict::reject, keeper_name,
        request.get_param_value("note"), request.get_param_value("order"),
        request.get_param_value("account")));
  }

  std::string close(const httplib::Request& request) const {
    const auto closed = shop_.orders.close(request.get_param_value("number"), keeper_name);
    return word_of(closed ? sr::result<sr::close_result>(closed->result) : closed.error());
  }

  std::string cancel(const httplib::Request& request) const {
    return word_of(shop_.orders.cancel(request.get_param_value("number"), keeper_name));
  }

  std::string mark_fulfilled(const httplib::Request& request) const {
    const std::string number = request.get_param_value("number");
    const std::string how = request.get_param_value("how");
    if (how == "elsewhere" || how == "unknown")
      return word_of(shop_.orders.mark_fulfilled(
          number, how == "unknown" ? sr::fulfilled_by::unknown : sr::fulfilled_by::elsewhere,
          keeper_name));
    return word_of(
        shop_.orders.mark_fulfilled(number, sr::fulfilled_by::session, keeper_name, how));
  }

  std::string mark_refunded(const httplib::Request& request) const {
    const auto marked = shop_.orders.mark_refunded(request.get_param_value("session"), keeper_name);
    if (marked) return *marked ? "done" : "nothing_to_decide";
    log("shopkeeper", marked.error());
    return "failed";
  }

  // With the fake Stripe alone: what happens there without the customer.
  std::string play_stripe(const httplib::Request& request) const {
    const std::string session = request.get_param_value("session");
    const std::string action = request.get_param_value("action");
    const auto order = shop_.orders.find(session);
    const bool known = action == "succeed" || action == "fail" || action == "expire";
    if (shop_.fake_stripe() == nullptr || !order || !*order || !known) return "failed";
    httplib::Client(shop_.fake_stripe()->url())
        .Post("/_fake/sessions/" + session + "/" + action, "", "application/json");
    return ask(request);
  }

  // What a form of the shopkeeper's does, but for those who are not, or did not send it. Leads to
  // the page of what it was about.
  template <class Action> auto guarded(Action action) const {
    return [*this, action](const httplib::Request& request, httplib::Response& response) {
      const auto csrf = csrf_of(request);
      if (!csrf || !equal_in_constant_time(*csrf, request.get_param_value("csrf"))) {
        const visit visit = visit_of(shop_, request, response);
        return send(response, 403, visit, notice_page(visit, notice::from_elsewhere));
      }
      const std::string word = (this->*action)(request);
      see_other(response, address_of(request.get_param_value("number")) + "&result=" + word);
    };
  }

private:
  std::optional<std::string> csrf_of(const httplib::Request& request) const {
    return shop_.keeper.csrf_of(shop_.cookie.get(request, keeper_cookie));
  }

  shop& shop_;
};

} // namespace

void add_shopkeeper_routes(httplib::Server& server, shop& shop) {
  const shopkeeper_routes routes(shop);
  const auto on = [routes](auto action) {
    return [routes, action](const httplib::Request& request, httplib::Response& response) {
      (routes.*action)(request, response);
    };
  };
  server.Get("/orders", on(&shopkeeper_routes::show_orders));
  server.Post("/orders/sign-in", on(&shopkeeper_routes::sign_in));
  server.Get("/orders/order", on(&shopkeeper_routes::show_order));
  server.Post("/orders/ask", routes.guarded(&shopkeeper_routes::ask));
  server.Post("/orders/resolve", routes.guarded(&shopkeeper_routes::resolve));
  server.Post("/orders/close", routes.guarded(&shopkeeper_routes::close));
  server.Post("/orders/cancel", routes.guarded(&shopkeeper_routes::cancel));
  server.Post("/orders/mark-fulfilled", routes.guarded(&shopkeeper_routes::mark_fulfilled));
  server.Post("/orders/mark-refunded", routes.guarded(&shopkeeper_routes::mark_refunded));
  server.Post("/orders/play", routes.guarded(&shopkeeper_routes::play_stripe));
}
