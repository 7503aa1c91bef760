/// @file
/// Asks Stripe without blocking anyone.
#pragma once

#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/client/observer.hpp>
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// What keeps a crowd from starving what matters. The defaults suit one process of a shop.
struct load_options {
  /// Requests on the wire, 1 to 10,000. As many connections, a hundred at most, are kept for the
  /// next ones.
  std::size_t max_in_flight = 100;
  std::size_t max_queued = 10000; ///< calls that wait for one; one more is refused: overloaded
  /// Stripe allows a sandbox 25 a second, and all hosts of an account share its limit. After a
  /// pause a quarter of a second's worth goes out at once. 0: no limit; else 0.01 to 1,000,000.
  double requests_per_second = 20;
  /// For how long a 404 is remembered and answers further calls in lane::unknown. 0: not at all.
  std::chrono::milliseconds not_found_memory{10000};
  /// Where the callbacks run; by default on the thread that drives the client.
  std::function<void(std::function<void()> callback)> executor;
  std::shared_ptr<stripe_return::observer> observer;
};

struct async_retrieve_options : retrieve_options {
  async_retrieve_options() = default; // see retrieve_options
  stripe_return::lane lane = lane::unknown;
  std::optional<std::chrono::milliseconds> deadline; ///< in place of the client's; up to 10 min
};

class async_engine; // IWYU pragma: keep (not public)

/// A call that was accepted. Copies stand for the same call; it may outlive the client.
class STRIPE_RETURN_EXPORT pending_fetch {
public:
  pending_fetch() = default;
  /// Answers the call with the error `canceled`, unless it is answered already. The callback does
  /// not run inside cancel(). On the threads that retrieve() may be called on.
  void cancel() const;

private:
  friend class async_session_client;

  std::weak_ptr<async_engine> engine_;
  std::uint64_t id_ = 0;
};

/// session_client for servers that must not block: the same requests, deadline, attempts, checks
/// and errors, and the callback in place of a return value.
///
/// Each accepted call gets exactly one callback, never from inside retrieve() or cancel(). Calls
/// that wait for the same session share a request, but no call gets an answer to a request that was
/// sent before the call was made. A callback may call retrieve() and cancel(), and may destroy the
/// client. It must not throw.
///
/// libcurl resolves a name on a short-lived thread of its own. Where the resolver stalls, neither a
/// deadline nor the destructor waits for that thread: it ends when the resolver answers, and may
/// still be there when the process exits. After a fork() only the process that made the client may
/// use or destroy it; make one in each child.
///
/// Errors besides those of session_client: canceled, overloaded.
class STRIPE_RETURN_EXPORT async_session_client {
public:
  using callback = std::function<void(result<observation>)>;

  /// On a thread of its own, which ends with the client. Every member may be called from any
  /// thread; callbacks run on that thread.
  explicit async_session_client(client_options options, load_options load = {});
  /// On the host's loop, which must live longer. Every member, and the destructor, is called on the
  /// loop's thread, and callbacks run there; nothing blocks it.
  async_session_client(client_options options, event_loop& loop, load_options load = {});

  /// Calls that are not answered yet get the error `canceled`: before the destructor returns, or,
  /// when it runs inside a callback on the client's own thread, right after that callback.
  ~async_session_client();
  async_session_client(const async_session_client&) = delete;
  async_session_client& operator=(const async_session_client&) = delete;

  /// Takes what session_id::parse() or parse_return_query() gives, too: where that is an error, it
  /// is the answer.
  pending_fetch retrieve(result<session_id> id, async_retrieve_options options, callback done);
  pending_fetch retrieve(result<session_id> id, callback done) {
    return retrieve(std::move(id), {}, std::move(done));
  }

  /// Requests that begin from now on use this key.
  void set_secret_key(secret key);

private:
  std::shared_ptr<async_engine> engine_;
};

} // namespace v0
} // namespace stripe_return
