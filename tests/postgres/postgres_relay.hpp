// What stands between a client and the server, and may forget the connections it has, as firewalls
// do.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <thread>

/// Listens on a socket in a directory of its own and passes on what comes, both ways.
class postgres_relay {
public:
  postgres_relay();
  ~postgres_relay();
  postgres_relay(const postgres_relay&) = delete;
  postgres_relay& operator=(const postgres_relay&) = delete;

  std::string conninfo(const std::string& database) const;

  /// The connections that are there seem well until something is sent on them: then they are
  /// closed, and nobody gets it.
  void forget();

private:
  struct connection {
    int host;
    int server;
    bool forgotten = false;
    std::thread thread{};
  };

  void accept_all();
  void pass_on(connection& between);

  std::string directory_;
  int listener_ = -1;
  std::mutex mutex_;
  std::list<connection> connections_;
  std::thread thread_;
};
