#include "sqlite/schema.hpp"

#include "sqlite/sqlite_failure.hpp"
#include "sqlite/statements.hpp"

#include <sqlite3.h>

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace {

// Each takes the tables from the version of its place to the next, and writes that version down.
// None is ever changed: files have been through it.
constexpr std::string (*migrations[])() = {sqlite_sql::tables};

std::int64_t version_of_tables(sqlite_connection& connection) {
  sqlite_use use(connection, sqlite_sql::schema_version);
  const std::int64_t version = use.step() ? use.integer_at(0) : 0;
  if (version < 1) throw_sqlite_failure(SQLITE_ERROR);
  if (version > schema_version) {
    throw sqlite_failure(
        {error_code::store_newer, "The SQLite file has schema version " + std::to_string(version) +
                                      ", and this version of the library knows " +
                                      std::to_string(schema_version) + ": update it."});
  }
  return version;
}

// 0 where there are no tables yet.
std::int64_t version_of_file(sqlite_connection& connection) {
  const bool has_tables = sqlite_use(connection, sqlite_sql::has_schema).step();
  return has_tables ? version_of_tables(connection) : 0;
}

bool is_new(sqlite_connection& connection) {
  sqlite_use use(connection, "PRAGMA page_count");
  return use.step() && use.integer_at(0) == 0;
}

// A file that is there already keeps the journal mode that the application chose. SQLite does not
// wait, but says that it is busy, where several switch a new one at once.
void give_new_file_a_log(sqlite_connection& connection) {
  const auto give_up = std::chrono::steady_clock::now() + connection.busy_timeout();
  for (;;) {
    try {
      if (!is_new(connection)) return;
      sqlite_use mode(connection, "PRAGMA journal_mode = WAL");
      if (mode.step() && mode.text_at(0) == "wal") return;
      throw sqlite_failure({error_code::store_unavailable,
                            "The file system of the SQLite file does not support a "
                            "write-ahead log: move the file to a local one."});
    } catch (const sqlite_failure& failure) {
      if (failure.reopen() || std::chrono::steady_clock::now() >= give_up) throw;
      sqlite3_sleep(1);
    }
  }
}

} // namespace

const std::int64_t schema_version = std::size(migrations);

void prepare_file(sqlite_connection& connection) {
  give_new_file_a_log(connection);
  // A commit is on the disk when it is answered: with a rollback journal FULL would leave its end
  // to the folder. No file is made in a folder for temporary ones.
  connection.run("PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY");
  while (version_of_file(connection) != schema_version) {
    sqlite_transaction transaction(connection);
    const std::int64_t version = version_of_file(connection);
    if (version == schema_version) return; // another process has done it
    connection.run(migrations[version]());
    transaction.commit();
  }
}

void check_schema(sqlite_connection& connection) {
  version_of_tables(connection);
}

} // namespace v0
} // namespace stripe_return
