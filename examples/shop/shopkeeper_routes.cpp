#include "shopkeeper_routes.hpp"

#include "customer_pages.hpp"
#include "http.hpp"
#include "orders_pages.hpp"
#include "random_id.hpp"
#include "url.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace sr = stripe_return;

namespace {

constexpr char keeper_cookie[] = "keeper";
constexpr char keeper_name[] = "shopkeeper"; // in the history
constexpr std::size_t most_reviews = 100;

class shopkeeper_routes {
public:
  explicit shopkeeper_routes(shop& shop) : shop_(shop) {}

  // The printed link: its token is taken for a cookie, so that it stays in no address.
  void show_orders(const httplib::Request& request, httplib::Response& response) const {
    if (request.has_param("token")) return sign_in(request, response);
    const visit visit = begin(request, response);
    if (!csrf_of(request)) return send(response, 403, visit, sign_in_page(visit, false));
    std::vector<seen_order> orders;
    for (const std::string& number : numbers()) {
      if (const auto order = see(number)) orders.push_back(*order);
    }
    send(response, 200, visit, orders_page(visit, orders));
  }

  void sign_in(const httplib::Request& request, httplib::Response& response) const {
    const auto session = shop_.keeper.sign_in(request.get_param_value("token"));
    if (!session) {
      visit visit = begin(request, response);
      visit.target = "/orders";
      return send(response, 403, visit, sign_in_page(visit, true));
    }
    set_cookie(response, keeper_cookie, *session, same_site::strict, shop_.secure());
    see_other(response, "/orders");
  }

  void show_order(const httplib::Request& request, httplib::Response& response) const {
    const visit visit = begin(request, response);
    const auto csrf = csrf_of(request);
    if (!csrf) return send(response, 403, visit, sign_in_page(visit, false));
    const auto order = see(request.get_param_value("number"));
    if (!order) return send(response, 404, visit, order_not_found_page(visit));
    send(response, 200, visit, order_details_page(visit, *order, *csrf));
  }

  void ask_stripe(const httplib::Request& request, httplib::Response& response) const {
    const std::string number = request.get_param_value("number");
    // What cannot be asked now, the sweep asks about.
    static_cast<void>(shop_.desk.ask_stripe(number, keeper_name));
    to_order(response, number);
  }

  void resolve(const httplib::Request& request, httplib::Response& response) const {
    const std::string number = request.get_param_value("number");
    const std::string verdict = request.get_param_value("verdict");
    if (verdict == "accept" || verdict == "reject") {
      // What there is to see of it then is the same whether it could be done or not.
      static_cast<void>(shop_.desk.resolve(
          number, verdict == "accept" ? sr::review_verdict::accept : sr::review_verdict::reject,
          keeper_name, request.get_param_value("note")));
    }
    to_order(response, number);
  }

  // With the fake Stripe alone: what happens there without the customer.
  void play_stripe(const httplib::Request& request, httplib::Response& response) const {
    const std::string number = request.get_param_value("number");
    const std::string session = request.get_param_value("session");
    const std::string action = request.get_param_value("action");
    const auto order = shop_.store->find(number);
    const bool is_of_order =
        order && *order &&
        std::any_of((*order)->sessions.begin(), (*order)->sessions.end(),
                    [&](const sr::session_record& each) { return each.id == session; });
    const bool known = action == "succeed" || action == "fail" || action == "expire";
    if (shop_.fake_stripe() != nullptr && is_of_order && known) {
      httplib::Client(shop_.fake_stripe()->url())
          .Post("/_fake/sessions/" + session + "/" + action, "", "application/json");
      static_cast<void>(shop_.desk.on_return("session_id=" + session));
    }
    to_order(response, number);
  }

  // What a form of the shopkeeper's does, but for those who are not, or did not send it.
  template <class Action> auto guarded(Action action) const {
    return [*this, action](const httplib::Request& request, httplib::Response& response) {
      const auto csrf = csrf_of(request);
      if (!csrf || !equal_in_constant_time(*csrf, request.get_param_value("csrf"))) {
        const visit visit = begin(request, response);
        return send(response, 403, visit, notice_page(visit, notice::from_elsewhere));
      }
      (this->*action)(request, response);
    };
  }

private:
  visit begin(const httplib::Request& request, httplib::Response& response) const {
    return visit_of(request, response, shop_.fake_stripe() != nullptr);
  }

  std::optional<std::string> csrf_of(const httplib::Request& request) const {
    return shop_.keeper.csrf_of(cookie_of(request, keeper_cookie));
  }

  // Those in review first, the ones from before this program began among them.
  std::vector<std::string> numbers() const {
    std::vector<std::string> numbers;
    if (const auto in_review = shop_.store->in_review({}, most_reviews)) numbers = *in_review;
    for (const std::string& each : shop_.orders.newest_first()) {
      if (std::find(numbers.begin(), numbers.end(), each) == numbers.end()) numbers.push_back(each);
    }
    return numbers;
  }

  std::optional<seen_order> see(const std::string& number) const {
    const auto record = shop_.store->find(number);
    const auto view = shop_.desk.view(number);
    const auto history = shop_.store->history(number);
    if (!record || !*record || !view || !*view || !history) return std::nullopt;
    return seen_order{**record, **view, *history};
  }

  static void to_order(httplib::Response& response, const std::string& number) {
    see_other(response, "/orders/order?number=" + percent_encoded(number));
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
  server.Post("/orders/ask", routes.guarded(&shopkeeper_routes::ask_stripe));
  server.Post("/orders/resolve", routes.guarded(&shopkeeper_routes::resolve));
  server.Post("/orders/play", routes.guarded(&shopkeeper_routes::play_stripe));
}
