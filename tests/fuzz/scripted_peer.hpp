#pragma once

#include "check.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace fuzz {

struct peer_request {
  std::string method, target, body;
  std::map<std::string, std::string> headers; // their names in lower case
};

// What a request is answered with: the pieces, one after another, and what follows on the
// connection.
struct peer_reply {
  enum class ending { keep, close, reset, half_close };
  std::vector<std::string> pieces;
  ending then = ending::keep;
};

// An HTTP/1.1 server on the loopback interface that keeps connections, any number of them, on a
// thread of its own. It takes its replies from a script and, when that is used up, from
// `well_behaved`.
class scripted_peer {
public:
  using responder = std::function<std::string(const peer_request&)>;

  explicit scripted_peer(responder well_behaved)
      : well_behaved_(std::move(well_behaved)), changed_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (changed_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::perror("scripted_peer");
      std::exit(2);
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~scripted_peer() {
    tell([this] { over_ = true; });
    thread_.join();
    close(listener_);
    close(changed_);
  }
  scripted_peer(const scripted_peer&) = delete;
  scripted_peer& operator=(const scripted_peer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // Closes all connections, forgets what was asked, and begins that script, which may be empty.
  void begin(std::vector<peer_reply> script) {
    std::unique_lock<std::mutex> held(mutex_);
    script_.assign(script.begin(), script.end());
    bodies_.clear();
    fresh_ = false;
    wake();
    begun_.wait(held, [this] { return fresh_; });
  }

private:
  struct connection {
    int fd = -1;
    std::string received;
    std::deque<std::string> to_send;
    peer_reply::ending then = peer_reply::ending::keep;
  };

  template <class Change> void tell(const Change& change) {
    {
      const std::lock_guard<std::mutex> held(mutex_);
      change();
    }
    wake();
  }
  void wake() const {
    const std::uint64_t one = 1;
    check(write(changed_, &one, sizeof one) == sizeof one, "the peer is woken");
  }

  void serve() {
    for (;;) {
      std::vector<pollfd> fds{{listener_, POLLIN, 0}, {changed_, POLLIN, 0}};
      for (const connection& each : connections_)
        fds.push_back({each.fd, static_cast<short>(each.to_send.empty() ? POLLIN : POLLOUT), 0});
      poll(fds.data(), fds.size(), -1);
      const std::lock_guard<std::mutex> held(mutex_);
      if (over_ || !fresh_) close_all();
      if (over_) return;
      if (!fresh_) {
        std::uint64_t count = 0;
        check(read(changed_, &count, sizeof count) == sizeof count, "the peer was woken");
        fresh_ = true;
        begun_.notify_all();
        continue;
      }
      for (std::size_t i = connections_.size(); i-- != 0;)
        if (fds[i + 2].revents != 0 && !go_on(connections_[i])) {
          close(connections_[i].fd);
          connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
        }
      if (fds[0].revents != 0) accept_one();
    }
  }

  void close_all() {
    for (const connection& each : connections_)
      close(each.fd);
    connections_.clear();
  }

  void accept_one() {
    connection made;
    made.fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (made.fd < 0) return;
    const int yes = 1; // each piece is a segment of its own
    setsockopt(made.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections_.push_back(std::move(made));
  }

  // False: the connection is to be closed.
  bool go_on(connection& at) {
    if (!at.to_send.empty()) return send_piece(at);
    char buffer[4096];
    const ssize_t got = recv(at.fd, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    at.received.append(buffer, static_cast<std::size_t>(got));
    return answer_next(at);
  }

  bool send_piece(connection& at) {
    std::string& piece = at.to_send.front();
    const ssize_t sent = send(at.fd, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    piece.erase(0, static_cast<std::size_t>(sent));
    if (!piece.empty()) return true;
    at.to_send.pop_front();
    return !at.to_send.empty() || end_reply(at);
  }

  bool end_reply(connection& at) {
    switch (at.then) {
    case peer_reply::ending::close: return false;
    case peer_reply::ending::reset: {
      const linger at_once{1, 0};
      setsockopt(at.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    }
    case peer_reply::ending::half_close: shutdown(at.fd, SHUT_WR); break;
    case peer_reply::ending::keep: break;
    }
    return answer_next(at);
  }

  bool answer_next(connection& at) {
    peer_request asked;
    if (!take_request(at.received, asked)) return true;
    check_request(asked);
    peer_reply reply;
    if (script_.empty()) {
      reply.pieces.push_back(well_behaved_(asked));
    } else {
      reply = std::move(script_.front());
      script_.pop_front();
    }
    at.to_send.assign(reply.pieces.begin(), reply.pieces.end());
    at.then = reply.then;
    return !at.to_send.empty() || end_reply(at);
  }

  static bool take_request(std::string& received, peer_request& asked) {
    const std::size_t end = received.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    std::string_view head(received.data(), end);
    const auto line = [&head] {
      const std::string_view taken = head.substr(0, head.find("\r\n"));
      head.remove_prefix(std::min(head.size(), taken.size() + 2));
      return taken;
    };
    const std::string_view first = line();
    asked.method = first.substr(0, first.find(' '));
    asked.target = first.substr(asked.method.size() + 1);
    const std::size_t version = asked.target.find(" HTTP/1.1");
    check(version != std::string::npos && version + 9 == asked.target.size(), "HTTP/1.1 is spoken");
    asked.target.resize(version);
    while (!head.empty()) {
      const std::string_view field = line();
      const std::size_t colon = field.find(": ");
      check(colon != std::string_view::npos, "a header has name and value");
      std::string name(field.substr(0, colon));
      for (char& c : name)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
      check(asked.headers.emplace(name, field.substr(colon + 2)).second, "a header comes once");
    }
    const auto length = asked.headers.find("content-length");
    const std::size_t size = length == asked.headers.end() ? 0 : std::stoul(length->second);
    if (received.size() < end + 4 + size) return false;
    asked.body = received.substr(end + 4, size);
    received.erase(0, end + 4 + size);
    return true;
  }

  void check_request(const peer_request& asked) {
    check(asked.headers.count("authorization") == 1, "each request is authorized");
    if (asked.method == "GET") return;
    check(asked.method == "POST", "no other methods are used");
    const auto key = asked.headers.find("idempotency-key");
    check(key != asked.headers.end(), "what changes something can be repeated");
    const auto& [known, added] = bodies_.emplace(key->second, asked.target + ' ' + asked.body);
    check(added || known->second == asked.target + ' ' + asked.body, "a repetition is the same");
  }

  const responder well_behaved_;
  const int changed_;
  const int listener_;
  int port_ = 0;
  std::vector<connection> connections_; // of the thread alone
  std::mutex mutex_;                    // guards what follows
  std::condition_variable begun_;
  std::deque<peer_reply> script_;
  std::map<std::string, std::string> bodies_; // by idempotency key
  bool fresh_ = true;
  bool over_ = false;
  std::thread thread_;
};

} // namespace fuzz
