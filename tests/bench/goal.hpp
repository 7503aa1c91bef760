#pragma once

#include <cstdio>

namespace bench {

// One line for each goal. Medians of the same program differ by so much from run to run.
inline bool report_goal(const char* name, double ratio, double goal) {
  constexpr double tolerance = 0.03;
  const bool met = ratio <= goal + tolerance;
  std::printf("%s ratio %.3f goal %.2f %s\n", name, ratio, goal, met ? "met" : "MISSED");
  return met;
}

} // namespace bench
