#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Signs webhooks, sharing no code with the library.
namespace fuzz {

using webhook_mac = std::array<unsigned char, 32>;

inline webhook_mac mac_of(std::string_view body, std::int64_t time, std::string_view secret) {
  const std::string text = std::to_string(time).append(1, '.').append(body);
  webhook_mac mac{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
  return mac;
}

inline std::string hex(const webhook_mac& mac) {
  std::string text;
  for (const unsigned char byte : mac) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

inline std::string signature_header(std::int64_t time, const webhook_mac& mac) {
  return "t=" + std::to_string(time) + ",v1=" + hex(mac);
}

} // namespace fuzz
