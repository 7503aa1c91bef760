#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace loopback {

/// A fixture that cannot be set up makes every later result meaningless, so there is no recovery.
[[noreturn]] inline void die(const char* what) {
  const int error = errno;
  std::fprintf(stderr, "loopback fixture: %s (errno %d: %s)\n", what, error, std::strerror(error));
  std::abort();
}

} // namespace loopback
