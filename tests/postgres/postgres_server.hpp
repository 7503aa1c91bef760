// A PostgreSQL server of the test's own, in a temporary directory.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

/// Runs initdb and then the server, as another user where the test is root, since PostgreSQL
/// refuses that one. It listens on a socket in its directory and on a free port of 127.0.0.1, where
/// it asks for a password. Use it from one thread, which outlives it.
class postgres_server {
public:
  postgres_server();
  ~postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;

  /// The one that all tests of a program share; it runs until main() has returned.
  static postgres_server& shared();

  /// As the superuser, over the socket.
  std::string conninfo(const std::string& database = "postgres") const;
  /// Without a user, over TCP.
  std::string tcp_conninfo(const std::string& database = "postgres") const;

  void start();
  /// As administrators do it: transactions under way are undone, connections closed.
  void stop();
  /// As a power failure does it: every process of the server at once.
  void kill();

  int port() const { return port_; }
  const std::string& directory() const { return directory_; }

private:
  void make_cluster();
  bool started();
  void wait_until_gone();

  std::string directory_;
  int port_ = 0;
  pid_t postmaster_ = 0;
  std::thread log_; // keeps the server's log flowing, and ends when all its processes have
};

/// An empty database, which goes with the server.
class test_database {
public:
  test_database();
  test_database(const test_database&) = delete;
  test_database& operator=(const test_database&) = delete;

  const std::string& name() const { return name_; }
  std::string conninfo() const { return postgres_server::shared().conninfo(name_); }

  /// As the superuser; the first column of the answer, rows after one another with a space between
  /// them. Throws std::runtime_error where the server refuses it.
  std::string sql(const std::string& text) const;

private:
  std::string name_;
};

/// The same on any connection string.
std::string sql_on(const std::string& conninfo, const std::string& text);
