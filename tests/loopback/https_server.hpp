#pragma once

#include "http_message.hpp"
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

/// Called in the server's threads, at the same time for requests on different connections.
using handler = std::function<response(const request&)>;

struct server_options {
  handler respond;
  std::optional<certificate> tls = std::nullopt; ///< Without it, plain HTTP.
  bool stall_in_tls = false;                     ///< Accept TCP, never answer the ClientHello.
  bool close_in_tls = false; ///< Accept TCP, close in answer to the ClientHello.
};

/// A server on 127.0.0.1 that runs until it is destroyed.
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
  int tls_resumptions() const;
  int requests() const; ///< Counted before the handler runs.
  std::vector<request> received() const;

  /// Waits until the server is done with `count` connections. False when that takes too long.
  bool wait_until_closed(int count,
                         std::chrono::milliseconds limit = std::chrono::seconds(10)) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace loopback
