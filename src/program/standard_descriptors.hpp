// The three descriptors that a program expects to be open at its start.
#pragma once

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace program {

// A descriptor that whoever started the program had closed is the next to be given away, to a
// database or a socket, which would then be read or written as if it were a standard stream. So
// those are taken first, for /dev/null: the input for writing and the output for reading alone, so
// that using them fails as it does while they are closed. False where that cannot be done.
inline bool occupy_standard_descriptors() noexcept {
  constexpr int useless[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    if (open("/dev/null", useless[descriptor]) != descriptor) return false;
  }
  return true;
}

} // namespace program
