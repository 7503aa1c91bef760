// A connection to an SQLite file, and the statements that are prepared on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
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
  void run(const std::string& sql);

private:
  friend class sqlite_use;
  struct close {
    void operator()(sqlite3* handle) const noexcept;
  };
  struct finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  using owned_statement = std::unique_ptr<sqlite3_stmt, finalize>;

  // Prepared when it is first asked for.
  sqlite3_stmt* statement(std::string_view sql);

  std::chrono::milliseconds busy_timeout_;
  std::unique_ptr<sqlite3, close> handle_;
  std::map<std::string, owned_statement, std::less<>> statements_;
};

// One use of a statement, which is reset at its end. What is bound has to outlive it.
class sqlite_use {
public:
  sqlite_use(sqlite_connection& connection, std::string_view sql);
  ~sqlite_use();
  sqlite_use(const sqlite_use&) = delete;
  sqlite_use& operator=(const sqlite_use&) = delete;

  // The next parameter, from the first on.
  sqlite_use& text(std::string_view utf8);
  sqlite_use& blob(std::string_view bytes);
  sqlite_use& integer(std::int64_t number);
  sqlite_use& integer(std::optional<std::int64_t> number);

  // True: there is a row, or another one.
  bool step();
  // Steps to the end, and tells whether a row was changed.
  bool changes();

  // Until the next step.
  std::string text_at(int column) const;
  std::string blob_at(int column) const;
  std::int64_t integer_at(int column) const;
  std::optional<std::int64_t> integer_or_null_at(int column) const;

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
