#include "program/command_line.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    return program::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "stripe-return: %s\n", failure.what());
    return 3;
  }
}
