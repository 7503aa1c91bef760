// What the program does for each of its subcommands. Each gives the process's exit code.
#pragma once

#include "program/expectations.hpp"

#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/time.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace program {

namespace sr = stripe_return;

// The environment is read here and nowhere in the library.
struct environment {
  sr::secret secret_key;      // STRIPE_SECRET_KEY
  sr::secret webhook_secrets; // STRIPE_WEBHOOK_SECRET, separated by commas
};
environment read_environment();

// The bytes of a file, "-" for the standard input. Error: unreadable_file.
sr::result<std::string> read_file(const std::string& name);

struct decide_arguments {
  std::string file; // "-" for the standard input
  std::optional<sr::unix_seconds> now;
  std::string order_key = "out_trade_no";
  expectations expected;
};
int decide(const decide_arguments& arguments);

struct connection_arguments {
  std::string api_base;
  std::string account;
  std::string ca_file;
  std::optional<std::chrono::milliseconds> deadline;
};

struct fetch_arguments {
  std::string what; // a query, a URL or a session id
  std::string parameter = "session_id";
  std::string order_key = "out_trade_no";
  connection_arguments connection;
  expectations expected;
};
int fetch(const fetch_arguments& arguments, const environment& environment);

struct verify_arguments {
  std::string signature; // the value of Stripe-Signature; the body comes by the standard input
  std::optional<sr::unix_seconds> now;
  std::chrono::seconds tolerance{300};
  std::optional<stripe_return::livemode> livemode;
};
int verify(const verify_arguments& arguments, const environment& environment);

struct doctor_arguments {
  connection_arguments connection;
  std::string store; // empty: none
  sr::order_naming naming;
};
int doctor(const doctor_arguments& arguments, const environment& environment);

} // namespace program
