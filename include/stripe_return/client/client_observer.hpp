/// @file
/// client_observer: reports a client's calls to metrics and logs.
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

/// A member function of the client.
enum class client_call : unsigned char {
  retrieve,
  create,
  expire,
  line_items,
  sessions_since,
  events_since
};

STRIPE_RETURN_EXPORT std::string_view to_string(client_call call) noexcept;

/// A finished call. It contains nothing secret or personal.
struct call_report {
  client_call call = client_call::retrieve;
  call_priority priority = call_priority::known;
  std::chrono::microseconds duration{}; ///< from the call to its result
  std::chrono::microseconds queued{};   ///< the part of `duration` before the first attempt
  int attempts = 0;
  attempt_phases phases;          ///< of the last attempt
  bool connection_reused = false; ///< the last attempt used an existing connection
  bool shared = false;            ///< the same request served other calls, too
  int http_status = 0;
  std::string request_id;
  std::optional<error_code> failure;
};

/// Is notified of every call. The client holds no lock meanwhile. The members run on the thread
/// that makes a call, waits for its result or drives the client, and several may run at once. They
/// must not throw.
class STRIPE_RETURN_EXPORT client_observer {
public:
  client_observer() = default;
  client_observer(const client_observer&) = delete;
  client_observer& operator=(const client_observer&) = delete;
  virtual ~client_observer();

  /// A call begins.
  virtual void on_start(client_call call, call_priority priority);
  /// An attempt failed, and the next one follows after `delay`. `failure` is the error of the
  /// connection or of the HTTP status.
  virtual void on_retry(client_call call, error_code failure, std::chrono::milliseconds delay);
  /// A call has finished.
  virtual void on_finish(const call_report& report);
};

} // namespace v0
} // namespace stripe_return
