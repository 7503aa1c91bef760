#include "closed_ports.hpp"

#include "die.hpp"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace loopback {

unaccepting_listener::unaccepting_listener() {
  if (listen(fd_.get(), 0) != 0) {
    die("cannot listen");
  }

  // How many connections a backlog of 0 takes differs between kernels. It is full when connects
  // stay open; the second one guards against a single late answer.
  constexpr int patience_ms = 100;
  constexpr int most_fillers = 64;
  const sockaddr_in address = loopback_address(port_);
  int unanswered = 0;
  while (unanswered < 2) {
    if (fillers_.size() == most_fillers) {
      die("the backlog does not fill up");
    }
    unique_fd filler = make_socket();
    if (connect(filler.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
      die("cannot fill the backlog");
    }
    pollfd polled = {filler.get(), POLLOUT, 0};
    unanswered = poll(&polled, 1, patience_ms) == 0 ? unanswered + 1 : 0;
    fillers_.push_back(std::move(filler));
  }
}

} // namespace loopback
