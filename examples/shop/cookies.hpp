// The shop's cookies.
#pragma once

#include <httplib.h>

#include <string>
#include <string_view>

enum class same_site { lax, strict };

// No script reads them. Over https their names begin with `__Host-`, so that a browser takes them
// from this very host alone: no other of the domain can plant one, and read the orders that are
// made under it.
class cookies {
public:
  explicit cookies(bool https) : https_(https) {}

  // Empty where the browser has no such cookie.
  std::string get(const httplib::Request& request, std::string_view name) const;
  void set(httplib::Response& response, std::string_view name, std::string_view value,
           same_site rule) const;

private:
  std::string full_name(std::string_view name) const;

  bool https_;
};
