#pragma once

// Needs: Threads::Threads

#include <memory>
#include <string>
#include <vector>

namespace loopback {

/// An HTTP proxy on 127.0.0.1 that answers CONNECT by a tunnel to the same port of 127.0.0.1,
/// whatever host was asked for. It runs until it is destroyed.
class tunnel_proxy {
public:
  /// `headers` are lines of the answer to CONNECT, each with its CR LF.
  explicit tunnel_proxy(std::string headers = {});
  ~tunnel_proxy();
  tunnel_proxy(const tunnel_proxy&) = delete;
  tunnel_proxy& operator=(const tunnel_proxy&) = delete;

  std::string url() const; ///< "http://127.0.0.1:PORT"

  /// What clients said before the tunnels began: all that the proxy can read.
  std::vector<std::string> heard() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace loopback
