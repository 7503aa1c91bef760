// The options that several commands have.
#pragma once

#include "program/commands.hpp"

#include <stripe_return/core/order_naming.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace program::options {

inline constexpr char other_exit_codes[] =
    R"(Exit code 2: the command line was wrong; the standard output is empty.
Exit code 3: the standard output could not be written, or the memory was used up.)";

// What the help says after the options of a command that prints one object: this text, and the exit
// codes.
void describe_output(CLI::App& app, const std::string& text);

void store(CLI::App& app, std::string& target, const std::string& description);
void time(CLI::App& app, const std::string& name, const std::string& description,
          std::optional<sr::unix_seconds>& target);
void tolerance(CLI::App& app, std::chrono::seconds& target);
void livemode(CLI::App& app, std::optional<sr::livemode>& target);
void order_key(CLI::App& app, std::string& target);
// Where the application's own differ from the built-in ones. `order_key` among them.
void naming(CLI::App& app, sr::order_naming& target);
void expect(CLI::App& app, expectations& target);
void account(CLI::App& app, connection_arguments& target);
void connection(CLI::App& app, connection_arguments& target); // but for the account

} // namespace program::options
