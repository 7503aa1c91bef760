// A shop with one product, and a Stripe of its own that takes no money.
#pragma once

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/fake_stripe/fake_stripe.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>

struct purchase {
  std::string out_trade_no;
  std::string payment_page; // Stripe's, for the browser to go to
};

class tea_shop {
public:
  // The Stripe that its sessions are made by.
  const std::string& stripe_url() const { return stripe_.url(); }

  // Makes an order and its session, after which Stripe sends the customer back to `shop_url`.
  stripe_return::result<purchase> sell(const stripe_return::session_client& stripe,
                                       const std::string& shop_url);
  // The order of that number, if it is one of this shop's.
  std::optional<stripe_return::expected_order> find(const std::string& out_trade_no) const;

private:
  stripe_return::fake_stripe stripe_;
  mutable std::mutex mutex_;
  std::map<std::string, stripe_return::expected_order> orders_; // by number
};
