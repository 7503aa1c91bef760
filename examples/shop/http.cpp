#include "http.hpp"

#include <stripe_return/core/session_id.hpp>

#include <algorithm>

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
  // The address of a return holds ids. Under no-referrer the shop's own forms would have no Origin.
  response.set_header("Referrer-Policy", "same-origin");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Cross-Origin-Opener-Policy", "same-origin");
  if (!response.has_header("Cache-Control")) response.set_header("Cache-Control", "no-store");
}

visit visit_of(const shop& shop, const httplib::Request& request, httplib::Response& response) {
  visit visit;
  visit.demonstration = shop.fake_stripe() != nullptr;
  // What stands where a session id belongs may be a secret: the page's links leave it out.
  const bool repeatable = !request.has_param("session_id") ||
                          stripe_return::session_id::parse(request.get_param_value("session_id"));
  if (request.method != "GET") {
    visit.path = "/";
  } else if (repeatable) {
    visit.query =
        request.target.substr(std::min(request.target.find('?'), request.target.size() - 1) + 1);
  }
  if (const auto asked = language_of_code(request.get_param_value("lang"))) {
    visit.shown_in = *asked;
    shop.cookie.set(response, language_cookie, code_of(*asked), same_site::lax);
  } else {
    visit.shown_in = language_of_code(shop.cookie.get(request, language_cookie))
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

bool is_from_elsewhere(const shop& shop, const httplib::Request& request) {
  const std::string origin = request.get_header_value("Origin");
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  return (!origin.empty() && origin != shop.url()) ||
         (!site.empty() && site != "same-origin" && site != "none");
}
