/// @file
/// fake_stripe: a fake Stripe in the test's own process.
#pragma once

#include <stripe_return/client/time_source.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// The options of a fake_stripe.
struct fake_stripe_options {
  /// The only key that its own account accepts, `sk_test_...` or `rk_test_...`; empty: any test
  /// key.
  secret secret_key;
  /// The account of that key.
  std::string account = "acct_1FakeStripe";
  /// The accounts that the key may name in Stripe-Account or Stripe-Context.
  std::vector<std::string> connected_accounts;
  /// The secret that signs webhooks, `whsec_...`; empty: no webhooks.
  secret webhook_secret;
  /// With the same seed, the same calls get the same ids.
  std::uint64_t seed = 1;
};

/// A webhook as the application's endpoint receives it.
struct fake_webhook {
  std::string event_id;
  std::string event_type; ///< without `v1.`, even if the event is thin
  std::string body;
  std::string signature; ///< the value of `Stripe-Signature`
};

/// A stateful fake Stripe without a network, threads or a clock of its own: give it to a client as
/// its transport. It has Checkout Sessions in all modes with their payments, refunds, disputes,
/// events and signed webhooks, as of API version 2026-09-30.endive, at the time of `time`. The test
/// says with post() what a customer or a bank does. fake_stripe_server is the same fake over HTTP;
/// src/fake_stripe/README.md lists what both have under `/v1`, `/v2` and `/_fake`.
///
/// Thread-safe: several threads may call every member at once. It may serve several clients, but
/// only one of them may be on an event loop.
class STRIPE_RETURN_EXPORT fake_stripe final : public transport {
public:
  /// Makes a fake Stripe at the time of `time`, which must not be null. If the client uses the same
  /// fake_time, nothing waits: a fault of kind `latency`, `cut` or `stall` advances that time.
  explicit fake_stripe(std::shared_ptr<time_source> time, fake_stripe_options options = {});
  ~fake_stripe() override;

  /// Handles a request to the API, whatever the host of its URL is. A fault produces the errors of
  /// the built-in transport: connection_lost if it cuts the response off, timed_out_waiting or
  /// timed_out_receiving if the request's timeout passes first.
  std::uint64_t start(const http_request& request, completion done) override;
  void cancel(std::uint64_t number) noexcept override;
  void drive_by(event_loop* loop) override;
  void work_until(std::chrono::steady_clock::time_point time) override;
  void wake() noexcept override;

  /// Runs a command under `/_fake`: `path` is its path, such as `/_fake/sessions/ID/pay`, and
  /// `json` its body. Returns the response as JSON. Fails with bad_request, which says why, and
  /// then changes nothing.
  result<std::string> post(std::string_view path, std::string_view json = {});
  /// Returns what a path under `/_fake` contains, as JSON. Fails with bad_request.
  result<std::string> get(std::string_view path) const;

  /// Passes each webhook that is due to `receiver`, one after the other, until none is left.
  /// `receiver` returns the HTTP status of its response; any status but 2xx is retried later, as
  /// Stripe does. The signatures have the time of `time`. The receiver may call any member of this
  /// object but this one.
  void deliver_webhooks(const std::function<int(const fake_webhook& webhook)>& receiver);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace testkit
} // namespace v0
} // namespace stripe_return
