// What stands under /_fake: the commands of a test. README.md lists them.
#pragma once

#include "fake_stripe/message.hpp"
#include "fake_stripe/server_state.hpp"

#include <nlohmann/json.hpp>

#include <mutex>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class control {
public:
  explicit control(server_state& state) : state_(state) {}

  // The lock is of the state's mutex, and let go while webhooks are flushed.
  reply answer(const request& request, std::unique_lock<std::mutex>& lock);

private:
  nlohmann::json get(const std::string& path);
  nlohmann::json post(const std::string& path, const nlohmann::json& body,
                      std::unique_lock<std::mutex>& lock);
  nlohmann::json move_clock(const nlohmann::json& body);
  nlohmann::json let(const std::string& session_id, const std::string& action);
  nlohmann::json refund(const std::string& charge_id, const nlohmann::json& body);
  nlohmann::json plan_webhooks(const nlohmann::json& body);
  nlohmann::json flush_webhooks(std::unique_lock<std::mutex>& lock);
  nlohmann::json plan_fault(const nlohmann::json& body);

  server_state& state_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
