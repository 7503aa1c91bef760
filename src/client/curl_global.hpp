// What libcurl keeps for the whole process.
#pragma once

#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

// Initializes libcurl once. It is never cleaned up: the application may use libcurl as well,
// and curl_global_cleanup() would take it away
// (https://curl.se/libcurl/c/curl_global_cleanup.html).
void initialize_libcurl();

bool libcurl_uses_openssl() noexcept;
// Whether a call ends at its deadline although the name server does not answer.
STRIPE_RETURN_EXPORT bool libcurl_leaves_stalled_resolvers() noexcept;

// The PEM bundle that libcurl was built to trust, if it is there and can be read; else empty.
std::string system_ca_file();

// Keeps libcurl from writing the TLS secrets of the connections of `ssl_ctx` (an SSL_CTX) to the
// file that the environment variable SSLKEYLOGFILE names.
void disable_key_log(void* ssl_ctx) noexcept;

} // namespace v0
} // namespace stripe_return
