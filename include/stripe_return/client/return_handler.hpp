/// @file
/// One return, one answer.
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

struct return_handler_options {
  std::string parameter = "session_id"; ///< the query parameter in success_url or return_url
  order_naming naming;
};

/// Takes a return query to the outcome for its order: parse, fetch, decide. Blocks like the client
/// does, and may be shared between threads like it.
class STRIPE_RETURN_EXPORT return_handler {
public:
  /// `client` must live longer than the handler.
  explicit return_handler(const session_client& client, return_handler_options options = {});
  explicit return_handler(const session_client&& client,
                          return_handler_options options = {}) = delete;

  /// The outcome for the order that this browser is known to come back for. `query` is what
  /// parse_return_query() takes. The session is fetched from expected.account, or from the
  /// client's own where that is empty, as call_priority::known if it is one of
  /// expected.session_ids, else as unknown; of one that was recovered from others, those as well,
  /// until one of expected.session_ids is among them. An error means that the order's state is
  /// unknown: it never means that the payment failed. Errors also: those of check(expected) and
  /// check(naming), before anything is sent.
  result<order_outcome> handle(std::string_view query, const expected_order& expected) const;

  /// The outcome for whatever order the session names. The caller must then compare the amount with
  /// the order's before fulfilling.
  result<order_outcome> handle(std::string_view query) const;

private:
  result<session_id> asked_for(std::string_view query) const;

  const session_client* client_;
  return_handler_options options_;
};

/// The HTTP status for the page that answers a return: 200 for every outcome; 400 where the link
/// can never work; 404 where Stripe knows no such session; 503 for everything else, since nothing
/// is known then of the order.
STRIPE_RETURN_EXPORT int http_answer(const result<order_outcome>& outcome) noexcept;

} // namespace v0
} // namespace stripe_return
