// A client that minds no protocol.
#pragma once

#include "loopback/socket.hpp"

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/// A connection to a server on 127.0.0.1. Whatever takes half a minute throws.
class raw_connection {
public:
  /// It may still be under way when the constructor returns. `receive_buffer` in bytes; 0: the
  /// system's choice.
  explicit raw_connection(const std::string& url, int receive_buffer = 0)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (receive_buffer != 0) {
      setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
      throw std::runtime_error("cannot connect");
    }
  }

  /// False when the server has ended the connection.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno != EAGAIN || (wait_for(POLLOUT | POLLRDHUP) & POLLOUT) == 0) {
        return false;
      }
    }
    return true;
  }

  /// What the server sends until it ends the connection, in whatever way.
  std::string rest() {
    std::string all;
    for (;;) {
      char piece[65536];
      const ssize_t got = recv(socket_.get(), piece, sizeof piece, 0);
      if (got > 0) {
        all.append(piece, static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EAGAIN) {
        return all;
      } else {
        wait_for(POLLIN);
      }
    }
  }
  /// Nothing is read meanwhile.
  void wait_until_ended() { wait_for(POLLRDHUP); }
  bool is_open() const {
    char next;
    return recv(socket_.get(), &next, 1, MSG_PEEK) < 0 && errno == EAGAIN;
  }

  void half_close() { shutdown(socket_.get(), SHUT_WR); }
  void reset() {
    const linger at_once{1, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.reset();
  }

private:
  short wait_for(int events) {
    pollfd polled{socket_.get(), static_cast<short>(events), 0};
    if (poll(&polled, 1, 120000) != 1) throw std::runtime_error("two minutes are over");
    return polled.revents;
  }

  loopback::unique_fd socket_;
};
