#include "testkit/fake_stripe/loopback_url.hpp"

#include "client/loopback_host.hpp"
#include "core/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

} // namespace

std::optional<loopback_url> parse_loopback_url(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return std::nullopt;
  if (url.compare(0, scheme, "http") != 0 && url.compare(0, scheme, "https") != 0) {
    return std::nullopt;
  }
  const bool printable =
      std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (!printable) return std::nullopt;
  const std::size_t host = scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", host), url.size());
  const std::string authority = url.substr(host, end - host);
  const std::size_t bracket = authority.find(']');
  const std::size_t colon =
      std::min(authority.find(':', bracket == std::string::npos ? 0 : bracket), authority.size());
  if (!is_loopback_host(authority.substr(0, colon))) return std::nullopt;
  if (colon < authority.size() && !is_port(std::string_view(authority).substr(colon + 1))) {
    return std::nullopt;
  }
  const std::string after = url.substr(end, url.find('#') - end);
  return loopback_url{url.substr(0, end), after.empty() || after[0] != '/' ? "/" + after : after};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
