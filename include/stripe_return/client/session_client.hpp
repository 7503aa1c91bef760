/// @file
/// session_client: calls Stripe's API and blocks.
#pragma once

#include <stripe_return/client/call_options.hpp>
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/client_parts.hpp>
#include <stripe_return/client/time_source.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <memory>
#include <string>

namespace stripe_return {
inline namespace v0 {

class async_session_client; // IWYU pragma: keep (not needed whole)
class request_core;         // IWYU pragma: keep (not public)

/// The part of Stripe's API that handling a return needs. Each call blocks its thread, but never
/// longer than its deadline. Thread-safe: make one client and share it between all threads. It
/// starts no thread; the threads that wait do the work for each other. After a fork(), only the
/// process that made the client may use it; make one in each child.
///
/// Calls wait if they exceed the limits of client_options. Calls of retrieve() that wait for the
/// same session share a request, but no call gets the response to a request that was sent before
/// the call was made.
///
/// Every call may fail with the errors that error_code lists under the configuration, the
/// connection, Stripe's errors and the response, and with overloaded. A call that runs out of
/// memory fails with transport_failed.
///
/// Do not end a thread with pthread_cancel() while it is in a call: the other threads would wait
/// for the work that it was doing for them.
class STRIPE_RETURN_EXPORT session_client {
public:
  explicit session_client(client_options options, client_parts parts = {});
  /// Makes a client that shares everything with `shared`: the key, the rate limit, the memory of
  /// 404s and the connections. `shared` does the work and must outlive this client. A call on the
  /// thread that drives `shared` fails with wrong_thread, because it would wait for itself.
  explicit session_client(async_session_client& shared);
  session_client(session_client&&) noexcept;
  session_client& operator=(session_client&&) noexcept;
  ~session_client(); ///< no call may be running

  /// Fetches a session: https://docs.stripe.com/api/checkout/sessions/retrieve. The PaymentIntent
  /// is expanded if the secret key may read it. The object type, id and livemode of the response
  /// are verified against the request.
  result<observation> retrieve(const session_id& id, const retrieve_options& options = {}) const;

  /// Creates a session: https://docs.stripe.com/api/checkout/sessions/create. The response has the
  /// `url` for the customer, or the `client_secret` of an embedded checkout. A restricted key needs
  /// Checkout Sessions: Write.
  ///
  /// Repeating the call with the same attempt creates no second session, for at least a day
  /// (https://docs.stripe.com/api/idempotent_requests). So repeat it after any error that is
  /// retryable(). The repeated call returns the session as it was when it was created; retrieve()
  /// returns its current state. After idempotency_mismatch or replayed_failure, use a new attempt
  /// number.
  ///
  /// Also fails with invalid_option, before anything is sent, if parameters contradict each other
  /// or the order number is empty or too long; and with wrong_session if the response names another
  /// order.
  result<observation> create(const checkout_parameters& parameters,
                             const call_options& options = {}) const;

  /// Expires a session, so that it can no longer be paid:
  /// https://docs.stripe.com/api/checkout/sessions/expire. If the session is not open, the call
  /// fails with bad_request; retrieve() then shows why. A restricted key needs Checkout Sessions:
  /// Write.
  result<observation> expire(const session_id& id, const call_options& options = {}) const;

  /// Fetches up to 100 line items of a session:
  /// https://docs.stripe.com/api/checkout/sessions/line_items. for_each_item() iterates over all
  /// pages of this list and of those below.
  result<line_item_page> line_items(const session_id& id, const page_options& options = {}) const;

  /// Fetches up to 100 sessions, the newest first:
  /// https://docs.stripe.com/api/checkout/sessions/list. No PaymentIntent is expanded. The object
  /// type and livemode of each session are verified against the request.
  result<session_page> sessions_since(const list_options& options) const;

  /// Fetches up to 100 events about Checkout Sessions and their payments, the newest first:
  /// https://docs.stripe.com/api/events/list. Stripe keeps events for 30 days. A restricted key
  /// needs Events: Read.
  result<event_page> events_since(const list_options& options) const;

  /// Replaces the secret key. Requests that start after this call use the new key.
  void set_secret_key(const secret& key);

  /// Returns the mode of the secret key. Fails if the key is missing or malformed.
  result<livemode> key_mode() const;
  /// Returns client_options::account, which applies to calls that name no account. Empty: the key's
  /// own.
  const std::string& account() const noexcept;
  /// Returns client_parts::time, or the built-in one.
  time_source& time() const noexcept;

private:
  std::shared_ptr<request_core> core_;
};

} // namespace v0
} // namespace stripe_return
