// What Stripe answers instead of what was asked for.
#pragma once

#include <stripe_return/export.hpp>

#include <nlohmann/json.hpp>

#include <exception>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// https://docs.stripe.com/api/errors
struct STRIPE_RETURN_EXPORT api_error : std::exception {
  int status = 400;
  std::string type = "invalid_request_error";
  std::string code; // empty: the answer has none
  std::string message;
  std::string param; // likewise
  // Stripe saves no answer under an idempotency key unless the endpoint began its work.
  bool endpoint_began = false;

  const char* what() const noexcept override { return message.c_str(); }
  nlohmann::json body() const;
};

STRIPE_RETURN_EXPORT api_error invalid_request(std::string message, std::string param = {},
                                               std::string code = {});
api_error parameter_missing(const std::string& param);
api_error parameter_unknown(const std::string& param);
STRIPE_RETURN_EXPORT api_error resource_missing(const std::string& kind, const std::string& id,
                                                std::string param);
api_error unrecognized_url(const std::string& method, const std::string& path);

} // namespace fake
} // namespace v0
} // namespace stripe_return
