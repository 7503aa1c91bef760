#include "socket.hpp"

#include "die.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace loopback {

sockaddr_in loopback_address(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

unique_fd make_socket() {
  unique_fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) {
    die("cannot make a socket");
  }
  return fd;
}

unique_fd make_bound_socket() {
  unique_fd fd = make_socket();
  const sockaddr_in address = loopback_address(0);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("cannot bind to 127.0.0.1");
  }
  return fd;
}

int port_of(int fd) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("cannot ask for a port");
  }
  return ntohs(address.sin_port);
}

unique_fd make_stop_signal() {
  unique_fd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (fd.get() < 0) {
    die("cannot make an eventfd");
  }
  return fd;
}

// Written to once and never read, so it wakes every poll() from then on.
void send_stop(int stop_fd) {
  if (eventfd_write(stop_fd, 1) != 0) {
    die("cannot stop");
  }
}

bool wait_for(int fd, short events, int stop_fd) {
  std::array<pollfd, 2> polled = {{{fd, events, 0}, {stop_fd, POLLIN, 0}}};
  while (poll(polled.data(), polled.size(), -1) < 0) {
    if (errno != EINTR) {
      die("poll failed");
    }
  }
  return polled[1].revents == 0;
}

void block_sigpipe_in_this_thread() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace loopback
