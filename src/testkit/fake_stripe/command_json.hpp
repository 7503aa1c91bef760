// What /_fake takes and shows.
#pragma once

#include "testkit/fake_stripe/account.hpp"
#include "testkit/fake_stripe/delivery_plan.hpp"
#include "testkit/fake_stripe/fault_plan.hpp"
#include "testkit/fake_stripe/request_log.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// A JSON object of which each member is checked as it is read; no text is one without members.
// Every member throws api_error.
class command_body {
public:
  command_body(const std::string& text, const std::vector<std::string_view>& members);

  bool has(const char* key) const { return json_.contains(key); }
  std::string text(const char* key, const std::string& otherwise) const;
  std::int64_t integer(const char* key, std::int64_t otherwise, std::int64_t least = 0,
                       std::int64_t most = std::numeric_limits<std::int32_t>::max()) const;
  std::optional<std::int64_t> integer(const char* key) const;
  std::optional<bool> boolean(const char* key) const;
  std::vector<std::string> texts(const char* key) const;
  std::map<std::string, std::string> texts_by_key(const char* key) const;

private:
  nlohmann::json json_;
};

fault read_fault(const command_body& given);
event_payload read_payload(const command_body& given, event_payload otherwise);

nlohmann::json faults_json(const fault_plan& faults);
nlohmann::json requests_json(const request_log& requests);
nlohmann::json webhooks_json(const delivery_plan& deliveries);
// The session with its PaymentIntent and that one's latest charge.
nlohmann::json whole_session_json(const session& session, const account& account);

} // namespace fake
} // namespace v0
} // namespace stripe_return
