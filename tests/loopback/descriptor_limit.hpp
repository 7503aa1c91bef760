// A process that may open no more files.
#pragma once

#include "die.hpp"

#include <sys/resource.h>

namespace loopback {

/// As long as it lives, no descriptor can be opened in this process. Those that are open stay.
class no_more_descriptors {
public:
  no_more_descriptors() {
    if (getrlimit(RLIMIT_NOFILE, &before_) != 0) die("cannot get the limit of descriptors");
    const rlimit none = {0, before_.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) die("cannot set the limit of descriptors");
  }
  ~no_more_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  no_more_descriptors(const no_more_descriptors&) = delete;
  no_more_descriptors& operator=(const no_more_descriptors&) = delete;

private:
  rlimit before_ = {};
};

} // namespace loopback
