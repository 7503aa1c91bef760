// Runs the program stripe-return as a shell does.
#pragma once

#include <string>
#include <vector>

struct program_run {
  int exit_code = 0;  // minus the number of the signal that ended it, if one did
  std::string output; // the whole standard output
  std::string errors; // the whole standard error
};

// One start of the program. It inherits nothing: its environment is what is given here.
class program_call {
public:
  explicit program_call(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  program_call& with(const std::vector<std::string>& more_arguments);
  program_call& variable(const std::string& name, const std::string& value);
  program_call& input(std::string text);
  // What the standard input is, in place of a text.
  program_call& input_from(std::string path);
  // Where the standard output goes; program_run::output stays empty then.
  program_call& output_to(std::string path);
  // A pipe that nobody reads any more.
  program_call& output_to_nobody();
  // Starts it without this one of the descriptors 0, 1 and 2, as `>&-` does.
  program_call& without(int descriptor);

  program_run run() const;

private:
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::string input_;
  std::string input_path_;
  std::string output_path_;
  bool output_to_nobody_ = false;
  std::vector<int> closed_;
};
