// libcurl's failures in the words of this library.
#pragma once

#include <stripe_return/core/error.hpp>

#include <curl/curl.h>

namespace stripe_return {
inline namespace v0 {

// How far a failed transfer had come.
struct transfer_progress {
  bool resolved = false;
  bool connected = false;
  bool tls_done = false; // or no TLS
  bool answered = false;
  bool proxy_refused = false;
  bool proxy_silent = false; // it has not made the connection so far
  long tls_verify_result = 0;
  int os_errno = 0;
};

// `tls_begun`: its TLS handshake, as far as anybody knows.
transfer_progress progress_of(CURL* easy, bool tls_begun) noexcept;

error transport_error(CURLcode code, const transfer_progress& progress);

} // namespace v0
} // namespace stripe_return
