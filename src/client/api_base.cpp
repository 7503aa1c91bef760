#include "client/api_base.hpp"

#include "client/loopback_host.hpp"

#include <curl/curl.h>

#include <memory>

namespace stripe_return {
inline namespace v0 {
namespace {

struct free_url {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

error refused(const char* why) {
  return {error_code::invalid_option, std::string("The option api_base ") + why};
}

} // namespace

result<api_base> parse_api_base(std::string_view text) {
  const std::unique_ptr<CURLU, free_url> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) {
    return refused("is not a URL: write it as https://host or https://host:port.");
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  const std::string path = part_of(url.get(), CURLUPART_PATH);
  if ((!path.empty() && path != "/") || !part_of(url.get(), CURLUPART_QUERY).empty() ||
      !part_of(url.get(), CURLUPART_FRAGMENT).empty() ||
      !part_of(url.get(), CURLUPART_USER).empty() ||
      !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
    return refused("holds more than scheme, host and port.");
  }
  api_base base;
  base.host = part_of(url.get(), CURLUPART_HOST);
  base.encrypted = scheme == "https";
  // libcurl has brought numeric addresses into their usual form, and never looks localhost up.
  if (!base.encrypted && !(scheme == "http" && is_loopback_host(base.host))) {
    return refused("must be https: the secret key would cross the network in the clear.");
  }
  base.url = scheme + "://" + base.host;
  const std::string port = part_of(url.get(), CURLUPART_PORT);
  if (!port.empty()) base.url += ":" + port;
  return base;
}

} // namespace v0
} // namespace stripe_return
