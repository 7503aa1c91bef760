// A shop: an order service on a store, of memory if none is given, and Stripe in the same process.
#pragma once

#include "unit/stripe_in_process.hpp"

#include <stripe_return/orders/memory_store.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

class shop_of_orders {
  const std::unique_ptr<stripe_return::order_store> kept_in_;

public:
  explicit shop_of_orders(stripe_return::order_options options = {},
                          std::unique_ptr<stripe_return::order_store> kept_in =
                              std::make_unique<stripe_return::memory_store>())
      : kept_in_(std::move(kept_in)), orders(client, store, std::move(options)) {}

  static constexpr stripe_return::unix_seconds noon = 1774267200;

  static stripe_return::client_options client_options() {
    stripe_return::client_options options;
    options.secret_key = "sk_test_1";
    options.retry.max_retries = 0;
    options.requests_per_second = 0;
    return options;
  }
  static stripe_return::expected_order order(const std::string& out_trade_no = "A1") {
    stripe_return::expected_order expected;
    expected.out_trade_no = out_trade_no;
    expected.amounts.emplace_back(400, "cny");
    return expected;
  }
  static stripe_return::checkout_parameters page() {
    stripe_return::checkout_parameters page;
    page.line_items = {{"Tea", stripe_return::money(400, "cny"), 1}};
    page.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    return page;
  }
  stripe_return::checkout open(const std::string& out_trade_no = "A1") {
    return orders.open_checkout(order(out_trade_no), page()).value();
  }
  stripe_return::order_record kept(const std::string& out_trade_no = "A1") const {
    return orders.find(out_trade_no).value().value();
  }
  stripe_return::order_stage stage(const std::string& out_trade_no = "A1") const {
    return kept(out_trade_no).stage;
  }
  // What is to be decided about the order.
  std::vector<stripe_return::reason> open_reasons(const std::string& out_trade_no = "A1") const {
    std::vector<stripe_return::reason> all;
    for (const stripe_return::review_item& each : kept(out_trade_no).review_items)
      if (each.state == stripe_return::review_state::open)
        all.insert(all.end(), each.reasons.begin(), each.reasons.end());
    return all;
  }

  std::shared_ptr<stripe_return::testkit::fake_time> clock =
      std::make_shared<stripe_return::testkit::fake_time>(noon);
  std::shared_ptr<stripe_in_process> stripe = std::make_shared<stripe_in_process>(clock);
  stripe_return::session_client client{client_options(), {stripe_return::adapt(stripe), clock}};
  stripe_return::order_store& store = *kept_in_;
  stripe_return::webhook_verifier verifier{{{"one", "whsec_test"}}, stripe_return::livemode::test};
  stripe_return::order_service orders;
};
