#include "https_server.hpp"

#include "die.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <zlib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace loopback {
namespace {

template <auto free_function> struct freed_by {
  template <class T> void operator()(T* object) const { free_function(object); }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

class unique_fd {
public:
  unique_fd() = default;
  explicit unique_fd(int fd) : fd_(fd) {}
  ~unique_fd() { reset(); }
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset() {
    if (fd_ >= 0) {
      close(std::exchange(fd_, -1));
    }
  }

private:
  int fd_ = -1;
};

sockaddr_in loopback_address(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

unique_fd make_socket() {
  unique_fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) {
    die("cannot make a socket");
  }
  return fd;
}

unique_fd make_bound_socket() {
  unique_fd fd = make_socket();
  const sockaddr_in address = loopback_address(0);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("cannot bind to 127.0.0.1");
  }
  return fd;
}

int port_of(int fd) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("cannot ask for a port");
  }
  return ntohs(address.sin_port);
}

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

/// SIGPIPE goes to the thread that wrote. Blocking it here instead of ignoring it in the process
/// leaves the disposition, which the code under test must cope with, as it is.
void block_sigpipe_in_this_thread() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// Waits until the socket is ready. False when the server is being stopped.
bool wait_for(int fd, short events, int stop_fd) {
  std::array<pollfd, 2> polled = {{{fd, events, 0}, {stop_fd, POLLIN, 0}}};
  while (poll(polled.data(), polled.size(), -1) < 0) {
    if (errno != EINTR) {
      die("poll failed");
    }
  }
  return polled[1].revents == 0;
}

/// One accepted connection, with or without TLS. All calls block until done, and fail when the
/// client is gone or the server is being stopped.
class channel {
public:
  channel(unique_fd fd, int stop_fd) : fd_(std::move(fd)), stop_fd_(stop_fd) {}

  bool handshake(SSL_CTX& context) {
    ssl_.reset(SSL_new(&context));
    if (!ssl_ || SSL_set_fd(ssl_.get(), fd_.get()) != 1) {
      die("cannot start TLS");
    }
    return ssl_call([this] { return SSL_accept(ssl_.get()); }) > 0;
  }

  /// How many bytes came; 0 for none ever again.
  std::size_t read(char* buffer, int size) {
    if (ssl_) {
      return static_cast<std::size_t>(
          std::max(0, ssl_call([&] { return SSL_read(ssl_.get(), buffer, size); })));
    }
    return read_raw(buffer, size);
  }

  bool write(std::string_view text) {
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

  /// Bytes as they are on the wire, without TLS.
  std::size_t read_raw(char* buffer, int size) {
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

  void hold_until_closed() {
    std::array<char, 4096> ignored;
    while (read_raw(ignored.data(), static_cast<int>(ignored.size())) > 0) {
    }
  }

  void close_orderly() {
    if (ssl_) {
      ERR_clear_error();
      SSL_shutdown(ssl_.get());
    }
    fd_.reset();
  }

  void reset() {
    const linger at_once = {1, 0};
    if (setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) {
      die("cannot set SO_LINGER");
    }
    fd_.reset();
  }

private:
  template <class Call> int ssl_call(Call call) {
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

  unique_fd fd_;
  int stop_fd_;
  ssl_ptr ssl_;
};

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  const std::size_t last = text.find_last_not_of(" \t");
  return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

/// Cuts `text` at the first `end` and returns what is before it.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + end.size(), text.size()));
  return taken;
}

request parse_head(std::string_view head) {
  request parsed;
  std::string_view first_line = take_until(head, "\r\n");
  parsed.method = take_until(first_line, " ");
  parsed.target = take_until(first_line, " ");
  parsed.version = first_line;
  while (!head.empty()) {
    std::string_view line = take_until(head, "\r\n");
    const std::string_view name = take_until(line, ":");
    parsed.headers.emplace_back(to_lower(name), trim(line));
  }
  return parsed;
}

std::size_t content_length(const request& head) {
  const std::string text = head.header("content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

/// Reads requests from a channel and keeps what is read too far.
class request_reader {
public:
  explicit request_reader(channel& from) : from_(from) {}

  std::optional<request> next() {
    std::size_t head_size = 0;
    while ((head_size = buffer_.find("\r\n\r\n")) == buffer_.npos) {
      if (!read_more()) {
        return std::nullopt;
      }
    }
    request parsed = parse_head(std::string_view(buffer_).substr(0, head_size));
    buffer_.erase(0, head_size + 4);
    const std::size_t body_size = content_length(parsed);
    while (buffer_.size() < body_size) {
      if (!read_more()) {
        return std::nullopt;
      }
    }
    parsed.body = buffer_.substr(0, body_size);
    buffer_.erase(0, body_size);
    return parsed;
  }

private:
  bool read_more() {
    std::array<char, 4096> chunk;
    const std::size_t got = from_.read(chunk.data(), static_cast<int>(chunk.size()));
    buffer_.append(chunk.data(), got);
    return got > 0;
  }

  channel& from_;
  std::string buffer_;
};

std::string gzip_compressed(std::string text) {
  constexpr int gzip_format = 16;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzip_format, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    die("cannot start zlib");
  }
  std::string compressed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    die("cannot compress");
  }
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

bool leaves_body_unfinished(fault what) {
  return what == fault::stall_after_headers || what == fault::stall_in_body ||
         what == fault::cut_in_body;
}

const std::string* find_header(const header_list& headers, std::string_view lower_name) {
  for (const auto& [name, value] : headers) {
    if (to_lower(name) == lower_name) {
      return &value;
    }
  }
  return nullptr;
}

std::string head_of(const reply& answer) {
  std::string head = answer.before + "HTTP/1.1 " + std::to_string(answer.status) + " \r\n";
  for (const auto& [name, value] : answer.headers) {
    head += name + ": " + value + "\r\n";
  }
  if (!find_header(answer.headers, "content-length") &&
      !find_header(answer.headers, "transfer-encoding")) {
    // An empty body would be complete already, and the fault would show nothing.
    const std::size_t least = leaves_body_unfinished(answer.fault) ? 1 : 0;
    head += "Content-Length: " + std::to_string(std::max(answer.body.size(), least)) + "\r\n";
  }
  return head + "\r\n";
}

bool says_close(const std::string* connection_header) {
  return connection_header && to_lower(*connection_header) == "close";
}

/// Sends what the fault leaves of the reply. True when the connection can be used further.
bool send_reply(channel& to, const reply& answer) {
  const std::string_view body = answer.body;
  const std::string_view half = body.substr(0, body.size() / 2);
  const std::string head = head_of(answer);
  // One write for each part that belongs together, so that no part can get lost by a later close.
  switch (answer.fault) {
  case fault::none: return to.write(head + answer.body);
  case fault::stall_before_reply: to.hold_until_closed(); return false;
  case fault::stall_after_headers:
    if (to.write(head)) {
      to.hold_until_closed();
    }
    return false;
  case fault::stall_in_body:
    if (to.write(head + std::string(half))) {
      to.hold_until_closed();
    }
    return false;
  case fault::cut_in_body: to.write(head + std::string(half)); return false;
  case fault::reset_before_reply: to.reset(); return false;
  case fault::close_before_reply: to.close_orderly(); return false;
  case fault::close_after_reply:
    if (to.write(head + answer.body)) {
      to.close_orderly();
    }
    return false;
  }
  die("unknown fault");
}

} // namespace

std::string request::header(std::string_view name) const {
  const std::string* value = find_header(headers, to_lower(name));
  return value ? *value : std::string();
}

struct https_server::impl {
  server_options options;
  ssl_context_ptr tls;
  unique_fd listener = make_bound_socket();
  int port = port_of(listener.get());
  // Written to once and never read, so it wakes every poll() from then on.
  unique_fd stop = unique_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

  mutable std::mutex mutex;
  mutable std::condition_variable closed_one;
  int connections = 0;
  int handshakes = 0;
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
    if (stop.get() < 0) {
      die("cannot make an eventfd");
    }
    if (listen(listener.get(), SOMAXCONN) != 0) {
      die("cannot listen");
    }
    acceptor = std::thread([this] { accept_all(); });
  }

  ~impl() {
    if (eventfd_write(stop.get(), 1) != 0) {
      die("cannot stop the server");
    }
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
    }
    return true;
  }

  void answer_all(channel& client, int connection) {
    request_reader reader(client);
    while (std::optional<request> asked = reader.next()) {
      asked->connection = connection;
      record(*asked);
      reply answer = options.respond(*asked);
      if (answer.gzip) {
        answer.body = gzip_compressed(std::move(answer.body));
        answer.headers.emplace_back("Content-Encoding", "gzip");
      }
      if (!send_reply(client, answer)) {
        return;
      }
      if (says_close(find_header(asked->headers, "connection")) ||
          says_close(find_header(answer.headers, "connection"))) {
        client.close_orderly();
        return;
      }
    }
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

refusing_port::refusing_port() {
  unique_fd fd = make_bound_socket();
  port_ = port_of(fd.get());
  fd_ = fd.release();
}

refusing_port::~refusing_port() {
  close(fd_);
}

unaccepting_listener::unaccepting_listener() {
  unique_fd listener = make_bound_socket();
  port_ = port_of(listener.get());
  if (listen(listener.get(), 0) != 0) {
    die("cannot listen");
  }
  fd_ = listener.release();

  // How many connections a backlog of 0 takes differs between kernels. It is full when connects
  // stay open; the second one guards against a single late answer.
  constexpr int patience_ms = 100;
  constexpr int most_fillers = 64;
  const sockaddr_in address = loopback_address(port_);
  int unanswered = 0;
  while (unanswered < 2) {
    if (fillers_.size() == most_fillers) {
      die("the backlog does not fill up");
    }
    unique_fd filler = make_socket();
    if (connect(filler.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
      die("cannot fill the backlog");
    }
    pollfd polled = {filler.get(), POLLOUT, 0};
    unanswered = poll(&polled, 1, patience_ms) == 0 ? unanswered + 1 : 0;
    fillers_.push_back(filler.release());
  }
}

unaccepting_listener::~unaccepting_listener() {
  close(fd_);
  for (const int filler : fillers_) {
    close(filler);
  }
}

} // namespace loopback
