// A process that may open no more files.
#pragma once

#include "socket.hpp"

#include "die.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <utility>
#include <vector>

namespace loopback {

/// As long as it lives, no descriptor can be opened in this process. Those that are open stay.
class no_more_descriptors {
public:
  no_more_descriptors() {
    if (getrlimit(RLIMIT_NOFILE, &before_) != 0) die("cannot get the limit of descriptors");
    // Not fewer than somebody else's poll() waits for: it would fail.
    const rlimit few = {256, before_.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &few) != 0) die("cannot set the limit of descriptors");
    for (unique_fd next = open_one(); next.get() >= 0; next = open_one())
      taken_.push_back(std::move(next));
  }
  ~no_more_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  no_more_descriptors(const no_more_descriptors&) = delete;
  no_more_descriptors& operator=(const no_more_descriptors&) = delete;

private:
  static unique_fd open_one() { return unique_fd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

  rlimit before_ = {};
  std::vector<unique_fd> taken_;
};

} // namespace loopback
