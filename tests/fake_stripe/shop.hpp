// A shop, its customer and its tester, as HTTP clients of a fake Stripe.
#pragma once

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

// cpp-httplib would keep a connection open that the server closes after each answer.
class shop {
public:
  using json = nlohmann::json;

  explicit shop(std::string url) : url_(std::move(url)) {}

  // With the secret key of a shop.
  httplib::Result get(const std::string& target) const {
    return httplib::Client(url_).Get(target, key());
  }
  httplib::Result post(const std::string& path, const std::string& form = {},
                       const std::string& idempotency_key = {}) const {
    httplib::Headers headers = key();
    if (!idempotency_key.empty()) headers.emplace("Idempotency-Key", idempotency_key);
    return httplib::Client(url_).Post(path, headers, form, "application/x-www-form-urlencoded");
  }

  // As the body of an answer that has to be 200.
  json read(const std::string& target) const { return body(get(target)); }
  json create(const std::string& more = {}) const {
    return body(post("/v1/checkout/sessions", least_form() + more));
  }

  // What the customer does on the page.
  httplib::Result open_page(const json& session) const {
    return httplib::Client(url_).Get(page_of(session));
  }
  httplib::Result click(const json& session, const std::string& action) const {
    return httplib::Client(url_).Post(page_of(session), "action=" + action,
                                      "application/x-www-form-urlencoded");
  }

  // What the tester commands.
  httplib::Result command(const std::string& path, const json& given = json::object()) const {
    return httplib::Client(url_).Post("/_fake" + path, given.dump(), "application/json");
  }
  json commanded(const std::string& path, const json& given = json::object()) const {
    return body(command(path, given));
  }
  json apply(const json& session, const std::string& action) const {
    return commanded("/sessions/" + session.at("id").get<std::string>() + "/" + action);
  }
  json look(const std::string& path) const {
    return body(httplib::Client(url_).Get("/_fake" + path));
  }
  void clear_faults() const { body(httplib::Client(url_).Delete("/_fake/faults")); }

  static std::string least_form() {
    return "mode=payment&success_url=https://shop.example/ok?session_id={CHECKOUT_SESSION_ID}"
           "&cancel_url=https://shop.example/basket?id={CHECKOUT_SESSION_ID}"
           "&line_items[0][price_data][currency]=cny"
           "&line_items[0][price_data][product_data][name]=Tea"
           "&line_items[0][price_data][unit_amount]=200&line_items[0][quantity]=2"
           "&metadata[out_trade_no]=A1";
  }
  static json body(const httplib::Result& answer) {
    if (!answer) throw std::runtime_error("no answer: " + to_string(answer.error()));
    if (answer->status != 200) throw std::runtime_error(answer->body);
    return json::parse(answer->body);
  }
  static std::string path_of(const json& session) {
    return "/v1/checkout/sessions/" + session.at("id").get<std::string>();
  }

private:
  static httplib::Headers key() { return {{"Authorization", "Bearer sk_test_shop"}}; }
  std::string page_of(const json& session) const {
    return "/c/pay/" + session.at("id").get<std::string>();
  }

  std::string url_;
};
