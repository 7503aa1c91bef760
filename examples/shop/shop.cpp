#include "shop.hpp"

#include "random_id.hpp"
#include "store.hpp"

#include <cstdio>

namespace sr = stripe_return;

namespace {

constexpr char fake_key[] = "sk_test_tea_shop";
constexpr char fake_webhook_secret[] = "whsec_tea_shop";

std::unique_ptr<sr::fake_stripe_server> make_fake(const configuration& wanted,
                                                  const std::string& local_url) {
  if (!wanted.has_fake_stripe()) return nullptr;
  sr::fake_stripe_server_options options;
  options.webhook_url = local_url + "/webhook";
  options.webhook_secret = fake_webhook_secret;
  return std::make_unique<sr::fake_stripe_server>(options);
}

sr::client_options client_options_for(const configuration& wanted,
                                      const sr::fake_stripe_server* fake) {
  sr::client_options options;
  options.secret_key = fake == nullptr ? wanted.secret_key : fake_key;
  if (fake != nullptr) options.api_base = fake->url();
  return options;
}

sr::webhook_verifier verifier_for(const configuration& wanted) {
  return {{{"shop", wanted.has_fake_stripe() ? fake_webhook_secret : wanted.webhook_secret}},
          wanted.live() ? sr::livemode::live : sr::livemode::test};
}

sr::order_options order_options_for(const configuration& wanted) {
  sr::order_options options;
  options.order_token_key = wanted.token_key.empty() ? random_id(32) : wanted.token_key;
  return options;
}

// Here a shop tells its warehouse, with the key: it may be told twice, but packs once.
sr::task_result send_tea(const sr::fulfill_task& task) {
  std::fprintf(stderr, "send the tea: order %s, key %s\n", task.out_trade_no.c_str(),
               task.idempotency_key.c_str());
  return sr::task_result::done;
}

sr::task_result put_tea_back(const sr::release_task& task) {
  std::fprintf(stderr, "put the tea back on the shelf: order %s, key %s\n",
               task.out_trade_no.c_str(), task.idempotency_key.c_str());
  return sr::task_result::done;
}

} // namespace

shop::shop(const configuration& wanted, const std::string& local_url)
    : url_(wanted.url.empty() ? local_url : wanted.url), publishable_key(wanted.publishable_key),
      cookie(url_.rfind("https:", 0) == 0), fake_(make_fake(wanted, local_url)),
      stripe_(client_options_for(wanted, fake_.get())), verifier_(verifier_for(wanted)),
      store_(make_store(wanted.store)), orders(stripe_, *store_, order_options_for(wanted)),
      payments(orders, verifier_), worker(orders, {send_tea, put_tea_back}), reconciler(orders) {}

sr::result<sr::checkout> shop::check_out(const std::string& out_trade_no) {
  sr::expected_order order;
  order.out_trade_no = out_trade_no;
  order.amounts = {goods.price};
  sr::checkout_parameters page;
  page.line_items = {
      {std::string(goods.name.chinese) + " / " + std::string(goods.name.english), goods.price}};
  const std::string way_back =
      url_ + "/return?order=" + out_trade_no + "&session_id={CHECKOUT_SESSION_ID}";
  if (publishable_key.empty()) {
    page.success_url = way_back;
    page.cancel_url = url_ + "/order/" + out_trade_no;
  } else {
    page.ui = sr::checkout_ui::embedded_page;
    page.return_url = way_back;
  }
  return orders.open_checkout(order, page);
}

std::string shop::payment_pages() const {
  return fake_ ? fake_->url() : "https://checkout.stripe.com";
}
