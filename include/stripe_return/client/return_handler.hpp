/// @file
/// return_handler: parses a return, fetches the session and decides.
#pragma once

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The options of a return_handler.
struct return_handler_options {
  std::string parameter = "session_id"; ///< the query parameter in success_url or return_url
  order_naming naming;
};

/// Turns the query of a return into an outcome: it parses the query, fetches the session and
/// decides. Like its client, it blocks and is thread-safe.
class STRIPE_RETURN_EXPORT return_handler {
public:
  /// Makes a handler on `client`, which must outlive it.
  explicit return_handler(const session_client& client, return_handler_options options = {});
  explicit return_handler(const session_client&& client,
                          return_handler_options options = {}) = delete;

  /// Returns the outcome for `expected`, the order for which this browser is known to return.
  /// `query` is what parse_return_query() takes. The session is fetched from expected.account, or
  /// from the client's own account if that is empty; with call_priority::known if it is one of
  /// expected.session_ids, else with call_priority::unknown. If it was recovered from other
  /// sessions, those are fetched as well, until one of expected.session_ids is among them; each of
  /// at most 30 such requests has the client's whole deadline.
  ///
  /// An error means that the state of the order is unknown; it never means that the payment failed.
  /// Also fails with the errors of check(expected) and check(naming), before anything is sent.
  result<order_outcome> handle(std::string_view query, const expected_order& expected) const;

  /// Decides without an order, about whichever order the session names. The caller must compare the
  /// amount with the order's before it fulfills the order.
  result<order_outcome> handle(std::string_view query) const;

private:
  result<session_id> asked_for(std::string_view query) const;

  const session_client* client_;
  return_handler_options options_;
};

/// Returns the HTTP status for the page that responds to a return: 200 for every outcome, 400 if
/// the link can never work, 404 if Stripe has no such session, and 503 for every other error,
/// because the state of the order is unknown then.
STRIPE_RETURN_EXPORT int http_answer(const result<order_outcome>& outcome) noexcept;

} // namespace v0
} // namespace stripe_return
