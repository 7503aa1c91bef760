// What stands under /v1.
#pragma once

#include "fake_stripe/account.hpp"
#include "fake_stripe/message.hpp"

#include <functional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class api {
public:
  // `pending_webhooks` tells how often an event, by its id, is still to be delivered.
  api(account& account, std::function<int(const std::string&)> pending_webhooks);

  // Throws api_error.
  nlohmann::json answer(const request& request, const cause& why);

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
