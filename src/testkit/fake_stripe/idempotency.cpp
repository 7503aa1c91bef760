#include "testkit/fake_stripe/idempotency.hpp"

#include "testkit/fake_stripe/api_error.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::size_t longest_key = 255;
// "Can be removed from the system automatically after they're at least 24 hours old": it is.
constexpr unix_seconds kept = 24 * 60 * 60;

api_error mismatch(const std::string& message) {
  api_error error = invalid_request(message);
  error.type = "idempotency_error";
  return error;
}

} // namespace

std::optional<response> idempotency::begin(const request& request, const std::string& account,
                                           unix_seconds now) {
  const std::string& key = request.idempotency_key;
  if (key.size() > longest_key) {
    throw invalid_request("Idempotency keys must be at most 255 characters long.");
  }
  const auto found = used_.find({account, key});
  if (found != used_.end() && found->second.answer && found->second.begun + kept < now) {
    used_.erase(found);
  } else if (found != used_.end()) {
    const use& first = found->second;
    if (first.endpoint != request.path) {
      throw mismatch("Keys for idempotent requests can only be used for the same endpoint they were"
                     " first used for ('" +
                     request.path + "' vs '" + first.endpoint + "'). Try using a key other than '" +
                     key + "' if you meant to execute a different request.");
    }
    if (first.body != request.body) {
      throw mismatch("Keys for idempotent requests can only be used with the same parameters they"
                     " were first used with. Try using a key other than '" +
                     key + "' if you meant to execute a different request.");
    }
    if (!first.answer) {
      api_error error = invalid_request("There is currently another in-progress request using this"
                                        " Idempotent Key: " +
                                            key,
                                        {}, "idempotency_key_in_use");
      error.status = 409;
      error.type = "idempotency_error";
      throw error;
    }
    return first.answer;
  }
  used_[{account, key}] = {request.path, request.body, now, std::nullopt};
  return std::nullopt;
}

void idempotency::forget(const request& request, const std::string& account) {
  used_.erase({account, request.idempotency_key});
}

void idempotency::save(const request& request, const std::string& account, const response& answer) {
  const auto found = used_.find({account, request.idempotency_key});
  if (found != used_.end()) found->second.answer = answer; // not there: reset in between
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
