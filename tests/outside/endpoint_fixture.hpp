// An endpoint of examples/endpoints as a program between a browser and a fake Stripe.
#pragma once

#include "fake_stripe/running_program.hpp"
#include "fake_stripe/shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

struct endpoint_program {
  const char* name;
  const char* path;
};
inline void PrintTo(const endpoint_program& each, std::ostream* out) {
  *out << each.name;
}
inline const endpoint_program endpoint_programs[] = {
#include "endpoints.inc"
};
inline std::string name_of_endpoint(const testing::TestParamInfo<endpoint_program>& each) {
  return each.param.name;
}

class endpoint_fixture : public testing::TestWithParam<endpoint_program> {
protected:
  // What the pages say.
  static constexpr char thanks[] = "Thank you";
  static constexpr char pay_again[] = "You can pay again";
  static constexpr char wait[] = "do not pay again";
  static constexpr char bad_link[] = "This link does not work";
  static constexpr char reload[] = "Please reload";

  // The order of every customer of the endpoint: 4.00 yuan.
  const std::string order = "1774256382025448500";

  stripe_return::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
  running_program program_;
  const std::string url_ = program_.line();

  endpoint_fixture() : endpoint_fixture(GetParam().path, {"0"}) {}
  // Started by another program.
  endpoint_fixture(const std::string& path, std::vector<std::string> arguments)
      : program_(path, std::move(arguments),
                 {"STRIPE_SECRET_KEY=sk_test_shop", "STRIPE_WEBHOOK_SECRET=whsec_test",
                  "STRIPE_API_BASE=" + stripe_.url()}) {}

  shop::json checkout(const std::string& out_trade_no, const std::string& amount = "400") const {
    return shop::body(shop_.post(
        "/v1/checkout/sessions",
        "mode=payment&success_url=https://shop.example/ok&line_items[0][quantity]=1"
        "&line_items[0][price_data][currency]=cny&line_items[0][price_data][unit_amount]=" +
            amount + "&line_items[0][price_data][product_data][name]=Tea&metadata[out_trade_no]=" +
            out_trade_no));
  }
  shop::json checkout() const { return checkout(order); }
  httplib::Result visit(const std::string& target) const {
    return httplib::Client(url_).Get(target);
  }
  httplib::Result come_back(const shop::json& session) const {
    return visit("/stripe_return?session_id=" + session.at("id").get<std::string>());
  }
  void expect_page(const httplib::Result& page, int status, const std::string& text) const {
    ASSERT_TRUE(page) << to_string(page.error());
    EXPECT_EQ(page->status, status);
    EXPECT_THAT(page->body, testing::HasSubstr(text));
    EXPECT_EQ(page->get_header_value("Cache-Control"), "no-store");
    EXPECT_EQ(page->get_header_value("Referrer-Policy"), "no-referrer");
    for (const char* hidden : {"cs_test", "sk_test", "whsec", "customer"})
      EXPECT_EQ(page->body.find(hidden), std::string::npos) << hidden;
  }
  // The endpoint ends.
  std::vector<std::string> fulfilled() {
    program_.end(SIGKILL);
    std::vector<std::string> lines;
    for (std::string line = program_.line(); !line.empty(); line = program_.line())
      lines.push_back(line);
    return lines;
  }
  httplib::Result send_webhook(const std::string& body, const std::string& signature) const {
    return httplib::Client(url_).Post("/webhook", {{"Stripe-Signature", signature}}, body,
                                      "application/json");
  }
};
