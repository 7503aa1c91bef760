#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

namespace bench {

inline double cpu_microseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// CPU time that `work` takes on its own thread, in microseconds.
template <class Work> double thread_cpu(Work&& work) {
  const double before = cpu_microseconds(CLOCK_THREAD_CPUTIME_ID);
  work();
  return cpu_microseconds(CLOCK_THREAD_CPUTIME_ID) - before;
}

// The same for all threads of the process.
template <class Work> double process_cpu(Work&& work) {
  const double before = cpu_microseconds(CLOCK_PROCESS_CPUTIME_ID);
  work();
  return cpu_microseconds(CLOCK_PROCESS_CPUTIME_ID) - before;
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace bench
