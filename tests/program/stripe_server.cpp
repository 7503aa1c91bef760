#include "stripe_server.hpp"

#include <ctime>
#include <utility>

namespace {

loopback::server_options options_for(loopback::handler respond, const loopback::test_ca& ca,
                                     scheme how) {
  loopback::server_options options;
  options.respond = std::move(respond);
  if (how == scheme::https) options.tls = ca.issue({{"localhost"}});
  return options;
}

} // namespace

stripe_server::stripe_server(loopback::handler respond, scheme how) : how_(how) {
  server_.emplace(options_for(std::move(respond), ca_, how));
}

std::string stripe_server::base() const {
  const std::string port = std::to_string(server_->port());
  return how_ == scheme::https ? "https://localhost:" + port : "http://127.0.0.1:" + port;
}

std::vector<std::string> stripe_server::targets() const {
  std::vector<std::string> targets;
  for (const loopback::request& each : server_->received()) {
    std::string target = each.target;
    const std::size_t brackets = target.find("%5B%5D");
    targets.push_back(brackets == std::string::npos ? target : target.replace(brackets, 6, "[]"));
  }
  return targets;
}

program_call stripe_server::call_without_key(std::vector<std::string> command) const {
  program_call call(std::move(command));
  call.with({"--api-base", base(), "--ca-file", ca_.ca_file()});
  return call;
}

program_call stripe_server::call(std::vector<std::string> command) const {
  program_call call = call_without_key(std::move(command));
  call.variable("STRIPE_SECRET_KEY", "sk_test_1");
  return call;
}

std::string http_date(long long unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts = {};
  gmtime_r(&time, &parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

loopback::handler always(const loopback::response& response) {
  return [response](const loopback::request&) { return response; };
}

loopback::response stripe_response(int status, const nlohmann::json& body) {
  return {status,
          {{"Content-Type", "application/json"},
           {"Date", http_date(1774256400)},
           {"Request-Id", "req_1"},
           {"Stripe-Should-Retry", "false"}},
          body.dump()};
}

loopback::response session_response(const nlohmann::json& session) {
  return stripe_response(200, session);
}

loopback::response error_response(int status, const std::string& code, const std::string& message) {
  nlohmann::json error = {{"type", "invalid_request_error"}, {"message", message}};
  if (!code.empty()) error["code"] = code;
  return stripe_response(status, {{"error", error}});
}
