#include "fulfillment/sqlite/sqlite_connection.hpp"

#include "fulfillment/sqlite/sqlite_failure.hpp"

#include <sqlite3.h>

namespace stripe_return {
inline namespace v0 {
namespace {

void check(int code) {
  if (code != SQLITE_OK) throw_sqlite_failure(code);
}

std::string_view text_at(sqlite3_stmt* statement, int column) {
  const unsigned char* text = sqlite3_column_text(statement, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

} // namespace

void sqlite_connection::close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle); // which waits for statements that the host has left
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
  check(code);
  check(sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout_.count())));
}

bool sqlite_connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}

void sqlite_connection::run(const char* sql) {
  check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr));
}

sqlite_connection::owned_statement sqlite_connection::prepare(const char* sql, unsigned flags) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(handle(), sql, -1, flags, &statement, nullptr));
  return owned_statement(statement);
}

std::int64_t sqlite_connection::integer_of(const char* sql) {
  const owned_statement statement = prepare(sql, 0);
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW) throw_sqlite_failure(code);
  return sqlite3_column_int64(statement.get(), 0);
}

std::string sqlite_connection::text_of(const char* sql) {
  const owned_statement statement = prepare(sql, 0);
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW) throw_sqlite_failure(code);
  return std::string(text_at(statement.get(), 0));
}

sqlite3_stmt* sqlite_connection::statement(sqlite_sql which) {
  owned_statement& kept = statements_.at(static_cast<std::size_t>(which));
  if (!kept) kept = prepare(stripe_return::text_of(which), SQLITE_PREPARE_PERSISTENT);
  return kept.get();
}

sqlite_use::sqlite_use(sqlite_connection& connection, sqlite_sql which)
    : handle_(connection.handle()), statement_(connection.statement(which)) {}

sqlite_use::~sqlite_use() {
  sqlite3_reset(statement_); // every use binds all parameters again
}

sqlite_use& sqlite_use::bind(std::string_view text) {
  // Null would be bound as NULL.
  check(sqlite3_bind_text64(statement_, ++bound_, text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

sqlite_use& sqlite_use::bind(std::int64_t number) {
  check(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

sqlite_use& sqlite_use::bind(std::optional<std::int64_t> number) {
  if (number) return bind(*number);
  check(sqlite3_bind_null(statement_, ++bound_));
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

std::string_view sqlite_use::text(int column) const {
  return text_at(statement_, column);
}

std::int64_t sqlite_use::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> sqlite_use::integer_or_null(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
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
    throw sqlite_failure(
        {error_code::store_unavailable,
         "The application's writes have ended the store's transaction, or failed: leave "
         "COMMIT and ROLLBACK to the store."});
  }
  sqlite_use(connection_, sqlite_sql::commit).step();
}

} // namespace v0
} // namespace stripe_return
