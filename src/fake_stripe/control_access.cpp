#include "fake_stripe/control_access.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/loopback_url.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

api_error forbidden(std::string message) {
  api_error error = invalid_request(std::move(message));
  error.status = 403;
  return error;
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// A host with or without a port, and nothing else of a URL.
bool is_loopback_authority(const std::string& host) {
  const std::string origin = "http://" + host;
  const auto url = parse_loopback_url(origin);
  return url && url->origin == origin;
}

} // namespace

void refuse_foreign_page(const request& request) {
  const std::string host = in_lower_case(request.host);
  if (!is_loopback_authority(host)) {
    throw forbidden("The Host of a request under /_fake must be 127.0.0.1, localhost or [::1], so "
                    "that no page whose name leads to this computer can send it.");
  }
  const std::string origin = in_lower_case(request.origin);
  if (!origin.empty() && origin != "http://" + host && origin != "https://" + host) {
    throw forbidden("A request under /_fake may come from no page of another Origin.");
  }
  if (in_lower_case(request.fetch_site) == "cross-site") {
    throw forbidden("A request under /_fake may come from no page of another site: "
                    "Sec-Fetch-Site is cross-site.");
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
