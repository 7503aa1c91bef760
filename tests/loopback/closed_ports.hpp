// Ports where nobody answers.
#pragma once

#include "socket.hpp"

#include <vector>

namespace loopback {

/// A port of 127.0.0.1 where connect() is refused. It stays bound, so nobody else can take it.
class refusing_port {
public:
  int port() const { return port_; }

private:
  unique_fd fd_ = make_bound_socket();
  int port_ = port_of(fd_.get());
};

/// A port of 127.0.0.1 where connect() gets no answer: the backlog is filled up and the kernel
/// drops further SYNs.
class unaccepting_listener {
public:
  unaccepting_listener();

  int port() const { return port_; }

private:
  unique_fd fd_ = make_bound_socket();
  int port_ = port_of(fd_.get());
  std::vector<unique_fd> fillers_;
};

} // namespace loopback
