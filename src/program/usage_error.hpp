// What the programs say of a command line that is wrong.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace program {

template <class Error> bool is(const CLI::ParseError& wrong) {
  return dynamic_cast<const Error*>(&wrong) != nullptr;
}

// An argument that has no place, or no meaning, is never repeated: it may be a secret.
inline std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong) {
  std::string in_its_words = wrong.what();
  if (is<CLI::ConversionError>(wrong)) return "an option that takes no value was given one";
  if (is<CLI::ArgumentMismatch>(wrong)) {
    return in_its_words.substr(0, in_its_words.find(':')) + " takes one value";
  }
  const bool lacks_command = app.get_require_subcommand_min() > app.get_subcommands().size();
  if (!lacks_command && !is<CLI::ExtrasError>(wrong)) return in_its_words;
  const std::vector<std::string> extra = app.remaining(true);
  if (extra.empty()) return "a command is required";
  if (extra.front().size() > 1 && extra.front()[0] == '-') return "there is no such option";
  return lacks_command ? "there is no such command" : "an argument was not expected";
}

// Two lines: what is wrong, and where to read on.
inline std::string usage_error(const CLI::App& app, const CLI::ParseError& wrong) {
  std::string name = app.get_name();
  for (const CLI::App* each : app.get_subcommands())
    name += " " + each->get_name();
  return name + ": " + what_is_wrong(app, wrong) + "\nTry '" + name + " --help'.\n";
}

} // namespace program
