/// @file
/// What goes on in an async_session_client, for metrics and logs.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Which call goes first where not all can.
enum class lane : unsigned char {
  known,      ///< a webhook, or a session that the host knows
  unknown,    ///< an id that anybody may have sent
  background, ///< a sweep over old orders
};

STRIPE_RETURN_EXPORT std::string_view to_string(lane lane) noexcept;

/// How long the last attempt spent where, in the order in which it happened. On a connection that
/// was used before, the first three are 0.
struct attempt_phases {
  std::chrono::microseconds resolve{};
  std::chrono::microseconds connect{};
  std::chrono::microseconds tls{};
  std::chrono::microseconds wait{};
  std::chrono::microseconds receive{};
};

/// A call that has been answered. Nothing in it is secret or personal.
struct fetch_report {
  stripe_return::lane lane = lane::unknown;
  std::chrono::microseconds duration{}; ///< from the call to its answer
  std::chrono::microseconds queued{};   ///< of that, until its first attempt
  int attempts = 0;
  attempt_phases phases;
  bool connection_reused = false; ///< by the last attempt
  bool shared = false;            ///< another call was answered by the same request
  int http_status = 0;
  std::string request_id;
  std::optional<error_code> failure;
};

/// Told of every call, on the thread that drives the client, whatever the executor. Must not throw,
/// and not call back into the client.
class STRIPE_RETURN_EXPORT observer {
public:
  observer() = default;
  observer(const observer&) = delete;
  observer& operator=(const observer&) = delete;
  virtual ~observer();

  virtual void on_start(lane lane);
  /// An attempt failed, and another follows after `delay`. `failure` is that of the connection, or
  /// of the HTTP status.
  virtual void on_retry(lane lane, error_code failure, std::chrono::milliseconds delay);
  virtual void on_finish(const fetch_report& report);
};

} // namespace v0
} // namespace stripe_return
