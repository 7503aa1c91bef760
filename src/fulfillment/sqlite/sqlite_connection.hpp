// A connection to an SQLite file, and the statements that are prepared on it.
#pragma once

#include "fulfillment/sqlite/sqlite_sql.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace stripe_return {
inline namespace v0 {

// For one thread at a time. Everything throws sqlite_failure.
class sqlite_connection {
public:
  sqlite_connection(const std::string& path, std::chrono::milliseconds busy_timeout);

  sqlite3* handle() const noexcept { return handle_.get(); }
  std::chrono::milliseconds busy_timeout() const noexcept { return busy_timeout_; }
  bool in_transaction() const noexcept;

  // Several statements without an answer.
  void run(const char* sql);
  std::int64_t integer_of(const char* sql);
  std::string text_of(const char* sql);

  // Prepared when it is first asked for.
  sqlite3_stmt* statement(sqlite_sql which);

private:
  struct close {
    void operator()(sqlite3* handle) const noexcept;
  };
  struct finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  using owned_statement = std::unique_ptr<sqlite3_stmt, finalize>;

  owned_statement prepare(const char* sql, unsigned flags);

  std::chrono::milliseconds busy_timeout_;
  std::unique_ptr<sqlite3, close> handle_;
  std::array<owned_statement, sqlite_sql_count> statements_;
};

// One use of a prepared statement, which is reset at its end. What is bound has to outlive it.
class sqlite_use {
public:
  sqlite_use(sqlite_connection& connection, sqlite_sql which);
  ~sqlite_use();
  sqlite_use(const sqlite_use&) = delete;
  sqlite_use& operator=(const sqlite_use&) = delete;

  // The next parameter, from the first on.
  sqlite_use& bind(std::string_view text);
  sqlite_use& bind(std::int64_t number);
  sqlite_use& bind(std::optional<std::int64_t> number);

  // True: there is a row, or another one.
  bool step();
  // Steps to the end, and tells whether a row was changed.
  bool changes();

  // Until the next step.
  std::string_view text(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> integer_or_null(int column) const;

private:
  sqlite3* handle_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

// Undone unless it is committed.
class sqlite_transaction {
public:
  explicit sqlite_transaction(sqlite_connection& connection);
  ~sqlite_transaction();
  sqlite_transaction(const sqlite_transaction&) = delete;
  sqlite_transaction& operator=(const sqlite_transaction&) = delete;

  void commit();

private:
  sqlite_connection& connection_;
};

} // namespace v0
} // namespace stripe_return
