#pragma once

// Needs: OpenSSL::Crypto

#include <memory>
#include <string>
#include <vector>

namespace loopback {

struct certificate_request {
  std::vector<std::string> dns_names = {};
  std::vector<std::string> ip_addresses = {};
  bool expired = false;
};

/// PEM texts.
struct certificate {
  std::string cert;
  std::string key;
};

/// A certificate authority with a fresh key, so two objects never vouch for each other's
/// certificates although both bear the same name.
class test_ca {
public:
  test_ca();
  ~test_ca();
  test_ca(const test_ca&) = delete;
  test_ca& operator=(const test_ca&) = delete;

  /// The CA's certificate as a PEM file, for CURLOPT_CAINFO. Removed with this object.
  const std::string& ca_file() const;

  /// A server certificate signed by this CA.
  certificate issue(const certificate_request& wanted) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace loopback
