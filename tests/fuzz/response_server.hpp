#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace fuzz {

// A server on the loopback interface that sends the same bytes to whoever asks, whatever they are,
// and closes the connection.
class response_server {
public:
  response_server() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::perror("response_server");
      std::exit(2);
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~response_server() {
    shutdown(listener_, SHUT_RDWR); // ends accept()
    thread_.join();
    close(listener_);
  }
  response_server(const response_server&) = delete;
  response_server& operator=(const response_server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  void answer_with(std::string bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    bytes_ = std::move(bytes);
  }

private:
  void serve() {
    for (;;) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      if (read_request(client)) send_answer(client);
      close(client);
    }
  }

  static bool read_request(int client) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      request.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }

  void send_answer(int client) {
    std::string bytes;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      bytes = bytes_;
    }
    for (std::size_t sent = 0; sent != bytes.size();) {
      const ssize_t more = send(client, &bytes[sent], bytes.size() - sent, MSG_NOSIGNAL);
      if (more < 0) return; // the client has heard enough
      sent += static_cast<std::size_t>(more);
    }
  }

  const int listener_;
  int port_ = 0;
  std::mutex mutex_;
  std::string bytes_; // guarded by mutex_
  std::thread thread_;
};

} // namespace fuzz
