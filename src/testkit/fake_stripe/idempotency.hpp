// One effect, however often it is asked for: https://docs.stripe.com/api/idempotent_requests
#pragma once

#include "testkit/fake_stripe/message.hpp"

#include <stripe_return/core/time.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class idempotency {
public:
  // The saved answer, or nothing where the request is to be executed, which is then in flight.
  // Throws api_error: another request with that key is in flight, or was another request.
  std::optional<response> begin(const request& request, const std::string& account,
                                unix_seconds now);

  // Its key may be used again, as if it had never been.
  void forget(const request& request, const std::string& account);
  void save(const request& request, const std::string& account, const response& answer);
  void reset() { used_.clear(); }

private:
  struct use {
    std::string endpoint;
    std::string body;
    unix_seconds begun = 0;
    std::optional<response> answer; // none: in flight
  };

  std::map<std::pair<std::string, std::string>, use> used_; // by account and key
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
