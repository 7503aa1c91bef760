// HTTP and HTTPS on 127.0.0.1, by cpp-httplib.
#pragma once

#include "fake_stripe/certificate.hpp"
#include "fake_stripe/request_handler.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class http_server {
public:
  // Takes the port, so that the URL is known; answers nobody yet. `certificate` is null for HTTP.
  // Throws std::runtime_error where the port is taken.
  http_server(const server_certificate* certificate, std::uint16_t port);
  // Ends when all handlers have returned.
  ~http_server();

  std::string url() const;
  // Answers from now on, from several threads at once. The handler may throw api_error.
  void start(std::function<held_response(const request&)> handler);

private:
  class listener;
  std::unique_ptr<listener> listener_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
