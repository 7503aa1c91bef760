#include "client/response_error.hpp"

#include "client/http_date.hpp"
#include "core/stripe_error.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

struct description {
  error_code code;
  std::string message;
};

description unexpected_status() {
  return {error_code::unexpected_http_status,
          "The answer has a status that Stripe never sends here: check api_base, and whether there "
          "is a proxy in between."};
}

description bad_request(std::string_view param) {
  if (param.empty()) {
    return {error_code::bad_request,
            "Stripe does not accept the request (400): give the Request-Id to Stripe's support."};
  }
  return {error_code::bad_request, "Stripe does not accept the parameter " + std::string(param) +
                                       " (400): look at what it is set to."};
}

description describe(int status, const stripe_error& body, std::string_view limit_reason) {
  switch (status) {
  case 400:
    if (body.code == "rate_limit") break;
    if (body.idempotency_error) {
      return {error_code::idempotency_mismatch,
              "This attempt number was used with other parameters before (400): look for the "
              "session that it made, or use the next number."};
    }
    return bad_request(body.param);
  case 401:
    if (body.code == "api_key_expired") {
      return {error_code::unauthorized, "The secret key has expired (401): replace it."};
    }
    return {error_code::unauthorized, "Stripe does not know the secret key (401): check whether it "
                                      "was revoked, or truncated when it was copied."};
  case 403:
    return {error_code::permission_denied,
            "The secret key lacks a permission (403): grant a restricted key 'Checkout Sessions: "
            "Read', or whatever else the call needs, and check that it has access to the account."};
  case 404:
    // Else it is no word of Stripe's about the session.
    if (body.code != "resource_missing") return unexpected_status();
    if (body.other_mode) {
      return {
          error_code::session_of_other_mode,
          "Stripe has this session in the other mode (404): test sessions need a test key, live "
          "sessions a live key."};
    }
    return {error_code::session_not_found, "Stripe has no such session for this account (404): it "
                                           "belongs to another account, or does not exist."};
  case 409:
    return {error_code::conflict, "Another request is using the same object (409): try again."};
  case 424:
    return {error_code::dependency_failed,
            "A service that Stripe depends on failed (424): try again."};
  case 429:
    if (body.code == "lock_timeout" && limit_reason.empty()) {
      return {error_code::lock_timeout,
              "Another request held the same object for too long (429): try again."};
    }
    break;
  default:
    if (status >= 500 && status <= 599) {
      return {error_code::stripe_unavailable, "Stripe could not answer (5xx): try again later."};
    }
    return unexpected_status();
  }
  return {error_code::rate_limited, "The account's rate limit is exceeded (429): send fewer "
                                    "requests; all machines share the limit."};
}

} // namespace

std::string_view header(const http_response& response, std::string_view name) noexcept {
  for (const http_header& each : response.headers) {
    if (each.name == name) return each.value;
  }
  return {};
}

std::optional<unix_seconds> date_of(const http_response& response) {
  return parse_http_date(header(response, "date"));
}

std::string request_id_of(const http_response& response) {
  const std::string_view id = header(response, "request-id");
  return std::string(is_machine_word(id) ? id : std::string_view{});
}

error error_from(const http_response& response) {
  const stripe_error body = parse_stripe_error(response.body);
  auto [code, message] =
      describe(response.status, body, header(response, "stripe-rate-limited-reason"));
  return {code, std::move(message), response.status, body.code, request_id_of(response)};
}

error error_from_attempt(const http_response& response) {
  error refused = error_from(response);
  // Whatever it was, the same call gets the same answer for a day.
  if (header(response, "idempotent-replayed") == "true") {
    refused.code = error_code::replayed_failure;
    refused.message = "Stripe repeats its earlier answer to this attempt number: check whether "
                      "that attempt made a session, then use the next number.";
  }
  return refused;
}

error with_context(error failure, const http_response& response) {
  failure.http_status = response.status;
  failure.request_id = request_id_of(response);
  return failure;
}

} // namespace v0
} // namespace stripe_return
