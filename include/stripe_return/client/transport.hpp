/// @file
/// The seam between the client and the network.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
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

/// Sends HTTP requests. The built-in one is curl_transport; give session_client another to send the
/// requests through the host's own HTTP stack, or to test without a network.
class STRIPE_RETURN_EXPORT transport {
public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport();

  /// Sends the request once and waits for the whole answer, never longer than request.timeout.
  /// Called from several threads at once. Must follow no redirect, must not throw, and must report
  /// failures by the codes of error_code's "way to Stripe and back".
  virtual result<http_response> send(const http_request& request) = 0;
};

} // namespace v0
} // namespace stripe_return
