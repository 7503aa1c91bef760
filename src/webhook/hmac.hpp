// HMAC-SHA256 by OpenSSL.
#pragma once

#include <stripe_return/core/secret.hpp>
#include <stripe_return/export.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

using mac = std::array<unsigned char, 32>;

// The algorithm, looked up once: OpenSSL 3 takes longer to find it than to hash an event.
class STRIPE_RETURN_EXPORT hmac_sha256 {
public:
  hmac_sha256();

  // Of `first` followed by `second`. Nothing where OpenSSL fails, as without memory.
  std::optional<mac> of(const secret& key, std::string_view first, std::string_view second) const;

private:
  std::shared_ptr<void> algorithm_; // an EVP_MAC
};

// Takes as long whether they are equal or not.
STRIPE_RETURN_EXPORT bool equal(const mac& a, const mac& b) noexcept;

} // namespace v0
} // namespace stripe_return
