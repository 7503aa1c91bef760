#include "https_server.hpp"

#include "channel.hpp"
#include "die.hpp"
#include "http_1.hpp"
#include "socket.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace loopback {

struct https_server::impl {
  server_options options;
  ssl_context_ptr tls;
  unique_fd listener = make_bound_socket();
  int port = port_of(listener.get());
  unique_fd stop = make_stop_signal();

  mutable std::mutex mutex;
  mutable std::condition_variable closed_one;
  int connections = 0;
  int handshakes = 0;
  int resumptions = 0;
  int closed = 0;
  std::vector<request> received;

  std::vector<std::thread> servants; // Only the acceptor adds to it.
  std::thread acceptor;

  explicit impl(server_options given) : options(std::move(given)) {
    if (!options.respond && !options.stall_in_tls && !options.close_in_tls) {
      die("a server needs a handler");
    }
    if (options.tls) {
      tls = make_ssl_context(*options.tls);
    }
    if (listen(listener.get(), SOMAXCONN) != 0) {
      die("cannot listen");
    }
    acceptor = std::thread([this] { accept_all(); });
  }

  ~impl() {
    send_stop(stop.get());
    acceptor.join();
    for (std::thread& servant : servants) {
      servant.join();
    }
  }

  void accept_all() {
    block_sigpipe_in_this_thread();
    while (wait_for(listener.get(), POLLIN, stop.get())) {
      unique_fd fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (fd.get() < 0) {
        // The client may have gone again between poll() and accept().
        if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) {
          continue;
        }
        die("cannot accept");
      }
      // Replies go out at once, whatever the client's delayed ACKs do.
      const int on = 1;
      setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const int connection = count(connections);
      servants.emplace_back(
          [this, connection, fd = std::move(fd)]() mutable { serve(std::move(fd), connection); });
    }
  }

  int count(int& counter) {
    const std::lock_guard lock(mutex);
    return ++counter;
  }

  void serve(unique_fd fd, int connection) {
    block_sigpipe_in_this_thread();
    {
      channel client(std::move(fd), stop.get());
      if (pass_tls(client)) {
        answer_all(client, connection);
      }
    }
    const std::lock_guard lock(mutex);
    ++closed;
    closed_one.notify_all();
  }

  /// False when there is nothing more to do with the client.
  bool pass_tls(channel& client) {
    if (options.stall_in_tls) {
      client.hold_until_closed();
      return false;
    }
    if (options.close_in_tls) {
      // Closing with the ClientHello unread would send a RST.
      std::array<char, 4096> client_hello;
      client.read_raw(client_hello.data(), static_cast<int>(client_hello.size()));
      return false;
    }
    if (tls) {
      if (!client.handshake(*tls)) {
        return false;
      }
      count(handshakes);
      if (client.resumed()) {
        count(resumptions);
      }
    }
    return true;
  }

  void answer_all(channel& client, int connection) {
    const auto answer = [&](request asked) {
      asked.connection = connection;
      record(asked);
      return encoded(options.respond(asked));
    };
    serve_http_1(client, answer);
  }

  void record(request& asked) {
    const std::lock_guard lock(mutex);
    asked.number = static_cast<int>(received.size()) + 1;
    received.push_back(asked);
  }
};

https_server::https_server(server_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {}

https_server::~https_server() = default;

int https_server::port() const {
  return impl_->port;
}

std::string https_server::url() const {
  const bool speaks_tls =
      impl_->options.tls || impl_->options.stall_in_tls || impl_->options.close_in_tls;
  return (speaks_tls ? "https://localhost:" : "http://localhost:") + std::to_string(impl_->port);
}

int https_server::connections() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->connections;
}

int https_server::tls_handshakes() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->handshakes;
}

int https_server::tls_resumptions() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->resumptions;
}

int https_server::requests() const {
  const std::lock_guard lock(impl_->mutex);
  return static_cast<int>(impl_->received.size());
}

std::vector<request> https_server::received() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->received;
}

bool https_server::wait_until_closed(int count, std::chrono::milliseconds limit) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->closed_one.wait_for(lock, limit, [&] { return impl_->closed >= count; });
}

} // namespace loopback
