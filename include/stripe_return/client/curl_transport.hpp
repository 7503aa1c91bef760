/// @file
/// curl_transport: the built-in transport, which uses libcurl.
#pragma once

#include <stripe_return/client/transport.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace stripe_return {
inline namespace v0 {

/// The options of curl_transport.
struct curl_transport_options {
  /// PEM file with the certificate authorities to trust instead of the system's (CURLOPT_CAINFO).
  std::string ca_file;
  /// `http://host:port`, for example; empty for none. Proxy variables of the environment have no
  /// effect (CURLOPT_PROXY).
  std::string proxy;
  /// How many bytes of a response are accepted: interim responses, header lines, the decompressed
  /// body and trailers together.
  std::size_t max_response_bytes = 4 * 1024 * 1024;
  /// How many idle connections are kept for later requests.
  std::size_t max_idle_connections = 100;
};

/// Sends requests with libcurl 7.76 or later. All requests share connections and one parsed CA
/// store. It starts no thread; libcurl starts a short-lived one for each name resolution.
///
/// TLS certificates are always verified. It uses only http and https and follows no redirects. It
/// reads no environment variables, with two exceptions that it cannot prevent: OpenSSL reads the
/// configuration file that OPENSSL_CONF names when the process first uses OpenSSL, and libcurl
/// creates the file that SSLKEYLOGFILE names. If libcurl uses OpenSSL, this transport writes
/// nothing to that file, unless the program has libcurl and OpenSSL linked in statically: it then
/// cannot find the function that prevents it.
///
/// It calls curl_global_init() once in the process and never calls curl_global_cleanup(). Do not
/// use one object on both sides of a fork().
class STRIPE_RETURN_EXPORT curl_transport final : public transport {
public:
  /// Makes the transport. Nothing connects yet.
  explicit curl_transport(curl_transport_options options);
  ~curl_transport() override;

  std::uint64_t start(const http_request& request, completion done) override;
  void cancel(std::uint64_t number) noexcept override;
  attempt_result so_far(std::uint64_t number) override;
  void drive_by(event_loop* loop) override;
  void work_until(std::chrono::steady_clock::time_point time) override;
  void wake() noexcept override;

private:
  class transfers;
  std::unique_ptr<transfers> transfers_;
};

} // namespace v0
} // namespace stripe_return
