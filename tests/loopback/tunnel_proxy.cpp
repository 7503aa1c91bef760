#include "tunnel_proxy.hpp"

#include "die.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace loopback {
namespace {

class socket_fd {
public:
  explicit socket_fd(int fd) : fd_(fd) {}
  ~socket_fd() {
    if (fd_ >= 0) close(fd_);
  }
  socket_fd(socket_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  socket_fd& operator=(socket_fd&&) = delete;
  int get() const { return fd_; }

private:
  int fd_;
};

sockaddr_in loopback_address(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

socket_fd listen_on_loopback() {
  socket_fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback_address(0);
  if (listener.get() < 0 ||
      bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0) {
    die("cannot listen");
  }
  return listener;
}

int port_of(int fd) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("cannot ask for a port");
  }
  return ntohs(address.sin_port);
}

/// Whether the first two can be read; false for both when the proxy is being stopped.
std::pair<bool, bool> wait_for(int one, int two, int stop) {
  std::array<pollfd, 3> polled = {{{one, POLLIN, 0}, {two, POLLIN, 0}, {stop, POLLIN, 0}}};
  while (poll(polled.data(), polled.size(), -1) < 0) {
    if (errno != EINTR) die("poll failed");
  }
  if (polled[2].revents != 0) return {false, false};
  return {polled[0].revents != 0, polled[1].revents != 0};
}

bool send_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

/// Passes on what can be read now. False at the end of the stream.
bool pass_on(int from, int to) {
  std::array<char, 16384> buffer;
  const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
  return got > 0 && send_all(to, buffer.data(), static_cast<std::size_t>(got));
}

int port_asked_for(const std::string& head) {
  const std::size_t colon = head.find(':');
  return colon == std::string::npos ? 0 : std::atoi(head.c_str() + colon + 1);
}

} // namespace

struct tunnel_proxy::impl {
  std::string headers;
  socket_fd listener = listen_on_loopback();
  socket_fd stop = socket_fd(eventfd(0, EFD_CLOEXEC));
  int port = port_of(listener.get());

  std::mutex mutex;
  std::vector<std::string> heard; // guarded by mutex

  std::vector<std::thread> tunnels; // only the acceptor adds to it
  std::thread acceptor;

  explicit impl(std::string given) : headers(std::move(given)) {
    if (stop.get() < 0) die("cannot make an eventfd");
    acceptor = std::thread([this] { accept_all(); });
  }

  ~impl() {
    if (eventfd_write(stop.get(), 1) != 0) die("cannot stop the proxy");
    acceptor.join();
    for (std::thread& tunnel : tunnels)
      tunnel.join();
  }

  void accept_all() {
    while (wait_for(listener.get(), -1, stop.get()).first) {
      socket_fd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client.get() < 0) continue; // gone again
      tunnels.emplace_back([this, client = std::move(client)] { serve(client.get()); });
    }
  }

  void serve(int client) {
    const std::string head = read_head(client);
    {
      const std::lock_guard<std::mutex> lock(mutex);
      heard.push_back(head);
    }
    const socket_fd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback_address(port_asked_for(head));
    if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return;
    }
    const std::string answer = "HTTP/1.1 200 Connection established\r\n" + headers + "\r\n";
    if (!send_all(client, answer.data(), answer.size())) return;
    for (;;) {
      const auto [from_client, from_server] = wait_for(client, server.get(), stop.get());
      if (!from_client && !from_server) return;
      if (from_client && !pass_on(client, server.get())) return;
      if (from_server && !pass_on(server.get(), client)) return;
    }
  }

  std::string read_head(int client) {
    std::string head;
    std::array<char, 4096> buffer;
    while (head.find("\r\n\r\n") == std::string::npos && wait_for(client, -1, stop.get()).first) {
      const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      head.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return head;
  }
};

tunnel_proxy::tunnel_proxy(std::string headers)
    : impl_(std::make_unique<impl>(std::move(headers))) {}

tunnel_proxy::~tunnel_proxy() = default;

std::string tunnel_proxy::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port);
}

std::vector<std::string> tunnel_proxy::heard() const {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->heard;
}

} // namespace loopback
