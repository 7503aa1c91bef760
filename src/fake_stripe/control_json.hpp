// What /_fake takes and shows.
#pragma once

#include "fake_stripe/server_state.hpp"

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// A JSON object of which each member is checked as it is read. Every member throws api_error.
class control_body {
public:
  control_body(const nlohmann::json& json, std::initializer_list<std::string_view> keys);

  bool has(const char* key) const { return json_.contains(key); }
  std::string text(const char* key, const std::string& otherwise) const;
  std::int64_t integer(const char* key, std::int64_t otherwise, std::int64_t least = 0,
                       std::int64_t most = std::numeric_limits<std::int32_t>::max()) const;
  std::optional<bool> boolean(const char* key) const;

private:
  const nlohmann::json& json_;
};

fault read_fault(const nlohmann::json& json);

nlohmann::json faults_json(const fault_plan& faults);
nlohmann::json requests_json(const request_log& requests);
nlohmann::json webhooks_json(const delivery_plan& deliveries);
// The session with its PaymentIntent and that one's latest charge.
nlohmann::json whole_session_json(const session& session, const account& account);

} // namespace fake
} // namespace v0
} // namespace stripe_return
