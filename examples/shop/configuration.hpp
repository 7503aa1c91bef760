// What the environment says.
#pragma once

#include <stripe_return/core/secret.hpp>

#include <string>

struct configuration {
  stripe_return::secret secret_key;     // STRIPE_SECRET_KEY; empty: a fake Stripe in the process
  stripe_return::secret webhook_secret; // STRIPE_WEBHOOK_SECRET
  // STRIPE_PUBLISHABLE_KEY: beside a secret key, Stripe's form is embedded; see embedded_page.hpp
  std::string publishable_key;
  // SHOP_URL: an origin, as browsers write it; empty: 127.0.0.1
  std::string url;
  std::string store;               // SHOP_STORE, see make_store()
  stripe_return::secret token_key; // SHOP_TOKEN_KEY, see order_options; empty: a new one

  bool has_fake_stripe() const noexcept { return secret_key.empty(); }
  bool live() const noexcept;
};

configuration configuration_of_environment();
