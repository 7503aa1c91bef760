/// @file
/// How to reach Stripe.
#pragma once

#include <stripe_return/client/retry_policy.hpp>
#include <stripe_return/core/secret.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The version that every request asks for, whatever the account's default is:
/// https://docs.stripe.com/api/versioning
inline constexpr std::string_view stripe_api_version = "2026-09-30.endive";

/// Each value has a safe default but the secret key. A value out of its range is reported by each
/// call as error_code::invalid_option; nothing is sent then.
struct client_options {
  /// `sk_test_...`, `sk_live_...`, `sk_org_test_...`, `sk_org_live_...`, or a restricted key
  /// (`rk_...`) that may read Checkout Sessions
  /// and, so that failed delayed payments are seen, PaymentIntents.
  secret secret_key;

  /// Connected account (`acct_...`) on whose behalf to ask; empty for one's own. A call may name
  /// another (header `Stripe-Account`). A key of an organization (`sk_org_...`) has no account of
  /// its own, so that one must be named (header `Stripe-Context`): https://docs.stripe.com/context.
  std::string account;

  /// The id of the secret key's own account, if it is known. This id and no account at all are then
  /// the same everywhere.
  std::string own_account;

  /// Scheme, host and port. https, or http for 127.0.0.0/8, [::1] and localhost alone.
  std::string api_base = "https://api.stripe.com";

  /// A host besides api.stripe.com that a live secret key may be sent to, such as one's own egress
  /// gateway; empty for none.
  std::string live_key_host;

  std::string ca_file;                              ///< see curl_transport_options
  std::string proxy;                                ///< likewise; not with http
  std::size_t max_response_bytes = 4 * 1024 * 1024; ///< likewise; 1 KiB to 64 MiB

  /// For a whole call: every attempt and every delay between them. 1 ms to 10 minutes.
  std::chrono::milliseconds deadline{10000};
  /// For one attempt, so that a dead connection leaves time for the next (CURLOPT_TIMEOUT_MS).
  std::chrono::milliseconds attempt_timeout{4000};
  /// For an attempt's name resolution, TCP and TLS (CURLOPT_CONNECTTIMEOUT_MS).
  std::chrono::milliseconds connect_timeout{2000};

  retry_policy retry;

  /// Requests under way at once, 1 to 10,000. A hundred connections at most are kept for the next
  /// ones.
  std::size_t max_in_flight = 100;
  /// Calls of call_priority::unknown that wait for their turn, and as many in the background: one
  /// more is refused (overloaded). A known session's call and a webhook's never are.
  std::size_t max_queued = 10000;
  /// Stripe allows a sandbox 25 a second, and all machines of an account share its limit. After a
  /// pause a quarter of a second's worth goes out at once. Calls in the background have at most
  /// half of it, and one request of five while unknown ids wait. 0: no limit; else 0.01 to
  /// 1,000,000.
  double requests_per_second = 20;
  /// For how long a 404 is remembered and answers further calls of call_priority::unknown. 0: not
  /// at all; up to 1 hour.
  std::chrono::milliseconds not_found_memory{10000};
};

} // namespace v0
} // namespace stripe_return
