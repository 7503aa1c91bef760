#include "tea_shop.hpp"

namespace sr = stripe_return;

sr::result<purchase> tea_shop::sell(const sr::session_client& stripe, const std::string& shop_url) {
  sr::expected_order order;
  order.amounts = {{400, "cny"}};
  order.livemode = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    order.out_trade_no = "tea-" + std::to_string(orders_.size() + 1);
    orders_.emplace(order.out_trade_no, order);
  }
  sr::checkout_parameters wanted;
  wanted.out_trade_no = order.out_trade_no;
  wanted.attempt = 1;
  wanted.line_items = {{"Tea", {400, "cny"}}};
  wanted.success_url = shop_url + "/stripe_return?session_id={CHECKOUT_SESSION_ID}";
  wanted.cancel_url = shop_url + "/";
  sr::result<sr::fetched_session> made = stripe.create(wanted);
  if (!made) return std::move(made).error();

  const std::lock_guard<std::mutex> lock(mutex_);
  orders_.at(order.out_trade_no).session_ids.push_back(made->session.id);
  return purchase{order.out_trade_no, made->session.url.reveal()};
}

std::optional<sr::expected_order> tea_shop::find(const std::string& out_trade_no) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(out_trade_no);
  if (at == orders_.end()) return std::nullopt;
  return at->second;
}
