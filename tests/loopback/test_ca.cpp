#include "test_ca.hpp"

#include "die.hpp"

#include <filesystem>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <unistd.h>

namespace loopback {
namespace {

template <auto free_function> struct freed_by {
  template <class T> void operator()(T* object) const { free_function(object); }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

void require(bool ok, const char* what) {
  if (!ok) {
    die(what);
  }
}

key_ptr make_key() {
  key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr, "cannot make a P-256 key");
  return key;
}

bio_ptr memory_bio() {
  bio_ptr bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr, "cannot make a memory BIO");
  return bio;
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string to_pem(X509& cert) {
  const bio_ptr bio = memory_bio();
  require(PEM_write_bio_X509(bio.get(), &cert) == 1, "cannot write a certificate");
  return text_of(*bio);
}

std::string to_pem(EVP_PKEY& key) {
  const bio_ptr bio = memory_bio();
  require(PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "cannot write a key");
  return text_of(*bio);
}

void set_random_serial(X509& cert) {
  const bignum_ptr number(BN_new());
  require(number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&cert)) != nullptr,
          "cannot make a serial number");
}

/// Valid from `first_day` to `last_day`, counted from now.
x509_ptr make_blank(EVP_PKEY& key, const char* common_name, int first_day, int last_day) {
  x509_ptr cert(X509_new());
  require(cert != nullptr, "cannot make a certificate");
  set_random_serial(*cert);
  const auto* name = reinterpret_cast<const unsigned char*>(common_name);
  require(X509_set_version(cert.get(), X509_VERSION_3) == 1 &&
              X509_set_pubkey(cert.get(), &key) == 1 &&
              X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                                         name, -1, -1, 0) == 1 &&
              X509_time_adj_ex(X509_getm_notBefore(cert.get()), first_day, 0, nullptr) != nullptr &&
              X509_time_adj_ex(X509_getm_notAfter(cert.get()), last_day, 0, nullptr) != nullptr,
          "cannot fill in a certificate");
  return cert;
}

void add_extension(X509& cert, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, &issuer, &cert, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  require(extension && X509_add_ext(&cert, extension.get(), -1) == 1,
          "cannot add a certificate extension");
}

void sign(X509& cert, X509& issuer, EVP_PKEY& issuer_key) {
  require(X509_set_issuer_name(&cert, X509_get_subject_name(&issuer)) == 1 &&
              X509_sign(&cert, &issuer_key, EVP_sha256()) > 0,
          "cannot sign a certificate");
}

x509_ptr make_ca_certificate(EVP_PKEY& key) {
  x509_ptr cert = make_blank(key, "Loopback Test CA", -2, 2);
  add_extension(*cert, *cert, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(*cert, *cert, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*cert, *cert, NID_subject_key_identifier, "hash");
  sign(*cert, *cert, key);
  return cert;
}

std::string subject_alt_names(const certificate_request& wanted) {
  std::string names;
  const auto add = [&names](const char* kind, const std::string& name) {
    names += (names.empty() ? "" : ",") + std::string(kind) + name;
  };
  for (const std::string& name : wanted.dns_names) {
    add("DNS:", name);
  }
  for (const std::string& address : wanted.ip_addresses) {
    add("IP:", address);
  }
  return names;
}

std::string write_temp_file(const std::string& text) {
  std::string path = (std::filesystem::temp_directory_path() / "loopback_ca_XXXXXX").string();
  const int fd = mkstemp(path.data());
  require(fd >= 0, "cannot make a temporary file");
  require(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "cannot write the CA file");
  close(fd);
  return path;
}

} // namespace

struct test_ca::impl {
  key_ptr key = make_key();
  x509_ptr cert = make_ca_certificate(*key);
  std::string file = write_temp_file(to_pem(*cert));
};

test_ca::test_ca() : impl_(std::make_unique<impl>()) {}

test_ca::~test_ca() {
  unlink(impl_->file.c_str());
}

const std::string& test_ca::ca_file() const {
  return impl_->file;
}

certificate test_ca::issue(const certificate_request& wanted) const {
  const key_ptr key = make_key();
  const x509_ptr cert = make_blank(*key, "Loopback Test Server", -2, wanted.expired ? -1 : 1);
  add_extension(*cert, *impl_->cert, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*cert, *impl_->cert, NID_key_usage, "critical,digitalSignature");
  add_extension(*cert, *impl_->cert, NID_ext_key_usage, "serverAuth");
  add_extension(*cert, *impl_->cert, NID_authority_key_identifier, "keyid:always");
  const std::string names = subject_alt_names(wanted);
  if (!names.empty()) {
    add_extension(*cert, *impl_->cert, NID_subject_alt_name, names);
  }
  sign(*cert, *impl_->cert, *impl_->key);
  return {to_pem(*cert), to_pem(*key)};
}

} // namespace loopback
