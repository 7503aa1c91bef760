/// @file
/// webhook_verifier: verifies that a webhook comes from Stripe.
#pragma once

#include <stripe_return/core/event.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The secret of one endpoint in one mode: `whsec_...`. The label is only for the application.
struct endpoint_secret {
  std::string label;
  secret value;
};

/// Checks whether webhook_verifier accepts this secret. With a secret that it does not accept, it
/// rejects every webhook, because anybody could sign with such a secret.
///
/// Fails with missing_webhook_secret if the secret is empty; with malformed_webhook_secret if it
/// has white space in or around it, has characters other than letters, digits and `_-+/=.`, or has
/// no letter or digit after `whsec_`.
STRIPE_RETURN_EXPORT result<void> check(const endpoint_secret& secret);

/// The options of a webhook_verifier.
struct webhook_options {
  /// How far the time of the signature may differ from the current time, in both directions; not
  /// negative.
  std::chrono::seconds tolerance{300};
  /// For a Connect endpoint: the account whose events are processed, which is
  /// client_options::account. Empty: all accounts. In that case each order must name its account,
  /// because an order without an account matches no event of a connected account.
  std::string account;
  /// See client_options::own_account. An event of this account is treated like one without an
  /// account.
  std::string own_account;
  /// Larger bodies are rejected.
  std::size_t max_body_bytes = 1024 * 1024;
};

/// Checks whether webhook_verifier accepts these options. With options that it does not accept, it
/// rejects every webhook. Fails with invalid_option if an account is not `acct_` followed by
/// letters and digits, or if the tolerance is negative.
STRIPE_RETURN_EXPORT result<void> check(const webhook_options& options);

/// Verifies the header `Stripe-Signature` of a webhook:
/// https://docs.stripe.com/webhooks#verify-manually. It tries each `v1` signature of the header
/// with each secret, so that secrets can be rolled, and ignores other schemes. Signatures are
/// compared in constant time. Thread-safe.
class STRIPE_RETURN_EXPORT webhook_verifier {
public:
  /// Makes a verifier for events of the mode `expected` (test or live).
  webhook_verifier(std::vector<endpoint_secret> secrets, livemode expected,
                   webhook_options options = {});
  webhook_verifier(webhook_verifier&&) noexcept;
  webhook_verifier& operator=(webhook_verifier&&) noexcept;
  ~webhook_verifier();

  /// Verifies a webhook and parses its event. `raw_body` must be the body exactly as received, byte
  /// for byte: a body that was parsed and serialized again has another signature.
  /// `signature_header` is the value of `Stripe-Signature`.
  ///
  /// An event of the other mode, of another account or of another type is not an error: see
  /// event::relevance.
  ///
  /// Errors: missing_webhook_secret, malformed_webhook_secret, invalid_option, webhook_too_large,
  /// not_signed, malformed_signature, signature_not_checked, signature_mismatch, signature_too_old,
  /// signature_in_future. The body is parsed only after its signature was verified; then
  /// not_an_event and the errors of parse_checkout_session() are possible. For an event about a
  /// Checkout Session, the latter become unreadable_event, whose error::session_id is the session
  /// to fetch, if the event names one. No message contains a secret, a signature or anything from
  /// the body.
  result<event> verify(std::string_view raw_body, std::string_view signature_header,
                       unix_seconds now) const;

  /// Does the same, but accepts a signature of any age: for recorded webhooks. Do not use it in an
  /// endpoint, where anybody who has ever seen a webhook could send it again.
  result<event> verify_without_time_check(std::string_view raw_body,
                                          std::string_view signature_header) const;

private:
  class checks;
  std::unique_ptr<checks> checks_;
};

/// Returns the HTTP status with which to respond to Stripe: 200 for every genuine event that can be
/// parsed, 400 for anything that is not a genuine event, and 500 if the application or this library
/// is at fault, which includes genuine events about a Checkout Session that cannot be parsed. After
/// a 400 or 500 Stripe resends the event for three days.
STRIPE_RETURN_EXPORT int http_answer(const result<event>& verified) noexcept;

} // namespace v0
} // namespace stripe_return
