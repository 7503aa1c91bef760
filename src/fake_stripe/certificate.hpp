// A certificate for localhost and 127.0.0.1, and the authority that issued it. In memory alone.
#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class server_certificate {
public:
  // Valid from two days ago for a year. Throws std::runtime_error where OpenSSL fails.
  server_certificate();

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  const std::string& ca_pem() const { return ca_pem_; }

private:
  struct free_certificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  struct free_key {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  std::unique_ptr<EVP_PKEY, free_key> key_;
  std::unique_ptr<X509, free_certificate> certificate_;
  std::string ca_pem_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
