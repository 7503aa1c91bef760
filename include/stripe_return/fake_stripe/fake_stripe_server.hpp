/// @file
/// fake_stripe_server: a fake Stripe over HTTP, for tests.
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

/// The options of a fake_stripe_server.
struct fake_stripe_server_options {
  /// Serve https instead of http, with a certificate from an authority of its own.
  bool tls = false;

  /// The port on 127.0.0.1; 0 for any free port.
  std::uint16_t port = 0;

  /// The only key that the server accepts, `sk_test_...` or `rk_test_...`; empty: any key of that
  /// form.
  secret secret_key;
  /// The account of that key.
  std::string account = "acct_1FakeStripe";
  /// The accounts that the key may name in Stripe-Account or Stripe-Context.
  std::vector<std::string> connected_accounts;

  /// Where webhooks are sent: http or https to 127.0.0.0/8, [::1] or localhost; empty for nowhere.
  /// The server does not verify certificates there.
  std::string webhook_url;
  /// The secret that signs webhooks, `whsec_...`. Required if webhook_url is set.
  secret webhook_secret;

  /// The start time of the server's clock; 0 for the machine's time. The clock runs, and a test can
  /// advance it.
  unix_seconds start = 0;
};

/// A stateful fake Stripe on loopback: testkit::fake_stripe over HTTP, with a payment page for the
/// customer, and with webhooks that it sends. Its sessions have only those states that
/// https://docs.stripe.com/api/checkout/sessions documents. Use it only for tests.
///
/// Everything but its construction goes over HTTP: the API is under `/v1` and `/v2`, the payment
/// page is at the session's `url`, and the commands for tests (time, payments, faults, webhooks)
/// are under `/_fake`. src/fake_stripe/README.md lists them.
///
/// The server has threads of its own. The library that it uses, cpp-httplib, ignores SIGPIPE for
/// the whole process. Thread-safe.
class STRIPE_RETURN_EXPORT fake_stripe_server {
public:
  /// Starts the server, which is listening when the constructor returns. Throws
  /// std::invalid_argument if an option is out of range, and std::runtime_error if the port is
  /// taken.
  explicit fake_stripe_server(const fake_stripe_server_options& options = {});
  /// Closes all connections: those that the server itself delays at once, those of silent clients
  /// within seconds.
  ~fake_stripe_server();
  fake_stripe_server(const fake_stripe_server&) = delete;
  fake_stripe_server& operator=(const fake_stripe_server&) = delete;

  /// Returns the base URL without a slash at its end, such as `http://127.0.0.1:40123`.
  const std::string& url() const noexcept;

  /// Returns the certificate authority that clients must trust, for `localhost` and `127.0.0.1`;
  /// empty without tls.
  const std::string& ca_pem() const noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
