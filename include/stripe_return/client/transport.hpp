/// @file
/// The seam between the client and the network.
#pragma once

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

struct http_header {
  std::string name; ///< lower case
  std::string value;
};

/// One GET or POST, to be sent once.
struct http_request {
  std::string url;
  secret authorization;             ///< the value of the header `Authorization`
  std::vector<http_header> headers; ///< all others that matter; nothing secret
  /// With it the request is a POST of this body, which may be empty, with `Content-Type:
  /// application/x-www-form-urlencoded`; without it a GET. It holds what a customer may be charged,
  /// nothing secret.
  std::optional<std::string> form;
  std::chrono::milliseconds timeout{};         ///< for everything, name resolution included
  std::chrono::milliseconds connect_timeout{}; ///< for name, TCP and TLS
};

/// Any answer, whatever its status: a 404 is no failure of the transport.
struct http_response {
  int status = 0;
  std::vector<http_header> headers; ///< at least those that response_headers names
  std::string body;                 ///< decompressed
};

/// The headers that the client reads of an answer, in lower case.
inline constexpr std::string_view response_headers[] = {"date", "idempotent-replayed", "request-id",
                                                        "stripe-rate-limited-reason",
                                                        "stripe-should-retry"};

/// How long an attempt spent where, in the order in which it happened. On a connection that was
/// used before, the first three are 0.
struct attempt_phases {
  std::chrono::microseconds resolve{};
  std::chrono::microseconds connect{};
  std::chrono::microseconds tls{};
  std::chrono::microseconds wait{};
  std::chrono::microseconds receive{};
};

/// What came of sending a request once.
struct attempt_result {
  attempt_result(result<http_response> what_came) : answer(std::move(what_came)) {}
  attempt_result(http_response what_came) : answer(std::move(what_came)) {}
  attempt_result(error why_not) : answer(std::move(why_not)) {}

  /// The answer, or one of error_code's "way to Stripe and back".
  result<http_response> answer;
  attempt_phases phases;
  bool connection_reused = false;
};

class blocking_transport;
class event_loop;

/// Sends HTTP requests, many at a time. The built-in one is curl_transport; give a client another
/// to send the requests through the application's own HTTP stack, or to test without a network.
///
/// One client uses it, and calls one member at a time, wake() excepted. No member may throw
/// anything but std::bad_alloc, and none may follow a redirect.
class STRIPE_RETURN_EXPORT transport {
public:
  using completion = std::function<void(attempt_result)>;

  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport();

  /// Begins to send the request, and gives it a number. `done` is called once, not later than
  /// request.timeout allows, from any thread, but never from inside start(). It calls no member.
  virtual std::uint64_t start(const http_request& request, completion done) = 0;
  /// Gives the request up: nobody waits for `done` any more, which is called no more or ignored.
  virtual void cancel(std::uint64_t number) noexcept = 0;
  /// What to tell somebody who can wait no longer for a request that goes on for others: an error
  /// that says how far it has come.
  virtual attempt_result so_far(std::uint64_t number);

  /// Says who drives it from now on: an event loop, whose timer and descriptors it then uses, on
  /// the loop's thread; or, where that is null, whoever is inside work_until(). A client calls it
  /// before anything else, and with null before it goes.
  virtual void drive_by(event_loop* loop);
  /// Does what there is to do, until it has called `done`, or wake() was called, or it is `time`;
  /// with a little still to do it may return earlier. Called only while there are requests.
  virtual void work_until(std::chrono::steady_clock::time_point time);
  /// Ends work_until(), or the next one. From any thread.
  virtual void wake() noexcept;

  /// Not null where a thread has to wait for each answer: the threads that call session_client are
  /// then used for it, and no other member is called.
  virtual blocking_transport* blocking() noexcept;
};

/// An HTTP stack that blocks: see adapt().
class STRIPE_RETURN_EXPORT blocking_transport {
public:
  blocking_transport() = default;
  blocking_transport(const blocking_transport&) = delete;
  blocking_transport& operator=(const blocking_transport&) = delete;
  virtual ~blocking_transport();

  /// Sends the request once and waits for the whole answer, never longer than request.timeout.
  /// Called from several threads at once. Must follow no redirect, must not throw, and must report
  /// failures by the codes of error_code's "way to Stripe and back".
  virtual result<http_response> send(const http_request& request) = 0;
};

/// A transport that sends through `blocking`, where `run_elsewhere` runs what it is given, such as
/// on a thread of a pool: it must run each. Where that is empty, each request is sent on one of the
/// threads that wait for its answer; an async_session_client has none, and answers each call with
/// invalid_option.
STRIPE_RETURN_EXPORT std::shared_ptr<transport>
adapt(std::shared_ptr<blocking_transport> blocking,
      std::function<void(std::function<void()> send)> run_elsewhere = {});

} // namespace v0
} // namespace stripe_return
