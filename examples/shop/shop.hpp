// The shop: what it sells, where its orders are kept, and the desk that they go over.
#pragma once

#include "browsers.hpp"
#include "configuration.hpp"
#include "order_list.hpp"
#include "shopkeeper.hpp"
#include "tea.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>

#include <memory>
#include <optional>
#include <string>

class shop {
public:
  // `local_url` is where it listens, such as http://127.0.0.1:8081. Without a secret key it has a
  // fake Stripe, which sends its webhooks there.
  shop(const configuration& wanted, const std::string& local_url);

  // Opens, or goes on with, the one checkout of an order for a packet of tea.
  stripe_return::result<stripe_return::opened_checkout> check_out(const std::string& out_trade_no);

  const std::string& url() const noexcept { return url_; }
  bool secure() const noexcept { return url_.rfind("https:", 0) == 0; }
  const stripe_return::fake_stripe_server* fake_stripe() const noexcept { return fake_.get(); }
  std::string payment_pages() const; // their origin

  const std::string publishable_key; // empty: the customer pays on Stripe's own page
  const tea goods;
  order_list orders;
  browsers customers;
  shopkeeper keeper;

private:
  const std::string url_;
  const bool live_;
  const std::unique_ptr<stripe_return::fake_stripe_server> fake_;
  const stripe_return::session_client stripe_;
  const stripe_return::webhook_verifier verifier_;

public:
  const std::shared_ptr<stripe_return::fulfillment_store> store;
  stripe_return::fulfillment desk;
};
