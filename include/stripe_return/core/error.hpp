/// @file
/// The error type and all error codes.
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Every error that this library reports. The names that to_string() returns are stable, so scripts
/// may match them.
enum class error_code : unsigned char {
  // The return query. No request was sent to Stripe.
  missing_session_id,         ///< the query has no session id parameter
  empty_session_id,           ///< the parameter is empty
  repeated_session_id,        ///< the query has the parameter more than once
  array_session_id,           ///< the parameter is `session_id[]=` or `session_id[0]=`
  session_id_too_long,        ///< longer than 255 bytes
  malformed_session_id,       ///< does not match `cs_[A-Za-z0-9_]+`
  unreplaced_template,        ///< the literal `{CHECKOUT_SESSION_ID}`: a configuration mistake
  client_secret_given,        ///< a client secret instead of a session id
  test_session_with_live_key, ///< a `cs_test_...` id, but the secret key is a live key
  live_session_with_test_key, ///< a `cs_live_...` id, but the secret key is a test key

  // The configuration. No request was sent to Stripe.
  missing_secret_key,   ///< there is no secret key
  malformed_secret_key, ///< does not start with `sk_` or `rk_` and `test_` or `live_`, or has white
                        ///< space
  publishable_key,      ///< a `pk_` key, which cannot read Checkout Sessions
  invalid_option,       ///< an option or argument is out of range; the message names it

  // The connection to Stripe.
  could_not_resolve,    ///< the name server does not know the host
  timed_out_resolving,  ///< the name server did not respond in time
  connection_refused,   ///< no program listens on that port
  could_not_connect,    ///< no route, network down, proxy unreachable, no file descriptors left
  timed_out_connecting, ///< the TCP connection was not established in time
  timed_out_in_tls,     ///< the TLS handshake did not finish in time
  tls_wrong_host,       ///< the certificate is valid, but for another host
  tls_expired,          ///< the certificate has expired or is not valid yet
  tls_unknown_ca,       ///< the certificate is not signed by a trusted authority
  tls_untrusted,        ///< the certificate was rejected for another reason, such as its purpose
  tls_failed,           ///< any other failure of the TLS handshake
  unreadable_ca_file,   ///< the CA file cannot be read as PEM
  timed_out_waiting,    ///< the request was sent, but no response began in time
  timed_out_receiving,  ///< the response began, but did not finish in time
  connection_lost,      ///< the connection closed before the response was complete
  response_too_large,   ///< more bytes than the limit, counted after decompression
  transport_failed,     ///< any other failure of the transport; also out of memory
  deadline_exceeded,    ///< the deadline passed before an attempt could start
  canceled,             ///< the application canceled the call, or destroyed the client
  overloaded,           ///< too many calls are waiting already
  wrong_thread,         ///< the calling thread would have to wait for itself

  // Errors that Stripe returned, by HTTP status.
  bad_request,           ///< 400
  idempotency_mismatch,  ///< 400: this attempt number was used with other parameters
  unauthorized,          ///< 401: the secret key is wrong, revoked or expired
  permission_denied,     ///< 403: the key does not have the permission
  session_not_found,     ///< 404
  session_of_other_mode, ///< 404, and the session exists in the other mode (test or live)
  conflict,              ///< 409
  dependency_failed,     ///< 424
  rate_limited,          ///< 429, or the older form: 400 with the code `rate_limit`
  lock_timeout,          ///< 429 with the code `lock_timeout`: the object was busy
  stripe_unavailable,    ///< 5xx
  /// Stripe replays the error of an earlier request with this attempt number, for a day or longer.
  replayed_failure,
  unexpected_http_status, ///< any other status, including redirects

  // The response, or a recorded document.
  not_json,            ///< not exactly one JSON document
  wrong_object,        ///< JSON, but of another kind of object than was requested
  unexpected_type,     ///< a field has another JSON type than Stripe documents
  number_out_of_range, ///< a number is not an integer in the range of its field
  repeated_key,        ///< a key that the library reads occurs twice
  wrong_session,       ///< the response holds another session than was requested
  livemode_mismatch,   ///< the response's `livemode` is not the secret key's
  account_mismatch,    ///< the response is from another account than was requested

  // A webhook. The first three are errors of the application.
  missing_webhook_secret,   ///< there is no endpoint secret, or it is empty
  malformed_webhook_secret, ///< no endpoint has such a secret; a bare `whsec_`, for example
  signature_not_checked,    ///< OpenSSL could not compute HMAC-SHA256
  not_signed,               ///< there is no `Stripe-Signature` header
  malformed_signature,      ///< the `Stripe-Signature` header cannot be parsed
  signature_mismatch,       ///< no signature matches the body with any of the endpoint secrets
  signature_too_old,        ///< signed longer ago than the tolerance allows
  signature_in_future,      ///< signed further in the future than the tolerance allows
  webhook_too_large,        ///< the body is larger than the limit
  not_an_event,             ///< the signature is valid, but the body is not an event
  unreadable_event,         ///< a genuine event about a Checkout Session, which cannot be parsed

  // Orders and their store.
  order_not_found,   ///< the store has no order with this number
  store_unavailable, ///< the store cannot be reached, or did not respond in time
  store_newer,       ///< a newer version of this library created or migrated the store
  store_corrupt,     ///< the contents of the store cannot be read
  /// Another call is opening the order's checkout, or the response to such a call was lost a moment
  /// ago.
  checkout_pending,
  lease_lost,         ///< another worker has claimed the order
  inside_transaction, ///< a transaction of the store is open on this thread
  /// The store holds the orders of the other mode (test or live), or has no mode yet.
  wrong_store,

  // The command line.
  unreadable_file, ///< the file cannot be read
};

/// Returns the stable name of the code, which is the enumerator's.
STRIPE_RETURN_EXPORT std::string_view to_string(error_code code) noexcept;

/// An error. The message is this library's own text and never contains anything from the query,
/// from Stripe or from a file, so it is safe to log.
struct STRIPE_RETURN_EXPORT error {
  error_code code;
  std::string message;       ///< one or two sentences: what happened and what to do
  int http_status = 0;       ///< the HTTP status of Stripe's response; 0 if there was none
  std::string stripe_code{}; ///< Stripe's `error.code`, such as `resource_missing`; may be empty
  std::string request_id{};  ///< Stripe's `Request-Id`, for Stripe's support; may be empty
  std::string session_id{};  ///< of unreadable_event: the session to fetch; empty if unknown

  /// Returns whether the same call may succeed later without any change by the application.
  bool retryable() const noexcept;
};

STRIPE_RETURN_EXPORT bool operator==(const error& a, const error& b) noexcept;
inline bool operator!=(const error& a, const error& b) noexcept {
  return !(a == b);
}

} // namespace v0
} // namespace stripe_return
