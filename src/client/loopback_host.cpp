#include "client/loopback_host.hpp"

#include <charconv>
#include <system_error>

namespace stripe_return {
inline namespace v0 {

bool is_loopback_host(std::string_view host) noexcept {
  if (host == "localhost" || host == "[::1]") return true;
  const char* at = host.data();
  const char* const end = at + host.size();
  if (host.substr(0, 4) != "127.") return false;
  for (int part = 0; part != 4; ++part) {
    if (part != 0 && (at == end || *at++ != '.')) return false;
    unsigned char number = 0;
    const auto [stopped, failure] = std::from_chars(at, end, number);
    if (failure != std::errc() || (*at == '0' && stopped - at > 1)) return false;
    at = stopped;
  }
  return at == end;
}

} // namespace v0
} // namespace stripe_return
