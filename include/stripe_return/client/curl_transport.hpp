/// @file
/// The built-in transport, on libcurl.
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

struct curl_transport_options {
  /// PEM file of the authorities to trust, in place of the system's (CURLOPT_CAINFO).
  std::string ca_file;
  /// As `http://host:port`; empty for none. Proxy variables of the environment have no effect
  /// (CURLOPT_PROXY).
  std::string proxy;
  /// What of an answer is taken in at most, in bytes: interim answers, header lines, the body after
  /// decompression, trailers.
  std::size_t max_response_bytes = 4 * 1024 * 1024;
  /// Connections that are kept for the next requests.
  std::size_t max_idle_connections = 100;
};

/// Sends requests by libcurl 7.76 or later, over connections and a parsed CA store that all of them
/// share. No thread is started but libcurl's short-lived one for each name resolution.
///
/// TLS certificates are always verified. http and https are spoken, no redirect is followed. No
/// environment variable acts on it, with two exceptions that are not in its hands: OpenSSL reads
/// the configuration that OPENSSL_CONF names when the process first uses it, and libcurl itself
/// creates the file that SSLKEYLOGFILE names; nothing is written to that on behalf of this
/// transport where libcurl uses OpenSSL.
///
/// Calls curl_global_init() once in the process and never curl_global_cleanup(). Do not use one
/// object on both sides of a fork().
class STRIPE_RETURN_EXPORT curl_transport final : public transport {
public:
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
