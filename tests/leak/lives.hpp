// What can happen to sessions, and orders to which it happens.
#pragma once

#include "canaries.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>

#include <string>
#include <vector>

// Each list happens to one session, in turn.
inline const std::vector<std::vector<std::string>> lives = {
    {},          {"pay"},   {"pay_later"}, {"pay_later", "succeed"}, {"pay_later", "fail"},
    {"decline"}, {"expire"}};

inline auto open_checkout(stripe_return::fulfillment& desk, const std::string& out_trade_no) {
  stripe_return::expected_order order;
  order.out_trade_no = out_trade_no;
  order.amounts = {{400, "cny"}};
  stripe_return::checkout_parameters parameters;
  parameters.line_items = {{"Tea", {400, "cny"}, 1}};
  parameters.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
  parameters.further = {{"customer_email", canary::email}};
  return desk.open_checkout(order, parameters);
}
