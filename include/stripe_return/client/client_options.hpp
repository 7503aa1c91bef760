/// @file
/// client_options: how a client connects to Stripe.
#pragma once

#include <stripe_return/client/retry_policy.hpp>
#include <stripe_return/core/secret.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The API version that every request names, whatever the default of the account is:
/// https://docs.stripe.com/api/versioning
inline constexpr std::string_view stripe_api_version = "2026-09-30.endive";

/// The options of a client. All have safe defaults except the secret key. If an option is out of
/// range, every call fails with error_code::invalid_option and sends nothing.
struct client_options {
  /// `sk_test_...`, `sk_live_...`, `sk_org_test_...`, `sk_org_live_...`, or a restricted key
  /// (`rk_...`). A restricted key needs permission to read Checkout Sessions and PaymentIntents;
  /// without the latter, failed delayed payments are not detected.
  secret secret_key;

  /// The connected account (`acct_...`) on whose behalf requests are made (header
  /// `Stripe-Account`); empty for the key's own account. A call may name another one. The key of an
  /// organization (`sk_org_...`) has no account of its own, so one must be named (header
  /// `Stripe-Context`): https://docs.stripe.com/context.
  std::string account;

  /// The id of the secret key's own account, if it is known. This id and an empty account are then
  /// treated as the same account everywhere.
  std::string own_account;

  /// Scheme, host and port. The scheme must be https; http is allowed only for 127.0.0.0/8, [::1]
  /// and localhost.
  std::string api_base = "https://api.stripe.com";

  /// A host other than api.stripe.com to which a live secret key may be sent, such as the
  /// application's egress gateway; empty for none.
  std::string live_key_host;

  std::string ca_file; ///< see curl_transport_options
  std::string proxy;   ///< see curl_transport_options; not allowed with http
  std::size_t max_response_bytes = 4 * 1024 * 1024; ///< see curl_transport_options; 1 KiB to 64 MiB

  /// For a whole call, including all attempts and the delays between them. 1 ms to 10 minutes.
  std::chrono::milliseconds deadline{10000};
  /// For one attempt, so that a dead connection leaves time for a retry (CURLOPT_TIMEOUT_MS). 1 ms
  /// to 10 minutes.
  std::chrono::milliseconds attempt_timeout{4000};
  /// For name resolution, TCP and TLS of one attempt (CURLOPT_CONNECTTIMEOUT_MS). 1 ms to 10
  /// minutes.
  std::chrono::milliseconds connect_timeout{2000};

  retry_policy retry;

  /// How many requests may be in flight at once, 1 to 10,000. At most 100 idle connections are kept
  /// for later requests.
  std::size_t max_in_flight = 100;
  /// How many calls with call_priority::unknown may wait, and likewise how many with background,
  /// beyond those that max_in_flight has room for.
  /// One more call fails with overloaded. Calls with the priorities known and webhook are never
  /// rejected.
  std::size_t max_queued = 10000;
  /// The most requests to send in a second. 0: no limit; else 0.01 to 1,000,000. Stripe allows 25 a
  /// second in a sandbox, and all machines of an account share its limit. After a pause, a quarter
  /// of a second's requests may be sent at once. Background calls get at most half of the rate, and
  /// one request in five while calls with priority unknown wait.
  double requests_per_second = 20;
  /// How long a 404 is remembered. Until then, further calls with call_priority::unknown for the
  /// same session get it without a request. 0 (off) to 1 hour.
  std::chrono::milliseconds not_found_memory{10000};
};

} // namespace v0
} // namespace stripe_return
