// The little of HTTP that the routes share.
#pragma once

#include "page.hpp"
#include "shop.hpp"

#include <httplib.h>

#include <string>

// Headers of every answer, but for a policy that it has already. `payment_pages`: the origin that a
// form's answer may redirect to.
void set_security_headers(httplib::Response& response, const std::string& payment_pages);

// What this page is to be made for. Remembers the language where the URL asks for one.
visit visit_of(const shop& shop, const httplib::Request& request, httplib::Response& response);

void send(httplib::Response& response, int status, const visit& visit, const page& page);
void see_other(httplib::Response& response, const std::string& url);

// Whether a browser says that a page of another origin than the shop's sent this.
bool is_from_elsewhere(const shop& shop, const httplib::Request& request);
