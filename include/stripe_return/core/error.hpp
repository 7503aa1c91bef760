/// @file
/// What went wrong, as a flat value.
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Every failure this library reports. The words (see to_string) are stable: scripts may match
/// them.
enum class error_code : unsigned char {
  // The return query. Nothing was sent to Stripe.
  missing_session_id,         ///< the query has no such parameter
  empty_session_id,           ///< the parameter is there and empty
  repeated_session_id,        ///< the parameter is there twice
  array_session_id,           ///< `session_id[]=` or `session_id[0]=`
  session_id_too_long,        ///< over 255 bytes
  malformed_session_id,       ///< outside `cs_[A-Za-z0-9_]+`
  unreplaced_template,        ///< the literal `{CHECKOUT_SESSION_ID}`: a configuration mistake
  client_secret_given,        ///< a client secret stands where the session id belongs
  test_session_with_live_key, ///< `cs_test_...` and a live secret key
  live_session_with_test_key, ///< `cs_live_...` and a test secret key

  // The configuration. Nothing was sent to Stripe.
  missing_secret_key,   ///< no secret key was given
  malformed_secret_key, ///< not `sk_` or `rk_` with `test_` or `live_`, or with white space in it
  publishable_key,      ///< a `pk_` key, which cannot read a Checkout Session
  invalid_option,       ///< an option or argument is out of its range; the message names it

  // The way to Stripe and back.
  could_not_resolve,    ///< the name server does not know the host
  timed_out_resolving,  ///< the name server did not answer in time
  connection_refused,   ///< nobody listens there
  could_not_connect,    ///< no route, network down, proxy unreachable, descriptors used up
  timed_out_connecting, ///< TCP was not established in time
  timed_out_in_tls,     ///< the TLS handshake did not end in time
  tls_wrong_host,       ///< a valid certificate, for another host
  tls_expired,          ///< the certificate has expired or is not valid yet
  tls_unknown_ca,       ///< no trusted authority signed the certificate
  tls_untrusted,        ///< the certificate was refused for another reason, such as its purpose
  tls_failed,           ///< any other failure of the TLS handshake
  unreadable_ca_file,   ///< the CA file cannot be read as PEM
  timed_out_waiting,    ///< connected and sent, but no answer began in time
  timed_out_receiving,  ///< the answer began and did not end in time
  connection_lost,      ///< the connection ended before the answer did
  response_too_large,   ///< more bytes than allowed, counted after decompression
  transport_failed,     ///< any other failure of the transport
  deadline_exceeded,    ///< the deadline passed before an attempt could start
  canceled,             ///< the application gave the call up
  overloaded,           ///< too many calls wait already
  wrong_thread,         ///< the thread that would have to do the work was to wait for it

  // Stripe's own refusals, by HTTP status.
  bad_request,           ///< 400
  idempotency_mismatch,  ///< 400: this attempt number was used with other parameters
  unauthorized,          ///< 401: the secret key is wrong, revoked or expired
  permission_denied,     ///< 403: the key may not do this
  session_not_found,     ///< 404
  session_of_other_mode, ///< 404, and Stripe has it in the other mode (test or live)
  conflict,              ///< 409
  dependency_failed,     ///< 424
  rate_limited,          ///< 429, or the older 400 with `rate_limit`
  lock_timeout,          ///< 429 with `lock_timeout`: the object was busy
  stripe_unavailable,    ///< 5xx
  replayed_failure, ///< a refusal that Stripe repeats for this attempt number for a day or longer
  unexpected_http_status, ///< any other status, redirects included

  // The answer, or a recorded document.
  not_json,            ///< not one JSON document
  wrong_object,        ///< JSON, but another kind of object than asked for
  unexpected_type,     ///< a field holds another JSON type than Stripe documents
  number_out_of_range, ///< a number is not an integer in the field's range
  repeated_key,        ///< a key that is read stands there twice
  wrong_session,       ///< the answer holds another session than asked for
  livemode_mismatch,   ///< the answer's `livemode` is not the secret key's
  account_mismatch,    ///< the answer's account is not the one asked for

  // A webhook. The first three are the application's own fault.
  missing_webhook_secret,   ///< no endpoint secret was given, or an empty one
  malformed_webhook_secret, ///< one that no endpoint has, such as a bare `whsec_`
  signature_not_checked,    ///< OpenSSL could not compute HMAC-SHA256
  not_signed,               ///< there is no `Stripe-Signature`
  malformed_signature,      ///< `Stripe-Signature` cannot be read
  signature_mismatch,       ///< no signature fits the body under any endpoint secret
  signature_too_old,        ///< signed longer ago than the tolerance
  signature_in_future,      ///< signed further ahead than the tolerance
  webhook_too_large,        ///< the body is longer than allowed
  not_an_event,             ///< signed, but no event
  unreadable_event,         ///< signed, and about a Checkout Session that cannot be read

  // Orders and their store.
  order_not_found,    ///< no order of this number is kept
  store_unavailable,  ///< it cannot be reached, or does not answer in time
  store_newer,        ///< a newer version of this library has made or changed it
  store_corrupt,      ///< what it holds cannot be read
  checkout_pending,   ///< another call is making the order's checkout, or its answer was just lost
  lease_lost,         ///< another worker has the order
  inside_transaction, ///< a transaction of the store is open on this thread
  wrong_store,        ///< it keeps the orders of the other mode (test or live), or none yet

  // The command line.
  unreadable_file, ///< the file cannot be read
};

/// The code's stable word, spelled as the enumerator.
STRIPE_RETURN_EXPORT std::string_view to_string(error_code code) noexcept;

/// A failure. The message is this library's own text: it never repeats what came from the query,
/// from Stripe or from a file, so it may be logged as it is.
struct STRIPE_RETURN_EXPORT error {
  error_code code;
  std::string message;       ///< one sentence: what happened and what to do
  int http_status = 0;       ///< Stripe's HTTP status, 0 when there was no answer
  std::string stripe_code{}; ///< Stripe's `error.code`, such as `resource_missing`; may be empty
  std::string request_id{};  ///< Stripe's `Request-Id`, for Stripe's support; may be empty
  std::string session_id{};  ///< of an unreadable_event, to fetch; empty where it has none

  /// Whether the same call may succeed later with nothing changed on this side.
  bool retryable() const noexcept;
};

STRIPE_RETURN_EXPORT bool operator==(const error& a, const error& b) noexcept;
inline bool operator!=(const error& a, const error& b) noexcept {
  return !(a == b);
}

} // namespace v0
} // namespace stripe_return
