#include "testkit/fake_stripe/api_key.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/api_error.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

std::string decode_base64(std::string_view text) {
  std::vector<unsigned char> decoded(text.size() + 3);
  const int size =
      EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0) return {};
  return std::string(decoded.begin(), decoded.begin() + size);
}

std::string key_of(const std::string& authorization) {
  const std::string_view all = authorization;
  for (const std::string_view scheme : {"Bearer ", "bearer "}) {
    if (starts_with(all, scheme)) return std::string(all.substr(scheme.size()));
  }
  constexpr std::string_view basic = "Basic ";
  if (!starts_with(all, basic)) return {};
  const std::string user = decode_base64(all.substr(basic.size()));
  return user.substr(0, user.find(':'));
}

bool is_test_key(const std::string& key) {
  for (const std::string_view prefix : {"sk_test_", "rk_test_", "sk_org_test_"}) {
    if (!starts_with(key, prefix)) continue;
    const std::string_view rest = std::string_view(key).substr(prefix.size());
    return !rest.empty() && std::all_of(rest.begin(), rest.end(),
                                        [](char c) { return is_letter_or_digit(c) || c == '_'; });
  }
  return false;
}

std::string masked(std::string key) {
  constexpr std::size_t shown_first = 8;
  constexpr std::size_t shown_last = 4;
  if (key.size() <= shown_first + shown_last) return std::string(key.size(), '*');
  std::fill(key.begin() + shown_first, key.end() - shown_last, '*');
  return key;
}

} // namespace

std::string read_key(const std::string& authorization) {
  std::string key = key_of(authorization);
  if (starts_with(key, "pk_")) {
    api_error error = invalid_request("This API call cannot be made with a publishable API key."
                                      " Please use a secret API key.",
                                      {}, "secret_key_required");
    error.status = 403;
    throw error;
  }
  if (!is_test_key(key)) throw invalid_key(key);
  return key;
}

api_error invalid_key(const std::string& key) {
  api_error error = invalid_request(
      key.empty() ? "You did not provide an API key. You need to provide your API key in the"
                    " Authorization header, using Bearer auth (e.g. 'Authorization: Bearer"
                    " YOUR_SECRET_KEY')."
                  : "Invalid API Key provided: " + masked(key));
  error.status = 401;
  return error;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
