/// @file
/// transport: the interface between a client and the network.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// A header line of a request or a response.
struct http_header {
  std::string name; ///< in lower case
  std::string value;
};

/// A GET or POST request, to be sent once.
struct http_request {
  std::string url;
  secret authorization;             ///< the value of the header `Authorization`
  std::vector<http_header> headers; ///< all other headers; nothing secret
  /// The body of a POST request, which may be empty, with `Content-Type:
  /// application/x-www-form-urlencoded`. Absent: a GET request. It contains what a customer is
  /// charged, but nothing secret.
  std::optional<std::string> form;
  std::chrono::milliseconds timeout{};         ///< for the whole request, including name resolution
  std::chrono::milliseconds connect_timeout{}; ///< for name resolution, TCP and TLS
};

/// A response with any status: to a transport, a 404 is not an error.
struct http_response {
  int status = 0;
  std::vector<http_header> headers; ///< at least those in response_headers
  std::string body;                 ///< decompressed
};

/// The response headers that the client reads, in lower case.
inline constexpr std::string_view response_headers[] = {
    "date",           "idempotent-replayed",        "request-id",
    "stripe-account", "stripe-rate-limited-reason", "stripe-should-retry"};

/// How long an attempt spent in each phase, in this order. The first three are 0 if the connection
/// was reused.
struct attempt_phases {
  std::chrono::microseconds resolve{};
  std::chrono::microseconds connect{};
  std::chrono::microseconds tls{};
  std::chrono::microseconds wait{};
  std::chrono::microseconds receive{};
};

/// The result of sending a request once.
struct attempt_result {
  attempt_result(result<http_response> what_came) : answer(std::move(what_came)) {}
  attempt_result(http_response what_came) : answer(std::move(what_came)) {}
  attempt_result(error why_not) : answer(std::move(why_not)) {}

  /// The response, or an error from the group "The connection to Stripe" of error_code.
  result<http_response> answer;
  attempt_phases phases;
  bool connection_reused = false;
};

class blocking_transport; // IWYU pragma: keep (below)
class event_loop;         // IWYU pragma: keep (not needed whole)

/// Sends HTTP requests, several at a time. The built-in one is curl_transport. Give a client
/// another one to use the application's own HTTP stack, or to test without a network.
///
/// A transport serves one client, which calls one member at a time, except wake(). No member may
/// throw anything but std::bad_alloc, and none may follow a redirect.
class STRIPE_RETURN_EXPORT transport {
public:
  using completion = std::function<void(attempt_result)>;

  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport();

  /// Starts to send `request` and returns a number for it. The transport must call `done` once,
  /// within request.timeout, on any thread, but never inside start(). `done` calls no member of the
  /// transport.
  virtual std::uint64_t start(const http_request& request, completion done) = 0;
  /// Cancels a request. The transport need not call its `done` any more; the client ignores it if
  /// it does.
  virtual void cancel(std::uint64_t number) noexcept = 0;
  /// Returns the result for a caller whose deadline has passed while the request continues for
  /// other callers: an error that says how far the request has come.
  virtual attempt_result so_far(std::uint64_t number);

  /// Sets who drives the transport from now on. With an event loop, the transport uses that loop's
  /// timer and descriptors, on the loop's thread. With null, the thread that is inside work_until()
  /// drives it. A client calls drive_by() before any other member, and with null before it is
  /// destroyed.
  virtual void drive_by(event_loop* loop);
  /// Processes requests until it has called a `done`, wake() was called, or the time `time` is
  /// reached; it may return earlier with work left. It is called only while there are requests.
  virtual void work_until(std::chrono::steady_clock::time_point time);
  /// Makes the current work_until() return, or the next one if there is none. Thread-safe.
  virtual void wake() noexcept;

  /// Returns null, or the blocking_transport for a transport that blocks a thread for each
  /// response. If it is not null, the threads that call session_client send the requests through
  /// it, and no other member is called.
  virtual blocking_transport* blocking() noexcept;
};

/// An HTTP stack that blocks: see adapt().
class STRIPE_RETURN_EXPORT blocking_transport {
public:
  blocking_transport() = default;
  blocking_transport(const blocking_transport&) = delete;
  blocking_transport& operator=(const blocking_transport&) = delete;
  virtual ~blocking_transport();

  /// Sends the request once and waits for the whole response, never longer than request.timeout. It
  /// is called from several threads at once. It must follow no redirects, must throw nothing but
  /// std::bad_alloc, and must report errors with codes from the group "The connection to Stripe" of
  /// error_code.
  virtual result<http_response> send(const http_request& request) = 0;
};

/// Makes a transport that sends requests through `blocking`. `run_elsewhere` must return at once,
/// and must run every function that it is given on another thread, such as one of a pool. It must
/// not wait for a free place in a queue. If it is empty, each
/// request is sent on one of the threads that wait for its response. An async_session_client has no
/// such threads, so all its calls then fail with invalid_option.
STRIPE_RETURN_EXPORT std::shared_ptr<transport>
adapt(std::shared_ptr<blocking_transport> blocking,
      std::function<void(std::function<void()> send)> run_elsewhere = {});

} // namespace v0
} // namespace stripe_return
