// One accepted connection.
#pragma once

#include "socket.hpp"
#include "test_ca.hpp"

#include <memory>
#include <string_view>

#include <openssl/ssl.h>

namespace loopback {

struct free_ssl_context {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ssl_context_ptr = std::unique_ptr<SSL_CTX, free_ssl_context>;

/// For servers that show this certificate.
ssl_context_ptr make_ssl_context(const certificate& identity);

/// With or without TLS. All calls block until done, and fail when the client is gone or the server
/// is being stopped.
class channel {
public:
  channel(unique_fd fd, int stop_fd) : fd_(std::move(fd)), stop_fd_(stop_fd) {}

  bool handshake(SSL_CTX& context);
  bool resumed() const { return SSL_session_reused(ssl_.get()) != 0; } ///< An earlier TLS session.

  /// How many bytes came; 0 for none ever again.
  std::size_t read(char* buffer, int size);
  bool write(std::string_view text);
  /// Bytes as they are on the wire, without TLS.
  std::size_t read_raw(char* buffer, int size);

  void hold_until_closed();
  void close_orderly();
  void close_sending(); ///< nothing more is sent, but read
  void reset();

private:
  template <class Call> int ssl_call(Call call);

  struct free_ssl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  unique_fd fd_;
  int stop_fd_;
  std::unique_ptr<SSL, free_ssl> ssl_;
};

} // namespace loopback
