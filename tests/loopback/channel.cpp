#include "channel.hpp"

#include "die.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <poll.h>
#include <sys/socket.h>

namespace loopback {
namespace {

template <auto free_function> struct freed_by {
  template <class T> void operator()(T* object) const { free_function(object); }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

} // namespace

ssl_context_ptr make_ssl_context(const certificate& identity) {
  const bio_ptr cert_text(BIO_new_mem_buf(identity.cert.data(), -1));
  const bio_ptr key_text(BIO_new_mem_buf(identity.key.data(), -1));
  const x509_ptr cert(PEM_read_bio_X509(cert_text.get(), nullptr, nullptr, nullptr));
  const key_ptr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  ssl_context_ptr context(SSL_CTX_new(TLS_server_method()));
  if (!cert || !key || !context || SSL_CTX_use_certificate(context.get(), cert.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    die("cannot set up TLS with this certificate");
  }
  return context;
}

template <class Call> int channel::ssl_call(Call call) {
  for (;;) {
    // SSL_get_error() looks at the whole error queue of this thread.
    ERR_clear_error();
    const int result = call();
    if (result > 0) {
      return result;
    }
    const int error = SSL_get_error(ssl_.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      return result;
    }
    const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (!wait_for(fd_.get(), events, stop_fd_)) {
      return -1;
    }
  }
}

bool channel::handshake(SSL_CTX& context) {
  ssl_.reset(SSL_new(&context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_.get()) != 1) {
    die("cannot start TLS");
  }
  return ssl_call([this] { return SSL_accept(ssl_.get()); }) > 0;
}

std::size_t channel::read(char* buffer, int size) {
  if (ssl_) {
    return static_cast<std::size_t>(
        std::max(0, ssl_call([&] { return SSL_read(ssl_.get(), buffer, size); })));
  }
  return read_raw(buffer, size);
}

bool channel::write(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  if (ssl_) {
    const int size = static_cast<int>(text.size());
    return ssl_call([&] { return SSL_write(ssl_.get(), text.data(), size); }) > 0;
  }
  while (!text.empty()) {
    const ssize_t sent = send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !wait_for(fd_.get(), POLLOUT, stop_fd_)) {
      return false;
    }
  }
  return true;
}

std::size_t channel::read_raw(char* buffer, int size) {
  while (wait_for(fd_.get(), POLLIN, stop_fd_)) {
    const ssize_t got = recv(fd_.get(), buffer, static_cast<std::size_t>(size), 0);
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EAGAIN && errno != EINTR) {
      break;
    }
  }
  return 0;
}

void channel::hold_until_closed() {
  std::array<char, 4096> ignored;
  while (read_raw(ignored.data(), static_cast<int>(ignored.size())) > 0) {
  }
}

void channel::close_orderly() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  fd_.reset();
}

void channel::reset() {
  const linger at_once = {1, 0};
  if (setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) {
    die("cannot set SO_LINGER");
  }
  fd_.reset();
}

void channel::close_sending() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  shutdown(fd_.get(), SHUT_WR);
}

} // namespace loopback
