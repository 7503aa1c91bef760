/// @file
/// One return, one answer, on an event loop.
#pragma once

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// return_handler on a client that does not block. To be used on the threads that its client may be
/// used on.
class STRIPE_RETURN_EXPORT async_return_handler {
public:
  /// `client` must live longer than the handler; the calls it accepted may outlive both.
  explicit async_return_handler(async_session_client& client, return_handler_options options = {});

  /// As return_handler::handle(). `done` gets the outcome exactly once, as
  /// async_session_client::retrieve() says, a query without a session id included. A session that
  /// is one of expected.session_ids is asked for as call_priority::known, any other as unknown.
  /// What is returned cancels the first request, not those for sessions that this one was recovered
  /// from.
  pending_call handle(std::string_view query, const expected_order& expected,
                      completion<order_outcome> done) const;

  /// The outcome for whatever order the session names. The caller must then compare the amount with
  /// the order's before fulfilling.
  pending_call handle(std::string_view query, completion<order_outcome> done) const;

private:
  async_session_client* client_;
  return_handler_options options_;
};

} // namespace v0
} // namespace stripe_return
