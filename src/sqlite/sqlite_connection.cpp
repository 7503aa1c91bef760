#include "sqlite/sqlite_connection.hpp"

#include "sqlite/sqlite_failure.hpp"
#include "sqlite/statements.hpp"

#include <sqlite3.h>

#include <new>

namespace stripe_return {
inline namespace v0 {
namespace {

void check_code(int code) {
  if (code != SQLITE_OK) throw_sqlite_failure(code);
}

// Null would be bound as NULL, and comes back for no bytes, or where memory ran out.
const char* never_null(std::string_view bytes) {
  return bytes.data() == nullptr ? "" : bytes.data();
}
std::string bytes_of(sqlite3_stmt* statement, int column, const void* bytes) {
  if (bytes == nullptr) {
    if (sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM) throw std::bad_alloc();
    return {};
  }
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

} // namespace

void sqlite_connection::close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle); // which waits for statements that the application has left
}

void sqlite_connection::finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

sqlite_connection::sqlite_connection(const std::string& path,
                                     std::chrono::milliseconds busy_timeout)
    : busy_timeout_(busy_timeout) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  check_code(code);
  check_code(sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout_.count())));
}

bool sqlite_connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}

void sqlite_connection::run(const std::string& sql) {
  check_code(sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr));
}

sqlite3_stmt* sqlite_connection::statement(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return known->second.get();
  sqlite3_stmt* statement = nullptr;
  check_code(sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  owned_statement owned(statement);
  statements_.emplace(sql, std::move(owned));
  return statement;
}

sqlite_use::sqlite_use(sqlite_connection& connection, std::string_view sql)
    : handle_(connection.handle()), statement_(connection.statement(sql)) {}

sqlite_use::~sqlite_use() {
  sqlite3_reset(statement_); // every use binds all parameters again
}

sqlite_use& sqlite_use::text(std::string_view utf8) {
  check_code(sqlite3_bind_text64(statement_, ++bound_, never_null(utf8), utf8.size(), SQLITE_STATIC,
                                 SQLITE_UTF8));
  return *this;
}

sqlite_use& sqlite_use::blob(std::string_view bytes) {
  check_code(
      sqlite3_bind_blob64(statement_, ++bound_, never_null(bytes), bytes.size(), SQLITE_STATIC));
  return *this;
}

sqlite_use& sqlite_use::integer(std::int64_t number) {
  check_code(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

sqlite_use& sqlite_use::integer(std::optional<std::int64_t> number) {
  if (number) return integer(*number);
  check_code(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

bool sqlite_use::step() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) throw_sqlite_failure(code);
  return code == SQLITE_ROW;
}

bool sqlite_use::changes() {
  while (step()) {
  }
  return sqlite3_changes(handle_) != 0;
}

std::string sqlite_use::text_at(int column) const {
  return bytes_of(statement_, column, sqlite3_column_text(statement_, column));
}

std::string sqlite_use::blob_at(int column) const {
  return bytes_of(statement_, column, sqlite3_column_blob(statement_, column));
}

std::int64_t sqlite_use::integer_at(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> sqlite_use::integer_or_null_at(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return integer_at(column);
}

sqlite_transaction::sqlite_transaction(sqlite_connection& connection) : connection_(connection) {
  sqlite_use(connection_, sqlite_sql::begin).step();
}

sqlite_transaction::~sqlite_transaction() {
  // Some failures have undone it already.
  if (connection_.in_transaction()) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void sqlite_transaction::commit() {
  if (!connection_.in_transaction()) {
    throw sqlite_failure({error_code::store_unavailable,
                          "The application's writes ended the store's transaction, "
                          "or failed: leave COMMIT and ROLLBACK to the store."});
  }
  sqlite_use(connection_, sqlite_sql::commit).step();
}

} // namespace v0
} // namespace stripe_return
