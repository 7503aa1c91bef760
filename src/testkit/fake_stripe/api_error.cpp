#include "testkit/fake_stripe/api_error.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

nlohmann::json api_error::body() const {
  nlohmann::json error = {{"type", type}, {"message", message}};
  if (!code.empty()) {
    std::string page = code;
    std::replace(page.begin(), page.end(), '_', '-');
    error["code"] = code;
    error["doc_url"] = "https://stripe.com/docs/error-codes/" + page;
  }
  if (!param.empty()) error["param"] = param;
  return {{"error", std::move(error)}};
}

api_error invalid_request(std::string message, std::string param, std::string code) {
  api_error error;
  error.message = std::move(message);
  error.param = std::move(param);
  error.code = std::move(code);
  return error;
}

api_error parameter_missing(const std::string& param) {
  return invalid_request("Missing required param: " + param + ".", param, "parameter_missing");
}

api_error parameter_unknown(const std::string& param) {
  return invalid_request("Received unknown parameter: " + param +
                             " (fake-stripe knows only some of Stripe's)",
                         param, "parameter_unknown");
}

api_error resource_missing(const std::string& kind, const std::string& id, std::string param) {
  api_error error =
      invalid_request("No such " + kind + ": '" + id + "'", std::move(param), "resource_missing");
  error.status = 404;
  error.endpoint_began = true;
  return error;
}

api_error unrecognized_url(const std::string& method, const std::string& path) {
  std::string message = "Unrecognized request URL (" + method + ": " + path + ").";
  if (!path.empty() && path.back() == '/') {
    message += " If you are trying to list objects, remove the trailing slash. If you are trying to"
               " retrieve an object, make sure you passed a valid (non-empty) identifier.";
  }
  api_error error = invalid_request(std::move(message));
  error.status = 404;
  return error;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
