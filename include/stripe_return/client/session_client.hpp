/// @file
/// Asks Stripe.
#pragma once

#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/time_source.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct retrieve_options {
  // Declared because g++ 12 frees an aggregate twice that a coroutine makes of {} in a co_await.
  retrieve_options() = default;
  std::string account;        ///< in place of client_options::account
  bool line_items = false;    ///< fetch the first page of them along
  bool latest_charge = false; ///< fetch the PaymentIntent's along, for refunds and disputes
};

/// Stripe's API, as much of it as the return needs. Each call blocks its thread, never longer than
/// client_options::deadline. Make one and share it between threads: every member may be called from
/// all of them at once. After a fork() only the process that made it may use it; make one in each
/// child.
///
/// Errors of every call: those of the configuration, of the way to Stripe, Stripe's own refusals
/// and those of the answer, as error_code lists them.
class STRIPE_RETURN_EXPORT session_client {
public:
  /// On libcurl.
  explicit session_client(client_options options);
  /// On another transport and clock, neither of them null.
  session_client(client_options options, std::shared_ptr<transport> transport,
                 std::shared_ptr<stripe_return::time_source> clock);
  session_client(session_client&&) noexcept;
  session_client& operator=(session_client&&) noexcept;
  ~session_client(); ///< no call may be running

  /// https://docs.stripe.com/api/checkout/sessions/retrieve with the PaymentIntent expanded, if the
  /// secret key may read it. The answer's object, id and livemode are what was asked for.
  result<observation> retrieve(const session_id& id, const retrieve_options& options = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/line_items, a hundred at a time. To get the next
  /// page, pass the id of the last line item of this one.
  result<line_item_page> line_items(const session_id& id, std::string_view starting_after = {},
                                    std::string_view account = {}) const;

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
  result<observation> create(const checkout_parameters& parameters) const;

  /// https://docs.stripe.com/api/checkout/sessions/expire. Nobody can pay the session afterwards.
  /// One that is not open any more is refused as bad_request: retrieve() tells why. A restricted
  /// key needs Checkout Sessions: Write.
  result<observation> expire(const session_id& id, std::string_view account = {}) const;

  /// https://docs.stripe.com/api/checkout/sessions/list: those made at `created` or later, a
  /// hundred at a time, the newest first. To get the next page, pass the id of the last session of
  /// this one. No PaymentIntent is expanded. The object and livemode of each are what was asked
  /// for.
  result<session_page> sessions_since(unix_seconds created, std::string_view starting_after = {},
                                      std::string_view account = {}) const;

  /// https://docs.stripe.com/api/events/list: those about Checkout Sessions, in the same way.
  /// Stripe keeps events for 30 days. A restricted key needs Events: Read.
  result<event_page> events_since(unix_seconds created, std::string_view starting_after = {},
                                  std::string_view account = {}) const;

  /// Calls that begin from now on use this key.
  void set_secret_key(secret key);

private:
  class calls;
  std::unique_ptr<calls> calls_;
};

} // namespace v0
} // namespace stripe_return
