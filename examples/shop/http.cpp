#include "http.hpp"

#include <stripe_return/core/session_id.hpp>

namespace {

constexpr char language_cookie[] = "language";

} // namespace

void set_security_headers(httplib::Response& response, const std::string& payment_pages) {
  if (!response.has_header("Content-Security-Policy")) {
    // Browsers hold the redirect that answers a form against form-action too.
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                        "connect-src 'self'; form-action 'self' " +
                            payment_pages + "; base-uri 'none'; frame-ancestors 'none'");
  }
  // The address of a return holds ids.
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Cross-Origin-Opener-Policy", "same-origin");
  if (!response.has_header("Cache-Control")) response.set_header("Cache-Control", "no-store");
}

std::string cookie_of(const httplib::Request& request, std::string_view name) {
  const std::string header = request.get_header_value("Cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    std::string_view cookie = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
    cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
    const std::size_t sign = cookie.find('=');
    if (sign != std::string_view::npos && cookie.substr(0, sign) == name)
      return std::string(cookie.substr(sign + 1));
  }
  return {};
}

void set_cookie(httplib::Response& response, std::string_view name, std::string_view value,
                same_site rule, bool secure) {
  std::string cookie(name);
  cookie.append("=").append(value).append("; Path=/; HttpOnly; SameSite=");
  cookie += rule == same_site::lax ? "Lax" : "Strict";
  if (secure) cookie += "; Secure";
  response.set_header("Set-Cookie", cookie);
}

visit visit_of(const httplib::Request& request, httplib::Response& response, bool demonstration) {
  visit visit;
  visit.demonstration = demonstration;
  // What stands where a session id belongs may be a secret: the page's links leave it out.
  const bool repeatable = !request.has_param("session_id") ||
                          stripe_return::session_id::parse(request.get_param_value("session_id"));
  if (request.method == "GET") visit.target = repeatable ? request.target : request.path;
  if (const auto asked = language_of_code(request.get_param_value("lang"))) {
    visit.shown_in = *asked;
    set_cookie(response, language_cookie, code_of(*asked), same_site::lax, false);
  } else {
    visit.shown_in = language_of_code(cookie_of(request, language_cookie))
                         .value_or(preferred_language(request.get_header_value("Accept-Language")));
  }
  return visit;
}

void send(httplib::Response& response, int status, const visit& visit, const page& page) {
  response.status = status;
  response.set_content(whole_page(visit, page), "text/html; charset=utf-8");
}

void see_other(httplib::Response& response, const std::string& url) {
  response.set_redirect(url, 303);
}

bool is_from_elsewhere(const httplib::Request& request) {
  // Origin says nothing here: under no-referrer it is "null" for the shop's own forms as well.
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  return site == "cross-site" || site == "same-site";
}
