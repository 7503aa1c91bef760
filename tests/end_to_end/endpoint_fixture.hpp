// An endpoint of examples/endpoints as a program between a browser and a fake Stripe.
#pragma once

#include "fake_stripe/running_program.hpp"
#include "fake_stripe/shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

struct endpoint_program {
  const char* name;
  const char* path;
};
inline void PrintTo(const endpoint_program& each, std::ostream* out) {
  *out << each.name;
}
// Those that fulfill.
inline const endpoint_program endpoint_programs[] = {
#include "endpoints.inc"
};
inline const endpoint_program decide_only_program = {"decide_only", DECIDE_ONLY_PROGRAM};
inline std::string name_of_endpoint(const testing::TestParamInfo<endpoint_program>& each) {
  return each.param.name;
}

class temporary_folder {
public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "stripe_return_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made");
    path_ = name;
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

class endpoint_fixture : public testing::TestWithParam<endpoint_program> {
protected:
  // What the pages say.
  static constexpr char thanks[] = "Thank you";
  static constexpr char pay_again[] = "You can pay again";
  static constexpr char wait[] = "do not pay again";
  static constexpr char bad_link[] = "This link does not work";
  static constexpr char reload[] = "Please reload";
  static constexpr char unknown_browser[] = "Welcome back";

  // The order that each program knows from the start: 4.00 yuan.
  const std::string order = "1774256382025448500";

  const temporary_folder folder_;
  stripe_return::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
  running_program program_;
  const std::string url_ = program_.line();

  endpoint_fixture() : endpoint_fixture(GetParam().path, {}) {}
  // Started by another program, which gets what the endpoint is to be told behind its own
  // arguments.
  endpoint_fixture(const std::string& path, std::vector<std::string> arguments)
      : program_(path, with_place(std::move(arguments)),
                 {"STRIPE_SECRET_KEY=sk_test_shop", "STRIPE_WEBHOOK_SECRET=whsec_test",
                  "STRIPE_API_BASE=" + stripe_.url()}) {}

  // A session for that order, of which the endpoint knows nothing.
  shop::json make_session(const std::string& out_trade_no,
                          const std::string& amount = "400") const {
    return shop::body(shop_.post(
        "/v1/checkout/sessions",
        "mode=payment&success_url=https://shop.example/ok&line_items[0][quantity]=1"
        "&line_items[0][price_data][currency]=cny&line_items[0][price_data][unit_amount]=" +
            amount + "&line_items[0][price_data][product_data][name]=Tea&metadata[out_trade_no]=" +
            out_trade_no));
  }
  httplib::Result check_out(const std::string& form) const {
    return httplib::Client(url_).Post("/checkout", form, "application/x-www-form-urlencoded");
  }
  // The session that the endpoint opened for it.
  shop::json sell(const std::string& out_trade_no, const std::string& amount = "400") const {
    const auto sent =
        check_out("out_trade_no=" + out_trade_no + "&amount=" + amount + "&currency=cny");
    if (!sent || sent->status != 303) throw std::runtime_error("no checkout");
    const std::string page = sent->get_header_value("Location");
    return shop_.read("/v1/checkout/sessions/" + page.substr(page.rfind('/') + 1));
  }
  // Of an order of its own where the endpoint opens checkouts.
  shop::json sell() {
    if (GetParam().name == std::string(decide_only_program.name)) return make_session(order);
    return sell("order-" + std::to_string(++sold_));
  }
  httplib::Result visit(const std::string& target) const {
    return httplib::Client(url_).Get(target);
  }
  // The link that Stripe sends the browser to.
  static std::string link_of(const shop::json& session) {
    const std::string id = session.at("id");
    const std::string link = session.at("success_url");
    const std::size_t path = link.find("/stripe_return");
    if (path == link.npos) return "/stripe_return?session_id=" + id;
    const std::string placeholder = "{CHECKOUT_SESSION_ID}";
    return link.substr(path).replace(link.find(placeholder) - path, placeholder.size(), id);
  }
  httplib::Result come_back(const shop::json& session) const { return visit(link_of(session)); }
  void expect_page(const httplib::Result& page, int status, const std::string& text) const {
    ASSERT_TRUE(page) << to_string(page.error());
    EXPECT_EQ(page->status, status);
    EXPECT_THAT(page->body, testing::HasSubstr(text));
    EXPECT_EQ(page->get_header_value("Cache-Control"), "no-store");
    EXPECT_EQ(page->get_header_value("Referrer-Policy"), "no-referrer");
    for (const char* hidden : {"cs_test", "sk_test", "whsec", "customer"})
      EXPECT_EQ(page->body.find(hidden), std::string::npos) << hidden;
  }
  httplib::Result send_webhook(const std::string& body, const std::string& signature) const {
    return httplib::Client(url_).Post("/webhook", {{"Stripe-Signature", signature}}, body,
                                      "application/json");
  }
  static std::string effect_of(const std::string& out_trade_no) {
    return "fulfill " + out_trade_no + " fulfill-" + out_trade_no;
  }
  // The effects that were not read yet. The endpoint ends, and does before what is due.
  std::vector<std::string> effects() {
    const shop::json last = sell("last");
    shop_.apply(last, "pay");
    expect_page(come_back(last), 200, thanks);
    std::vector<std::string> lines;
    bool last_came = false;
    while (!last_came) {
      lines.push_back(program_.line());
      last_came = lines.back() == effect_of("last") || lines.back().empty();
    }
    lines.pop_back();
    EXPECT_EQ(program_.end(SIGTERM), 0);
    for (std::string line = program_.line(); !line.empty(); line = program_.line())
      lines.push_back(line);
    return lines;
  }

private:
  std::vector<std::string> with_place(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"0", "sqlite:" + (folder_.path() / "orders.db").string()});
    return arguments;
  }

  int sold_ = 0;
};
