// What stands under /v1.
#pragma once

#include "fake_stripe/account.hpp"
#include "fake_stripe/message.hpp"
#include "fake_stripe/parameters.hpp"

#include <stripe_return/core/time.hpp>

#include <functional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// Of the query or the body. Needs nothing but the request: nobody has to wait for it. Throws
// api_error.
parameters read_parameters(const request& request);

class api {
public:
  // `pending_webhooks` tells how often an event, by its id, is still to be delivered.
  api(account& account, std::function<int(const std::string&)> pending_webhooks);

  // `given` is what read_parameters() gives for the request. Throws api_error.
  nlohmann::json answer(const request& request, const parameters& given, const cause& why);

private:
  nlohmann::json create(const parameters& given, const cause& why);
  nlohmann::json list_sessions(const parameters& given);
  nlohmann::json list_line_items(const std::string& id, const parameters& given);
  nlohmann::json list_events(const parameters& given, unix_seconds now);
  nlohmann::json show(const event& event);

  account& account_;
  std::function<int(const std::string&)> pending_webhooks_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
