// HTTP, free of who speaks it.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct request {
  std::string method;
  std::string path;  // percent-decoded
  std::string query; // as it came
  std::string authorization;
  std::string idempotency_key;
  std::string stripe_account;
  std::string stripe_context;
  std::string stripe_version;
  std::string host;
  std::string origin;     // of the page whose browser sends it; others send none
  std::string fetch_site; // Sec-Fetch-Site, likewise
  std::string accept_language;
  std::string body;
};

// How much of a response arrives.
enum class response_end {
  whole,
  cut,     // half of the body, though its whole length was announced; then the connection ends
  stalled, // likewise, but the connection stays
};

struct response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  response_end end = response_end::whole;
};

inline response json_response(const nlohmann::json& body, int status = 200) {
  response made;
  made.status = status;
  // What a merchant sent may be no UTF-8.
  made.body = body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return made;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
