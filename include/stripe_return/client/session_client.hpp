/// @file
/// Asks Stripe.
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

class async_session_client;
class request_core; // IWYU pragma: keep (not public)

/// Stripe's API, as much of it as the return needs. Each call blocks its thread, never longer than
/// its deadline. Make one and share it between threads: every member may be called from all of them
/// at once. No thread is started: those that wait do the work for each other. After a fork() only
/// the process that made it may use it; make one in each child.
///
/// Calls wait for their turn where more come than client_options allows. Calls of retrieve() that
/// wait for the same session share a request, but none gets an answer to a request that was sent
/// before the call was made.
///
/// Errors of every call: those of the configuration, of the way to Stripe, Stripe's own refusals
/// and those of the answer, as error_code lists them; overloaded. A call that runs out of memory
/// fails as transport_failed.
///
/// A thread must not be ended by pthread_cancel() while it is in a call: the others would wait for
/// what it was doing for them.
class STRIPE_RETURN_EXPORT session_client {
public:
  explicit session_client(client_options options, client_parts parts = {});
  /// On what `shared` is made of: one key, one rate, one memory of what was not found, one set of
  /// connections, which `shared` drives and must live longer. The thread that drives it is answered
  /// wrong_thread, since it would wait for itself.
  explicit session_client(async_session_client& shared);
  session_client(session_client&&) noexcept;
  session_client& operator=(session_client&&) noexcept;
  ~session_client(); ///< no call may be running

  /// https://docs.stripe.com/api/checkout/sessions/retrieve with the PaymentIntent expanded, if the
  /// secret key may read it. The answer's object, id and livemode are what was asked for.
  result<observation> retrieve(const session_id& id, const retrieve_options& options = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/create. The answer has the `url` to send the
  /// customer to, or the `client_secret` of an embedded checkout. A restricted key needs Checkout
  /// Sessions: Write.
  ///
  /// The same call again, with the same attempt, makes no second session, for a day at least
  /// (https://docs.stripe.com/api/idempotent_requests): so repeat it after any error that is
  /// retryable(). It gets the session as it was when it was made; retrieve() tells what became of
  /// it. After idempotency_mismatch or replayed_failure the attempt is spent.
  ///
  /// Errors also: invalid_option, before anything is sent, for parameters that contradict each
  /// other and an order number that is empty or too long; wrong_session for an answer that names
  /// another order.
  result<observation> create(const checkout_parameters& parameters,
                             const call_options& options = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/expire. Nobody can pay the session afterwards.
  /// One that is not open any more is refused as bad_request: retrieve() tells why. A restricted
  /// key needs Checkout Sessions: Write.
  result<observation> expire(const session_id& id, const call_options& options = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/line_items, a hundred at a time. for_each_item()
  /// walks through all pages of this and the other lists.
  result<line_item_page> line_items(const session_id& id, const page_options& options = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/list, a hundred at a time, the newest first. No
  /// PaymentIntent is expanded. The object and livemode of each are what was asked for.
  result<session_page> sessions_since(const list_options& options) const;

  /// https://docs.stripe.com/api/events/list: those about Checkout Sessions and their payments, in
  /// the same way. Stripe keeps events for 30 days. A restricted key needs Events: Read.
  result<event_page> events_since(const list_options& options) const;

  /// Requests that begin from now on use this key.
  void set_secret_key(secret key);

  /// The mode of the secret key. Errors: those of a key that is none.
  result<livemode> key_mode() const;
  /// client_options::account: of calls that name none. Empty: the key's own.
  const std::string& account() const noexcept;
  /// client_parts::time, or the built-in one.
  time_source& time() const noexcept;

private:
  std::shared_ptr<request_core> core_;
};

} // namespace v0
} // namespace stripe_return
