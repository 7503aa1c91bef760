#include "fake_stripe/certificate.hpp"

#include <cstdint>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

template <auto free_it> struct freed_by {
  template <class T> void operator()(T* object) const { free_it(object); }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

constexpr int first_day = -2; // other clocks may be behind
constexpr int last_day = 363;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL made no certificate");
}

key_ptr make_key() {
  key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr);
  return key;
}

x509_ptr make_certificate(EVP_PKEY& key, const char* name) {
  x509_ptr made(X509_new());
  require(made != nullptr);
  unsigned char serial[8];
  require(RAND_bytes(serial, sizeof serial) == 1);
  std::uint64_t number = 0;
  for (const unsigned char byte : serial)
    number = number << 8 | byte;
  const auto* common_name = reinterpret_cast<const unsigned char*>(name);
  require(X509_set_version(made.get(), X509_VERSION_3) == 1 &&
          ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), number >> 1) == 1 &&
          X509_set_pubkey(made.get(), &key) == 1 &&
          X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                                     common_name, -1, -1, 0) == 1 &&
          X509_time_adj_ex(X509_getm_notBefore(made.get()), first_day, 0, nullptr) != nullptr &&
          X509_time_adj_ex(X509_getm_notAfter(made.get()), last_day, 0, nullptr) != nullptr);
  return made;
}

void add_extension(X509& certificate, X509& issuer, int id, const char* value) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
  require(X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1 &&
          X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0);
}

std::string pem_of(X509& certificate) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  require(memory && PEM_write_bio_X509(memory.get(), &certificate) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

} // namespace

server_certificate::server_certificate() {
  const key_ptr ca_key = make_key();
  const x509_ptr ca = make_certificate(*ca_key, "fake-stripe test authority");
  add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign");
  add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
  // Whoever comes to trust it trusts it for nothing but this computer.
  add_extension(*ca, *ca, NID_name_constraints,
                "critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0");
  sign(*ca, *ca, *ca_key);

  key_.reset(make_key().release());
  certificate_.reset(make_certificate(*key_, "fake-stripe").release());
  add_extension(*certificate_, *ca, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*certificate_, *ca, NID_key_usage, "critical,digitalSignature");
  add_extension(*certificate_, *ca, NID_ext_key_usage, "serverAuth");
  add_extension(*certificate_, *ca, NID_authority_key_identifier, "keyid:always");
  add_extension(*certificate_, *ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  sign(*certificate_, *ca, *ca_key);
  ca_pem_ = pem_of(*ca);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
