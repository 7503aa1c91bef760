// A server on this computer in Stripe's place, and the program asking it.
#pragma once

#include "run_program.hpp"
#include "session_document.hpp"

#include "loopback/https_server.hpp"

#include <optional>
#include <string>
#include <vector>

// How a test server speaks.
enum class scheme { http, https };

class stripe_server {
public:
  // Answers every request by `respond`.
  explicit stripe_server(loopback::handler respond, scheme how = scheme::http);

  loopback::https_server& server() { return *server_; }
  const loopback::test_ca& ca() const { return ca_; }
  // What --api-base takes.
  std::string base() const;
  // The targets asked for, in order, with "[]" decoded.
  std::vector<std::string> targets() const;

  // `stripe-return COMMAND WORDS...` with this server for --api-base and its authority for
  // --ca-file, and a test key in the environment.
  program_call call(std::vector<std::string> command) const;
  // The same with other secrets, or none.
  program_call call_without_key(std::vector<std::string> command) const;

private:
  loopback::test_ca ca_;
  scheme how_;
  std::optional<loopback::https_server> server_;
};

// A time as the header `Date` has it.
std::string http_date(long long unix_seconds);

// The same response to every request.
loopback::handler always(const loopback::response& response);
// A response of Stripe's with a Date, a Request-Id and this body.
loopback::response stripe_response(int status, const nlohmann::json& body);
// The session, answered just after its creation.
loopback::response session_response(const nlohmann::json& session);
// An error object.
loopback::response error_response(int status, const std::string& code,
                                  const std::string& message = "");
