#include "postgres_relay.hpp"

#include "postgres_server.hpp"

#include "loopback/die.hpp"

#include <array>
#include <filesystem>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using loopback::die;

sockaddr_un address_in(const std::string& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path =
      directory + "/.s.PGSQL." + std::to_string(postgres_server::shared().port());
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

int socket_to_server() {
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_in(postgres_server::shared().directory());
  if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    die("connect");
  return made;
}

} // namespace

postgres_relay::postgres_relay() {
  char path[] = "/tmp/stripe_return_relay_XXXXXX";
  if (mkdtemp(path) == nullptr) die("mkdtemp");
  directory_ = path;
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_in(directory_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 16) != 0)
    die("listen");
  thread_ = std::thread([this] { accept_all(); });
}

postgres_relay::~postgres_relay() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  for (connection& each : connections_) {
    shutdown(each.host, SHUT_RDWR);
    each.thread.join();
    close(each.host);
    close(each.server);
  }
  std::filesystem::remove_all(directory_);
}

std::string postgres_relay::conninfo(const std::string& database) const {
  return "host=" + directory_ + " port=" + std::to_string(postgres_server::shared().port()) +
         " user=postgres dbname=" + database;
}

void postgres_relay::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (connection& each : connections_)
    each.forgotten = true;
}

void postgres_relay::accept_all() {
  for (int host = 0; (host = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connection& made = connections_.emplace_back(connection{host, socket_to_server()});
    made.thread = std::thread([this, &made] { pass_on(made); });
  }
}

void postgres_relay::pass_on(connection& between) {
  std::array<pollfd, 2> ends{{{between.host, POLLIN, 0}, {between.server, POLLIN, 0}}};
  std::array<char, 65536> some{};
  while (poll(ends.data(), ends.size(), -1) > 0) {
    const bool from_host = ends[0].revents != 0;
    const ssize_t size =
        recv(from_host ? between.host : between.server, some.data(), some.size(), 0);
    if (size <= 0) break;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (from_host && between.forgotten) break;
    }
    if (send(from_host ? between.server : between.host, some.data(), static_cast<std::size_t>(size),
             MSG_NOSIGNAL) != size)
      break;
  }
  shutdown(between.host, SHUT_RDWR);
  shutdown(between.server, SHUT_RDWR);
}
