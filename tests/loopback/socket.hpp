// Sockets of the loopback interface.
#pragma once

#include <netinet/in.h>
#include <unistd.h>

#include <utility>

namespace loopback {

class unique_fd {
public:
  unique_fd() = default;
  explicit unique_fd(int fd) : fd_(fd) {}
  ~unique_fd() { reset(); }
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset() {
    if (fd_ >= 0) {
      close(std::exchange(fd_, -1));
    }
  }

private:
  int fd_ = -1;
};

sockaddr_in loopback_address(int port);
unique_fd make_socket(); ///< does not block
unique_fd make_bound_socket();
int port_of(int fd);
unique_fd make_stop_signal(); ///< for send_stop()
/// Wakes every wait_for() on it, from then on.
void send_stop(int stop_fd);

/// Waits until the socket is ready. False when the server is being stopped.
bool wait_for(int fd, short events, int stop_fd);

/// SIGPIPE goes to the thread that wrote. Blocking it here instead of ignoring it in the process
/// leaves the disposition, which the code under test must cope with, as it is.
void block_sigpipe_in_this_thread();

} // namespace loopback
