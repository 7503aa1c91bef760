/// @file
/// What goes on in a client, for metrics and logs.
#pragma once

#include <stripe_return/client/call_options.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/error.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// Which member of the client was called.
enum class client_call : unsigned char {
  retrieve,
  create,
  expire,
  line_items,
  sessions_since,
  events_since
};

STRIPE_RETURN_EXPORT std::string_view to_string(client_call call) noexcept;

/// A call that has been answered. Nothing in it is secret or personal.
struct call_report {
  client_call call = client_call::retrieve;
  call_priority priority = call_priority::known;
  std::chrono::microseconds duration{}; ///< from the call to its answer
  std::chrono::microseconds queued{};   ///< of that, until its first attempt
  int attempts = 0;
  attempt_phases phases;          ///< of the last attempt
  bool connection_reused = false; ///< by the last attempt
  bool shared = false;            ///< another call was answered by the same request
  int http_status = 0;
  std::string request_id;
  std::optional<error_code> failure;
};

/// Told of every call, with no lock held, on the thread that makes the call, waits for its answer
/// or drives the client. Several may tell at once. Must not throw.
class STRIPE_RETURN_EXPORT client_observer {
public:
  client_observer() = default;
  client_observer(const client_observer&) = delete;
  client_observer& operator=(const client_observer&) = delete;
  virtual ~client_observer();

  virtual void on_start(client_call call, call_priority priority);
  /// An attempt failed, and another follows after `delay`. `failure` is that of the connection, or
  /// of the HTTP status.
  virtual void on_retry(client_call call, error_code failure, std::chrono::milliseconds delay);
  virtual void on_finish(const call_report& report);
};

} // namespace v0
} // namespace stripe_return
