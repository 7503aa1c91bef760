/// @file
/// Whether a webhook comes from Stripe.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// `whsec_...`, of one endpoint in one mode. The label is for the application's own eyes.
struct endpoint_secret {
  std::string label;
  secret value;
};

/// Whether webhook_verifier takes this secret. Under one that it does not take, since anybody could
/// sign under it, it refuses every webhook.
///
/// Errors: missing_webhook_secret where it is empty; malformed_webhook_secret where it has white
/// space in or around it, or another character than letters, digits and `_-+/=.`, or no letter or
/// digit behind `whsec_`.
STRIPE_RETURN_EXPORT result<void> check(const endpoint_secret& secret);

struct webhook_options {
  /// How far the signature's time may be from now, in both directions.
  std::chrono::seconds tolerance{300};
  /// At a Connect endpoint, the account whose events matter: the one of client_options::account.
  /// Empty: all accounts. An order must then name its account; one that names none matches no
  /// connected account's events.
  std::string account;
  /// As client_options::own_account: an event of this account is the same as one that names none.
  std::string own_account;
  std::size_t max_body_bytes = 1024 * 1024;
};

/// Checks `Stripe-Signature` over the body: https://docs.stripe.com/webhooks#verify-manually. Every
/// `v1` of the header is tried with every secret, so that secrets can be rolled; other schemes are
/// ignored. Comparison takes the same time wherever two MACs differ. May be shared between threads.
class STRIPE_RETURN_EXPORT webhook_verifier {
public:
  webhook_verifier(std::vector<endpoint_secret> secrets, livemode expected,
                   webhook_options options = {});
  webhook_verifier(webhook_verifier&&) noexcept;
  webhook_verifier& operator=(webhook_verifier&&) noexcept;
  ~webhook_verifier();

  /// `raw_body` is what came over the network, byte for byte: a body that was parsed and written
  /// again has another signature. `signature_header` is the value of `Stripe-Signature`.
  ///
  /// Errors: missing_webhook_secret, malformed_webhook_secret, not_signed, malformed_signature,
  /// signature_mismatch, signature_too_old, signature_in_future, webhook_too_large, and, as the
  /// body is read only once it is known to be Stripe's, not_an_event, those of
  /// parse_checkout_session(), and unreadable_event for an event about a Checkout Session that has
  /// any of these. Its error::session_id is that of the session, which may be fetched, where the
  /// event names it. No message holds a secret, a signature or anything of the body.
  result<event> verify(std::string_view raw_body, std::string_view signature_header,
                       unix_seconds now) const;

  /// The same, however long ago it was signed: for recorded webhooks. At an endpoint it would let
  /// anybody who ever saw a webhook send it again.
  result<event> verify_without_time_check(std::string_view raw_body,
                                          std::string_view signature_header) const;

private:
  class checks;
  std::unique_ptr<checks> checks_;
};

/// The HTTP status to answer Stripe with: 200 for every genuine event that can be read; 400 for
/// what is no event; 500 where this side is at fault, be it by not reading what Stripe writes.
/// Stripe then sends it again, for three days.
STRIPE_RETURN_EXPORT int http_answer(const result<event>& verified) noexcept;

} // namespace v0
} // namespace stripe_return
