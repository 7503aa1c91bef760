/// @file
/// Asks Stripe without blocking anyone.
#pragma once

#include <stripe_return/client/call_options.hpp>
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/client_parts.hpp>
#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace stripe_return {
inline namespace v0 {

class request_core; // IWYU pragma: keep (not public)

/// A call that was accepted. Copies stand for the same call; it may outlive the client.
class STRIPE_RETURN_EXPORT pending_call {
public:
  pending_call() = default;
  /// Answers the call with the error `canceled`, unless it is answered already. The callback does
  /// not run inside cancel().
  void cancel() const;

private:
  friend class async_session_client;
  pending_call(std::weak_ptr<request_core> core, std::uint64_t number);

  std::weak_ptr<request_core> core_;
  std::uint64_t number_ = 0;
};

/// Takes the answer of a call: once, and never from inside the call or cancel(). It may call any
/// member, and may destroy the client. It must not throw.
template <class Answer> using completion = std::function<void(result<Answer>)>;

/// session_client for servers that must not block: the same calls, and a callback in place of a
/// return value. Each accepted call is answered exactly once. A member that throws std::bad_alloc
/// has accepted nothing.
///
/// libcurl resolves a name on a short-lived thread of its own. Where the resolver stalls, neither a
/// deadline nor the destructor waits for that thread: it ends when the resolver answers, and may
/// still be there when the process exits. After a fork() only the process that made the client may
/// use or destroy it; make one in each child.
///
/// Errors besides those of session_client: canceled.
class STRIPE_RETURN_EXPORT async_session_client {
public:
  /// On a thread of its own, which ends with the client. Callbacks run on that thread.
  explicit async_session_client(client_options options, client_parts parts = {});
  /// On the application's loop, which must live longer. The client is made before the loop runs or
  /// on its thread, and destroyed on that thread; callbacks run there; nothing blocks it.
  async_session_client(client_options options, event_loop& loop, client_parts parts = {});

  /// Calls that are not answered yet get the error `canceled`: before the destructor returns, or,
  /// when it runs inside a callback on the client's own thread, right after that callback.
  ~async_session_client();
  async_session_client(const async_session_client&) = delete;
  async_session_client& operator=(const async_session_client&) = delete;

  // Of any thread. As session_client has them. What takes an id takes what session_id::parse() or
  // parse_return_query() gives, too: where that is an error, it is the answer.

  pending_call retrieve(result<session_id> id, retrieve_options options,
                        completion<observation> done);
  pending_call create(checkout_parameters parameters, call_options options,
                      completion<observation> done);
  pending_call expire(result<session_id> id, call_options options, completion<observation> done);
  pending_call line_items(result<session_id> id, page_options options,
                          completion<line_item_page> done);
  pending_call sessions_since(list_options options, completion<session_page> done);
  pending_call events_since(list_options options, completion<event_page> done);

  /// Requests that begin from now on use this key.
  void set_secret_key(secret key);

private:
  friend class session_client;

  std::shared_ptr<request_core> core_;
};

} // namespace v0
} // namespace stripe_return
