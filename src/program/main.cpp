#include "program/command_line.hpp"
#include "program/standard_descriptors.hpp"
#include "program/standard_output.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  if (!program::occupy_standard_descriptors()) return program::exit_code_without_output;
  std::signal(SIGPIPE, SIG_IGN); // a reader that has gone is output that cannot be written
  try {
    return program::close_output(program::run(argc, argv));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "stripe-return: %s\n", failure.what());
    return program::exit_code_without_output;
  }
}
