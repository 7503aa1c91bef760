#include "webhook/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace stripe_return {
inline namespace v0 {
namespace {

struct free_context {
  void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};

const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

hmac_sha256::hmac_sha256()
    : algorithm_(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr),
                 [](void* algorithm) { EVP_MAC_free(static_cast<EVP_MAC*>(algorithm)); }) {}

std::optional<mac> hmac_sha256::of(const secret& key, std::string_view first,
                                   std::string_view second) const {
  if (!algorithm_) return std::nullopt;
  const std::unique_ptr<EVP_MAC_CTX, free_context> context(
      EVP_MAC_CTX_new(static_cast<EVP_MAC*>(algorithm_.get())));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  mac result{};
  std::size_t length = 0;
  if (!context ||
      EVP_MAC_init(context.get(), bytes(key.reveal()), key.reveal().size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), bytes(first), first.size()) != 1 ||
      EVP_MAC_update(context.get(), bytes(second), second.size()) != 1 ||
      EVP_MAC_final(context.get(), result.data(), &length, result.size()) != 1 ||
      length != result.size()) {
    return std::nullopt;
  }
  return result;
}

bool equal(const mac& a, const mac& b) noexcept {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace v0
} // namespace stripe_return
