// The shop: what it sells, where its orders are kept, and who does what for them.
#pragma once

#include "browsers.hpp"
#include "configuration.hpp"
#include "cookies.hpp"
#include "shopkeeper.hpp"
#include "tea.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <memory>
#include <string>

class shop {
public:
  // `local_url` is where it listens, such as http://127.0.0.1:8081. Without a secret key it has a
  // fake Stripe, which sends its webhooks there.
  shop(const configuration& wanted, const std::string& local_url);

  // Opens, or goes on with, the one checkout of an order for a packet of tea.
  stripe_return::result<stripe_return::checkout> check_out(const std::string& out_trade_no);

  const std::string& url() const noexcept { return url_; }
  const stripe_return::fake_stripe_server* fake_stripe() const noexcept { return fake_.get(); }
  std::string payment_pages() const; // their origin

private:
  const std::string url_;

public:
  const std::string publishable_key; // empty: the customer pays on Stripe's own page
  const tea goods;
  const cookies cookie;
  browsers customers;
  shopkeeper keeper;

private:
  const std::unique_ptr<stripe_return::fake_stripe_server> fake_;
  const stripe_return::session_client stripe_;
  const stripe_return::webhook_verifier verifier_;
  const std::shared_ptr<stripe_return::order_store> store_;

public:
  stripe_return::order_service orders;
  stripe_return::payment_listener payments;
  stripe_return::fulfillment_worker worker;
  stripe_return::reconciler reconciler;
};
