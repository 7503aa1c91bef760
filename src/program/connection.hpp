// The client as the command line and the environment describe it.
#pragma once

#include "program/commands.hpp"

#include <stripe_return/client/session_client.hpp>

namespace program {

inline sr::client_options options_for(const connection_arguments& arguments,
                                      const environment& environment) {
  sr::client_options options;
  options.secret_key = environment.secret_key;
  options.account = arguments.account;
  options.ca_file = arguments.ca_file;
  if (!arguments.api_base.empty()) options.api_base = arguments.api_base;
  if (arguments.deadline) options.deadline = *arguments.deadline;
  return options;
}

inline sr::error in_words_of_the_program(sr::error failure) {
  if (failure.code == sr::error_code::missing_secret_key) {
    failure.message = "There is no secret key: set STRIPE_SECRET_KEY.";
  }
  return failure;
}

} // namespace program
