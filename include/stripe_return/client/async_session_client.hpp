/// @file
/// async_session_client: calls Stripe's API without blocking.
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

/// A handle to a call that a client accepted. Copies refer to the same call. It may outlive the
/// client.
class STRIPE_RETURN_EXPORT pending_call {
public:
  pending_call() = default;
  /// Cancels the call: its callback gets the error `canceled`, unless the call has finished
  /// already. The callback does not run inside cancel().
  void cancel() const;

private:
  friend class async_session_client;
  pending_call(std::weak_ptr<request_core> core, std::uint64_t number);

  std::weak_ptr<request_core> core_;
  std::uint64_t number_ = 0;
};

/// The callback of a call. It gets the call's result exactly once, and never runs inside the call
/// itself or inside cancel(). It may call any member of the client and may destroy the client. It
/// must not throw and must not be empty. After `canceled` it must not call the client again: the
/// client's destructor waits for the last callback.
template <class Answer> using completion = std::function<void(result<Answer>)>;

/// A session_client for servers that must not block. It has the same calls, but each takes a
/// callback instead of returning its result. Each accepted call gets exactly one callback. If a
/// member throws std::bad_alloc, it has not accepted the call.
///
/// libcurl resolves host names on a short-lived thread. If the resolver stalls, neither a deadline
/// nor the destructor waits for that thread: it ends when the resolver responds, and may still
/// exist when the process exits. After a fork(), only the process that made the client may use or
/// destroy it; make one in each child.
///
/// Fails with the errors of session_client, and with canceled.
class STRIPE_RETURN_EXPORT async_session_client {
public:
  /// Makes a client with a thread of its own, which ends with the client. Callbacks run on that
  /// thread. Throws std::system_error if the thread cannot be started.
  explicit async_session_client(client_options options, client_parts parts = {});
  /// Makes a client on the application's event loop, which must outlive the client. Make the client
  /// before the loop runs or on the loop's thread, and destroy it on that thread. Callbacks run on
  /// that thread, and the client never blocks it.
  async_session_client(client_options options, event_loop& loop, client_parts parts = {});

  /// Cancels the calls that have not finished: their callbacks get the error `canceled` before the
  /// destructor returns. If it runs inside a callback on the client's own thread, they get it right
  /// after that callback.
  ~async_session_client();
  async_session_client(const async_session_client&) = delete;
  async_session_client& operator=(const async_session_client&) = delete;

  // Thread-safe. The calls are those of session_client. A call that takes a session id also takes
  // the result of session_id::parse() or parse_return_query(); if that is an error, it is the
  // call's result.

  pending_call retrieve(const result<session_id>& id, const retrieve_options& options,
                        completion<observation> done);
  pending_call create(const checkout_parameters& parameters, const call_options& options,
                      completion<observation> done);
  pending_call expire(const result<session_id>& id, const call_options& options,
                      completion<observation> done);
  pending_call line_items(const result<session_id>& id, const page_options& options,
                          completion<line_item_page> done);
  pending_call sessions_since(const list_options& options, completion<session_page> done);
  pending_call events_since(const list_options& options, completion<event_page> done);

  /// Replaces the secret key. Requests that start after this call use the new key.
  void set_secret_key(const secret& key);

private:
  friend class session_client;
  friend class async_return_handler;

  std::shared_ptr<request_core> core_;
};

} // namespace v0
} // namespace stripe_return
