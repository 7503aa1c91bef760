#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

// Ends the program when a property does not hold: that is how libFuzzer, and the replay program,
// learn of a finding. An exception that gets out of the library ends it as well.
inline void check(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property violated: %s\n", property);
  std::abort();
}

} // namespace fuzz
