// A browser without JavaScript, for the check.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

struct shown_page {
  int status = 0; // 0: nobody answered
  std::string url;
  std::string by; // the address that redirected to it; empty: none did
  std::string body;
  std::string cache_control;

  bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
  // The value of the first attribute of this name; empty where there is none.
  std::string attribute(const std::string& name) const;
};

using form = std::map<std::string, std::string>;

// Keeps cookies for each host, and follows redirects between the shop and Stripe's page.
class check_browser {
public:
  // `shop` is an origin, which addresses without one are of.
  explicit check_browser(std::string shop) : shop_(std::move(shop)) {}

  shown_page get(const std::string& address);
  // As a form of a page of `origin` does; empty: of the same one.
  shown_page post(const std::string& address, const form& fields = {},
                  const std::string& origin = {});

private:
  shown_page load(const std::string& url, const form* fields, const std::string& origin,
                  int redirects_left);
  std::string cookies_for(const std::string& origin) const;

  std::string shop_;
  std::map<std::string, std::map<std::string, std::string>> cookies_; // by origin
};

// What is before and after the path's first slash: {"http://localhost:80", "/a?b"}.
std::pair<std::string, std::string> split_url(const std::string& url);
