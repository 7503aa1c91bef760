#include "tunnel_proxy.hpp"

#include "die.hpp"
#include "socket.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace loopback {
namespace {

unique_fd listen_on_loopback() {
  unique_fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback_address(0);
  if (listener.get() < 0 ||
      bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0) {
    die("cannot listen");
  }
  return listener;
}

/// Whether the first two can be read; false for both when the proxy is being stopped.
std::pair<bool, bool> wait_for_either(int one, int two, int stop) {
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
  unique_fd listener = listen_on_loopback();
  unique_fd stop = make_stop_signal();
  int port = port_of(listener.get());

  std::mutex mutex;
  std::vector<std::string> heard; // guarded by mutex

  std::vector<std::thread> tunnels; // only the acceptor adds to it
  std::thread acceptor;

  explicit impl(std::string given) : headers(std::move(given)) {
    acceptor = std::thread([this] { accept_all(); });
  }

  ~impl() {
    send_stop(stop.get());
    acceptor.join();
    for (std::thread& tunnel : tunnels)
      tunnel.join();
  }

  void accept_all() {
    while (wait_for(listener.get(), POLLIN, stop.get())) {
      unique_fd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
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
    const unique_fd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback_address(port_asked_for(head));
    if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return;
    }
    const std::string answer = "HTTP/1.1 200 Connection established\r\n" + headers + "\r\n";
    if (!send_all(client, answer.data(), answer.size())) return;
    for (;;) {
      const auto [from_client, from_server] = wait_for_either(client, server.get(), stop.get());
      if (!from_client && !from_server) return;
      if (from_client && !pass_on(client, server.get())) return;
      if (from_server && !pass_on(server.get(), client)) return;
    }
  }

  std::string read_head(int client) {
    std::string head;
    std::array<char, 4096> buffer;
    while (head.find("\r\n\r\n") == std::string::npos && wait_for(client, POLLIN, stop.get())) {
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
