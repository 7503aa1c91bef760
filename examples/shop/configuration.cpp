#include "configuration.hpp"

#include <cstdlib>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

} // namespace

bool configuration::live() const noexcept {
  return secret_key.reveal().find("_live_") != std::string::npos;
}

configuration configuration_of_environment() {
  configuration read;
  read.secret_key = variable("STRIPE_SECRET_KEY");
  read.webhook_secret = variable("STRIPE_WEBHOOK_SECRET");
  if (!read.has_fake_stripe()) read.publishable_key = variable("STRIPE_PUBLISHABLE_KEY");
  read.url = variable("SHOP_URL");
  while (!read.url.empty() && read.url.back() == '/')
    read.url.pop_back();
  read.store = variable("SHOP_STORE");
  read.token_key = variable("SHOP_TOKEN_KEY");
  return read;
}
