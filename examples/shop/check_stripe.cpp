#include "check_stripe.hpp"

#include "check_expect.hpp"

void stripe_hand::apply(const std::string& session, const std::string& action) {
  command("/_fake/sessions/" + session + "/" + action, "");
}

void stripe_hand::lose_webhooks(int count) {
  command("/_fake/webhooks", R"({"lose":)" + std::to_string(count) + "}");
}

void stripe_hand::delay_webhooks(int seconds) {
  command("/_fake/webhooks", R"({"delay":)" + std::to_string(seconds) + "}");
}

void stripe_hand::deliver_webhooks() {
  command("/_fake/webhooks/flush", "");
}

void stripe_hand::go_down() {
  command("/_fake/faults", R"({"kind":"status","status":503,"path_prefix":"/v1/","count":100000})");
}

void stripe_hand::end_faults() {
  expect(static_cast<bool>(client_.Delete("/_fake/faults")), "the fake Stripe does not answer");
}

std::string stripe_hand::make_session(const std::string& out_trade_no) {
  const auto made = client_.Post(
      "/v1/checkout/sessions", {{"Authorization", "Bearer sk_test_tea_shop"}},
      "mode=payment&success_url=http://localhost/&metadata[out_trade_no]=" + out_trade_no +
          "&line_items[0][quantity]=1&line_items[0][price_data][currency]=cny"
          "&line_items[0][price_data][unit_amount]=6800"
          "&line_items[0][price_data][product_data][name]=Tea",
      "application/x-www-form-urlencoded");
  expect(made && made->status == 200, "no session can be made");
  const std::size_t id = made->body.find("cs_test_");
  return made->body.substr(id, made->body.find('"', id) - id);
}

void stripe_hand::command(const std::string& path, const std::string& body) {
  const auto done = client_.Post(path, body, "application/json");
  expect(done && done->status == 200, "the fake Stripe cannot do " + path);
}
