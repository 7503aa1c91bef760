#include "client/curl_global.hpp"

#include "client/curl_features.hpp"
#include "client/shared_library.hpp"

#include <curl/curl.h>

#include <cstring>
#include <fstream>

namespace stripe_return {
inline namespace v0 {
namespace {

using set_keylog_callback = void (*)(void* ssl_ctx, void (*callback)(const void*, const char*));

// The function of the very OpenSSL that libcurl uses. Linking to OpenSSL could bring another copy,
// and one copy's SSL_CTX must not be handed to the other.
set_keylog_callback find_set_keylog_callback() noexcept {
  return reinterpret_cast<set_keylog_callback>(
      find_function(reinterpret_cast<void*>(&curl_easy_init), "SSL_CTX_set_keylog_callback"));
}

} // namespace

void initialize_libcurl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

bool libcurl_uses_openssl() noexcept {
  const char* backend = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return backend != nullptr && std::strncmp(backend, "OpenSSL/", 8) == 0;
}

bool libcurl_leaves_stalled_resolvers() noexcept {
#if STRIPE_RETURN_HAS_CURLOPT_QUICK_EXIT
  constexpr unsigned since = 0x075700; // the one that runs may be another than its headers say
  const curl_version_info_data* libcurl = curl_version_info(CURLVERSION_NOW);
  return libcurl->version_num >= since && (libcurl->features & CURL_VERSION_ASYNCHDNS) != 0;
#else
  return false;
#endif
}

std::string system_ca_file() {
  const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
  if (built->age < CURLVERSION_SEVENTH || built->cainfo == nullptr) return {};
  return std::ifstream(built->cainfo) ? built->cainfo : std::string();
}

void disable_key_log(void* ssl_ctx) noexcept {
  if (!libcurl_uses_openssl()) return;
  static const set_keylog_callback set_callback = find_set_keylog_callback();
  if (set_callback != nullptr) set_callback(ssl_ctx, nullptr);
}

} // namespace v0
} // namespace stripe_return
