/// @file
/// A Stripe in the test's own process.
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

struct fake_stripe_options {
  /// The one key that its own account takes, `sk_test_...` or `rk_test_...`; empty for every key of
  /// test mode.
  secret secret_key;
  /// The account of that key.
  std::string account = "acct_1FakeStripe";
  /// Those that the key may name in Stripe-Account or Stripe-Context.
  std::vector<std::string> connected_accounts;
  /// Signs webhooks, `whsec_...`; empty: there are none.
  secret webhook_secret;
  /// The same calls get the same ids from the same seed.
  std::uint64_t seed = 1;
};

/// A webhook as it comes to the application's endpoint.
struct fake_webhook {
  std::string event_id;
  std::string event_type; ///< without `v1.`, whether the event is thin or not
  std::string body;
  std::string signature; ///< the value of `Stripe-Signature`
};

/// A stateful Stripe without a network, a thread or a clock of its own: give it to a client as its
/// transport. Checkout Sessions in all modes, their payments, refunds, disputes, events and
/// signed webhooks, as of API version 2026-09-30.endive, on the time of `time`. What a customer or
/// a bank does, the test commands by post(). fake_stripe_server is the same Stripe over HTTP, and
/// src/fake_stripe/README.md lists what both have under `/v1`, `/v2` and `/_fake`.
///
/// Every member may be called from several threads at once, and it may serve several clients, of
/// which one at most is on an event loop.
class STRIPE_RETURN_EXPORT fake_stripe final : public transport {
public:
  /// `time` is not null. With a fake_time that the client has too, nothing waits: a fault of kind
  /// `latency`, `cut` or `stall` moves it on.
  explicit fake_stripe(std::shared_ptr<time_source> time, fake_stripe_options options = {});
  ~fake_stripe() override;

  /// The API: whatever the host of the URL is. A fault answers as the built-in transport would:
  /// connection_lost when it cuts the answer off, timed_out_waiting and timed_out_receiving when
  /// the request's time is over before.
  std::uint64_t start(const http_request& request, completion done) override;
  void cancel(std::uint64_t number) noexcept override;
  void drive_by(event_loop* loop) override;
  void work_until(std::chrono::steady_clock::time_point time) override;
  void wake() noexcept override;

  /// A command under `/_fake`: its path, such as `/_fake/sessions/ID/pay`, and its JSON body.
  /// Returns the JSON answer. Error: bad_request, which says why and has changed nothing.
  result<std::string> post(std::string_view path, std::string_view json = {});
  /// What stands at such a path. Error: bad_request.
  result<std::string> get(std::string_view path) const;

  /// Hands each webhook that is due to `receiver`, one after the other, until none is: it returns
  /// the HTTP status of its answer. Any other than 2xx is retried later, as Stripe does. Signed as
  /// of `time`. The receiver may call this fake_stripe, but for this member.
  void deliver_webhooks(const std::function<int(const fake_webhook& webhook)>& receiver);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace testkit
} // namespace v0
} // namespace stripe_return
