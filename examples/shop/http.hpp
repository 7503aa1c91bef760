// The little of HTTP that the routes share.
#pragma once

#include "page.hpp"

#include <httplib.h>

#include <string>
#include <string_view>

// Headers of every answer, but for a policy that it has already. `payment_pages`: the origin that a
// form's answer may redirect to.
void set_security_headers(httplib::Response& response, const std::string& payment_pages);

// Empty where the browser has no such cookie.
std::string cookie_of(const httplib::Request& request, std::string_view name);

enum class same_site { lax, strict };
// Not for scripts; over https alone where the shop is `secure`.
void set_cookie(httplib::Response& response, std::string_view name, std::string_view value,
                same_site rule, bool secure);

// What this page is to be made for. Remembers the language where the URL asks for one.
visit visit_of(const httplib::Request& request, httplib::Response& response, bool demonstration);

void send(httplib::Response& response, int status, const visit& visit, const page& page);
void see_other(httplib::Response& response, const std::string& url);

// Whether a browser says that another site sent this form.
bool is_from_elsewhere(const httplib::Request& request);
