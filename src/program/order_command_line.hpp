// The commands on orders that are kept, as the command line has them.
#pragma once

#include "program/order_commands.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <vector>

namespace program {

class order_command_line {
public:
  explicit order_command_line(CLI::App& app);
  order_command_line(const order_command_line&) = delete;
  order_command_line& operator=(const order_command_line&) = delete;

  // Does what was asked for and gives the exit code; none: it was another command.
  std::optional<int> run(const environment& environment) const;

private:
  using function = int (*)(const order_arguments&, const environment&);
  struct known_command {
    CLI::App* app;
    function what;
  };

  CLI::App& add(CLI::App& app, const char* name, const char* does, const char* footer,
                function what);
  CLI::App& add_decision(CLI::App& app, const char* name, const char* does, const char* footer,
                         function what);
  void add_list(CLI::App& app);
  void add_resolve(CLI::App& app);
  void add_mark_fulfilled(CLI::App& app);
  void add_reference(CLI::App& command, const char* name, const char* is);
  void add_by(CLI::App& command);

  order_arguments given_;
  std::vector<known_command> commands_;
};

} // namespace program
