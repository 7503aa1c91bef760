/// @file
/// async_return_handler: decides about a return on an event loop, without blocking.
#pragma once

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/export.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// A return_handler for a client that does not block. Its members may be called from the same
/// threads as its client's.
class STRIPE_RETURN_EXPORT async_return_handler {
public:
  /// Makes a handler on `client`, which must outlive the handler. Calls that the client has
  /// accepted may outlive both.
  explicit async_return_handler(async_session_client& client, return_handler_options options = {});

  /// Does what return_handler::handle() does, and calls `done` with the outcome exactly once, as
  /// async_session_client::retrieve() does; also with an error of the query. The session is fetched
  /// with call_priority::known if it is one of expected.session_ids, else with
  /// call_priority::unknown. The returned pending_call cancels the first request, but not the
  /// requests for the sessions from which this one was recovered.
  pending_call handle(std::string_view query, const expected_order& expected,
                      completion<order_outcome> done) const;

  /// Decides without an order, about whichever order the session names. The caller must compare the
  /// amount with the order's before it fulfills the order.
  pending_call handle(std::string_view query, completion<order_outcome> done) const;

private:
  async_session_client* client_;
  return_handler_options options_;
};

} // namespace v0
} // namespace stripe_return
