// The options that several commands have.
#pragma once

#include "program/commands.hpp"

#include <stripe_return/core/order_naming.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace program {

// CLI11 takes "" for 0, "0x10" for 16, and a number that is too large for the largest there is.
std::optional<std::int64_t> whole_number(const std::string& text);

namespace options {

void store(CLI::App& app, std::string& target, const char* description);
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

} // namespace options
} // namespace program
