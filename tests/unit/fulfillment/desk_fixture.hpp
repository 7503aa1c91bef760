// A shop: a desk on a store, and Stripe in the same process.
#pragma once

#include "unit/stripe_in_process.hpp"

#include "an_order.hpp"

#include "unit/client/client_calls.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/memory_store.hpp>

#include <memory>
#include <string>
#include <vector>

class shop_desk {
public:
  explicit shop_desk(stripe_return::fulfillment_options options = {})
      : desk(client, store, ship(), with_verifier(std::move(options)), clock) {}

  static stripe_return::client_options client_options() {
    stripe_return::client_options options;
    options.secret_key = "sk_test_1";
    options.retry.max_retries = 0;
    options.requests_per_second = 0;
    return options;
  }

  stripe_return::opened_checkout open(const std::string& out_trade_no = "A1") {
    return desk.open_checkout(order(out_trade_no), parameters()).value();
  }

  static stripe_return::expected_order order(const std::string& out_trade_no) {
    stripe_return::expected_order expected = expected_order_a1();
    expected.out_trade_no = out_trade_no;
    return expected;
  }

  static stripe_return::checkout_parameters parameters() {
    stripe_return::checkout_parameters parameters;
    parameters.line_items = {{"Tea", stripe_return::money(400, "cny"), 1}};
    parameters.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    return parameters;
  }

  static std::string query(const std::string& session_id) { return "session_id=" + session_id; }

  // All webhooks so far, as Stripe may send them again.
  void deliver(const std::string& type = {}) {
    for (const auto& each : stripe->webhooks()) {
      if (type.empty() || each.type == type)
        last_answer = desk.on_webhook(each.body, each.signature);
    }
  }

  stripe_return::order_record kept(const std::string& out_trade_no = "A1") {
    return store.find(out_trade_no).value().value();
  }
  std::vector<std::string> story(const std::string& out_trade_no = "A1") {
    std::vector<std::string> words;
    const auto lines = store.history(out_trade_no).value();
    for (const auto& each : lines)
      words.push_back(each.who + " " + each.what);
    return words;
  }

  std::shared_ptr<stripe_return::testkit::fake_time> clock =
      std::make_shared<stripe_return::testkit::fake_time>(noon);
  std::shared_ptr<stripe_in_process> stripe = std::make_shared<stripe_in_process>(clock);
  stripe_return::session_client client{client_options(), {stripe_return::adapt(stripe), clock}};
  stripe_return::memory_store store;
  stripe_return::webhook_verifier verifier{{{"one", "whsec_test"}}, stripe_return::livemode::test};
  std::vector<stripe_return::fulfil_task> shipped; // every effect
  stripe_return::fulfil_result outcome_of_shipping = stripe_return::fulfil_result::done;
  stripe_return::webhook_answer last_answer;
  stripe_return::fulfillment desk;

private:
  stripe_return::fulfillment_options
  with_verifier(stripe_return::fulfillment_options options) const {
    options.verifier = &verifier;
    return options;
  }

  stripe_return::fulfil_function ship() {
    return [this](const stripe_return::fulfil_task& task) {
      shipped.push_back(task);
      return outcome_of_shipping;
    };
  }
};
