#include <stripe_return/testkit/webhook_signer.hpp>

#include "core/ascii.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

std::string sign_webhook(std::string_view body, const secret& endpoint_secret, unix_seconds time) {
  const std::string at = std::to_string(time);
  const std::string signed_text = at + "." + std::string(body);
  const std::string& key = endpoint_secret.reveal();
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), mac,
           &size) == nullptr) {
    throw std::runtime_error("OpenSSL made no HMAC");
  }
  std::string header = "t=" + at + ",v1=";
  for (unsigned int i = 0; i < size; ++i)
    append_hex(header, mac[i]);
  return header;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
