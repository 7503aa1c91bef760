#pragma once

// Needs: OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads

#include "test_ca.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopback {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
  std::string method;
  std::string target;  ///< Path and query, as sent.
  std::string version; ///< "HTTP/1.1", as sent.
  header_list headers; ///< Names in lower case.
  std::string body;
  int connection = 0; ///< Which connection of the server, from 1.
  int number = 0;     ///< Which request of the server, over all connections, from 1.

  /// The first header of that name (in any case), or an empty string.
  std::string header(std::string_view name) const;
};

/// What goes wrong with a reply. A stall holds the connection until the client closes it or the
/// server is destroyed.
enum class fault {
  none,
  stall_before_reply,
  stall_after_headers,
  stall_in_body,
  cut_in_body,        ///< Half of the announced body, then a TCP close without TLS close_notify.
  reset_before_reply, ///< A TCP RST.
  close_before_reply, ///< An orderly close.
  close_after_reply,  ///< A whole reply that promises keep-alive, then an orderly close.
};

/// Content-Length is added unless `headers` has it or Transfer-Encoding; in the latter case `body`
/// is sent as it is.
struct reply {
  int status = 200;
  header_list headers = {};
  std::string body = {};
  loopback::fault fault = loopback::fault::none;
  bool gzip = false;       ///< Compress the body and say so in Content-Encoding.
  std::string before = {}; ///< Sent as it is before all else, such as an interim answer (1xx).
};

/// Called in the server's threads, at the same time for requests on different connections.
using handler = std::function<reply(const request&)>;

struct server_options {
  handler respond;
  std::optional<certificate> tls = std::nullopt; ///< Without it, plain HTTP.
  bool stall_in_tls = false;                     ///< Accept TCP, never answer the ClientHello.
  bool close_in_tls = false; ///< Accept TCP, close in answer to the ClientHello.
};

/// An HTTP/1.1 server on 127.0.0.1 that runs until it is destroyed. Request bodies need a
/// Content-Length.
class https_server {
public:
  explicit https_server(server_options options);
  ~https_server();
  https_server(const https_server&) = delete;
  https_server& operator=(const https_server&) = delete;

  int port() const;
  std::string url() const; ///< "https://localhost:PORT" or "http://localhost:PORT"

  int connections() const;    ///< TCP connections accepted.
  int tls_handshakes() const; ///< Completed, full or resumed.
  int requests() const;       ///< Counted before the handler runs.
  std::vector<request> received() const;

  /// Waits until the server is done with `count` connections. False when that takes too long.
  bool wait_until_closed(int count,
                         std::chrono::milliseconds limit = std::chrono::seconds(10)) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// A port of 127.0.0.1 where connect() is refused. It stays bound, so nobody else can take it.
class refusing_port {
public:
  refusing_port();
  ~refusing_port();
  refusing_port(const refusing_port&) = delete;
  refusing_port& operator=(const refusing_port&) = delete;

  int port() const { return port_; }

private:
  int fd_ = -1;
  int port_ = 0;
};

/// A port of 127.0.0.1 where connect() gets no answer: the backlog is filled up and the kernel
/// drops further SYNs.
class unaccepting_listener {
public:
  unaccepting_listener();
  ~unaccepting_listener();
  unaccepting_listener(const unaccepting_listener&) = delete;
  unaccepting_listener& operator=(const unaccepting_listener&) = delete;

  int port() const { return port_; }

private:
  int fd_ = -1;
  int port_ = 0;
  std::vector<int> fillers_;
};

} // namespace loopback
