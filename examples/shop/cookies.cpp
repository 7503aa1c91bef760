#include "cookies.hpp"

#include <algorithm>

std::string cookies::get(const httplib::Request& request, std::string_view name) const {
  const std::string wanted = full_name(name);
  const std::string header = request.get_header_value("Cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    std::string_view cookie = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
    cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
    const std::size_t sign = cookie.find('=');
    if (sign != std::string_view::npos && cookie.substr(0, sign) == wanted)
      return std::string(cookie.substr(sign + 1));
  }
  return {};
}

void cookies::set(httplib::Response& response, std::string_view name, std::string_view value,
                  same_site rule) const {
  std::string cookie = full_name(name);
  cookie.append("=").append(value).append("; Path=/; HttpOnly; SameSite=");
  cookie += rule == same_site::lax ? "Lax" : "Strict";
  if (https_) cookie += "; Secure";
  response.set_header("Set-Cookie", cookie);
}

std::string cookies::full_name(std::string_view name) const {
  return (https_ ? "__Host-" : "") + std::string(name);
}
