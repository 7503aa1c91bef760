/// @file
/// A Stripe to test against, over HTTP.
#pragma once

#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct fake_stripe_server_options {
  /// https with a certificate of its own authority, instead of http.
  bool tls = false;

  /// Of 127.0.0.1; 0 for any that is free.
  std::uint16_t port = 0;

  /// The one key that it takes, `sk_test_...` or `rk_test_...`; empty for every key of that form.
  secret secret_key;
  /// The account of that key.
  std::string account = "acct_1FakeStripe";
  /// Those that the key may name in Stripe-Account or Stripe-Context.
  std::vector<std::string> connected_accounts;

  /// Where webhooks go: http or https to 127.0.0.0/8, [::1] or localhost; empty for nowhere. No
  /// certificate is checked there.
  std::string webhook_url;
  /// Signs them, `whsec_...`. Not empty where there is a URL.
  secret webhook_secret;

  /// Where its clock starts; 0 for the computer's time. It runs from there, and can be moved.
  unix_seconds start = 0;
};

/// A stateful Stripe on loopback: testkit::fake_stripe over HTTP, with the page where the customer
/// pays, and webhooks that are sent. No session gets into a state that
/// https://docs.stripe.com/api/checkout/sessions does not document. It is a tool for tests, never a
/// part of a shop.
///
/// Everything but its construction goes over HTTP: the API under `/v1` and `/v2`, the customer's
/// part under the session's `url`, and the test's own commands (time, payments, faults, webhooks)
/// under `/_fake`, which src/fake_stripe/README.md lists.
///
/// It has threads of its own. cpp-httplib, which it is built on, ignores SIGPIPE for the process.
/// The members may be called from several threads.
class STRIPE_RETURN_EXPORT fake_stripe_server {
public:
  /// Listens when it returns. Throws std::invalid_argument for options out of their range and
  /// std::runtime_error where the port is taken.
  explicit fake_stripe_server(const fake_stripe_server_options& options = {});
  /// Ends every connection: at once those that it holds up itself, and within seconds those of
  /// clients that are silent.
  ~fake_stripe_server();
  fake_stripe_server(const fake_stripe_server&) = delete;
  fake_stripe_server& operator=(const fake_stripe_server&) = delete;

  /// Such as `http://127.0.0.1:40123`, without a slash at its end.
  const std::string& url() const noexcept;

  /// The authority to trust with tls, for `localhost` and `127.0.0.1`; otherwise empty.
  const std::string& ca_pem() const noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
