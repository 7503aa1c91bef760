#include "program/standard_output.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <unistd.h>

namespace program {
namespace {

int first_failure = 0; // an errno

void note_failure() {
  if (first_failure == 0) first_failure = errno != 0 ? errno : EIO;
}

} // namespace

void print(std::string_view text) {
  if (first_failure != 0) return; // what follows a gap is of no use
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    note_failure();
  }
}

int close_output(int exit_code) {
  errno = 0;
  // A file system may keep a full disk for the last close. The stream stays open: it is flushed
  // once more behind main().
  if (std::fflush(stdout) != 0 || close(STDOUT_FILENO) != 0) note_failure();
  if (first_failure == 0) return exit_code;
  std::fprintf(stderr, "stripe-return: the standard output cannot be written: %s\n",
               std::generic_category().message(first_failure).c_str());
  return exit_code_without_output;
}

} // namespace program
