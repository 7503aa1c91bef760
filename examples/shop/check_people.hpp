// Who visits the shop in the check.
#pragma once

#include "check_browser.hpp"
#include "check_stripe.hpp"
#include "server.hpp"
#include "shop.hpp"

#include <string>

// One customer in one browser.
class customer {
public:
  explicit customer(const std::string& shop) : browser(shop) {}

  // Until Stripe's page is open.
  void buy(const form& fields = {});
  // What the customer does there: pay, pay_later, decline or leave. Then back in the shop.
  shown_page click(const std::string& action);

  // Waits until the order's page shows this.
  void expect_later(const std::string& state, const std::string& pay_again);

  check_browser browser;
  shown_page paying;
  std::string session;
  std::string order;
};

// The shopkeeper, signed in.
class keeper_visit {
public:
  keeper_visit(const std::string& shop, const std::string& token);

  shown_page list(const std::string& shown = {}) { return browser.get("/orders?show=" + shown); }
  shown_page see(const std::string& reference) {
    return browser.get("/orders/order?number=" + reference);
  }
  // Sends a form of that order's page.
  shown_page act(const std::string& action, const std::string& reference, form fields = {});
  // Accepts or rejects the one item that is open.
  shown_page resolve(const std::string& reference, const std::string& verdict, form fields = {});

  // So many lines of the order's history, and no more, end with these words.
  void expect_history(const std::string& reference, const std::string& words, int times = 1);
  // Waits until the order's page says so.
  void expect_stage(const std::string& reference, const std::string& stage);

  check_browser browser;
};

// Another shop with a fake Stripe, beside the one that is checked.
struct second_shop {
  explicit second_shop(const configuration& wanted)
      : port(0), running(wanted, port.local_url()), answering(port, running) {}

  shop_port port;
  shop running;
  serving answering;
};

struct checked_shop {
  shop& running;
  stripe_hand stripe;
  keeper_visit keeper;
};

void expect_order(const shown_page& page, const std::string& state, const std::string& pay_again);
