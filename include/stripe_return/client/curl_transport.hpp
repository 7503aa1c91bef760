/// @file
/// The built-in transport, on libcurl.
#pragma once

#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <cstddef>
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
};

/// Sends requests by libcurl 7.76 or later. One pool of connections and one parsed CA store serve
/// all threads; a thread that waits for an answer does the network work of all the others
/// meanwhile, so no thread is started but libcurl's short-lived one for each name resolution.
///
/// TLS certificates are always verified. http and https are spoken, no redirect is followed, and no
/// environment variable acts, except that libcurl itself creates the file that SSLKEYLOGFILE names;
/// nothing is written to it on behalf of this transport where libcurl uses OpenSSL.
///
/// Calls curl_global_init() once in the process and never curl_global_cleanup(). Do not use one
/// object on both sides of a fork().
class STRIPE_RETURN_EXPORT curl_transport final : public transport {
public:
  explicit curl_transport(curl_transport_options options);
  ~curl_transport() override; ///< no send() may be running

  result<http_response> send(const http_request& request) override;

private:
  class engine;
  std::unique_ptr<engine> engine_;
};

} // namespace v0
} // namespace stripe_return
