#include "shop.hpp"

#include "random_id.hpp"
#include "store.hpp"

#include <cstdio>
#include <utility>

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

sr::fulfillment_options desk_options_for(const configuration& wanted,
                                         const sr::webhook_verifier& verifier) {
  sr::fulfillment_options options;
  options.verifier = &verifier;
  options.token_key = wanted.token_key.empty() ? random_id(32) : wanted.token_key;
  return options;
}

// Here a shop tells its warehouse, with the key: it may be told twice, but packs once.
sr::fulfil_result send_tea(const sr::fulfil_task& task) {
  std::fprintf(stderr, "send the tea: order %s, key %s\n", task.out_trade_no.c_str(),
               task.key.c_str());
  return sr::fulfil_result::done;
}

} // namespace

shop::shop(const configuration& wanted, const std::string& local_url)
    : publishable_key(wanted.publishable_key), url_(wanted.url.empty() ? local_url : wanted.url),
      live_(wanted.live()), fake_(make_fake(wanted, local_url)),
      stripe_(client_options_for(wanted, fake_.get())), verifier_(verifier_for(wanted)),
      store(make_store(wanted.store)),
      desk(stripe_, *store, sr::fulfil_function(send_tea), desk_options_for(wanted, verifier_)) {}

sr::result<sr::opened_checkout> shop::check_out(const std::string& out_trade_no) {
  sr::expected_order order;
  order.out_trade_no = out_trade_no;
  order.amounts = {goods.price};
  order.livemode = live_ ? sr::livemode::live : sr::livemode::test;
  sr::checkout_parameters wanted;
  wanted.line_items = {
      {std::string(goods.name.chinese) + " / " + std::string(goods.name.english), goods.price}};
  const std::string way_back =
      url_ + "/return?order=" + out_trade_no + "&session_id={CHECKOUT_SESSION_ID}";
  if (publishable_key.empty()) {
    wanted.success_url = way_back;
    wanted.cancel_url = url_ + "/order?number=" + out_trade_no;
  } else {
    wanted.return_url = way_back;
  }
  return desk.open_checkout(order, std::move(wanted));
}

std::string shop::payment_pages() const {
  return fake_ ? fake_->url() : "https://checkout.stripe.com";
}
