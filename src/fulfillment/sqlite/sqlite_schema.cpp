#include "fulfillment/sqlite/sqlite_schema.hpp"

#include "fulfillment/sqlite/sqlite_failure.hpp"

#include <sqlite3.h>

#include <array>

namespace stripe_return {
inline namespace v0 {
namespace {

// Each takes the tables from the version of its place to the next. None is ever changed: files have
// been through it.
//
// A line of history has the version that its change made, so that each has one.
constexpr std::array<const char*, 1> migrations{R"sql(
  CREATE TABLE stripe_return_orders (
    out_trade_no TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    record TEXT NOT NULL,
    claimable_at INTEGER,
    ask_at INTEGER,
    due_since INTEGER,
    leased_until INTEGER,
    in_review INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX stripe_return_claimable ON stripe_return_orders (claimable_at, out_trade_no)
    WHERE claimable_at IS NOT NULL;
  CREATE INDEX stripe_return_to_ask ON stripe_return_orders (ask_at, out_trade_no)
    WHERE ask_at IS NOT NULL;
  CREATE INDEX stripe_return_due ON stripe_return_orders (due_since) WHERE due_since IS NOT NULL;
  CREATE INDEX stripe_return_leased ON stripe_return_orders (leased_until)
    WHERE leased_until IS NOT NULL;
  CREATE INDEX stripe_return_in_review ON stripe_return_orders (in_review, out_trade_no)
    WHERE in_review = 1;
  CREATE TABLE stripe_return_sessions (
    session_id TEXT PRIMARY KEY NOT NULL,
    out_trade_no TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stripe_return_history (
    out_trade_no TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    session_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    reasons TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (out_trade_no, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stripe_return_cursors (
    name TEXT PRIMARY KEY NOT NULL,
    stands_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
)sql"};

[[noreturn]] void refuse_newer(std::int64_t version) {
  throw sqlite_failure(
      {error_code::store_newer, "The SQLite file has schema version " + std::to_string(version) +
                                    ", and this version of the library knows " +
                                    std::to_string(sqlite_schema_version) + ": update it."});
}

[[noreturn]] void refuse_foreign() {
  throw sqlite_failure({error_code::store_corrupt,
                        "The SQLite file is another program's: give the store one of its own."});
}

// The version of the tables; 0 where there are none yet.
std::int64_t version_of(sqlite_connection& connection) {
  const std::int64_t application = connection.integer_of("PRAGMA application_id");
  const std::int64_t version = connection.integer_of("PRAGMA user_version");
  if (application == 0) {
    // A host may have made tables in the file first. In UTF-16 text would not sort by its bytes.
    if (version != 0 || connection.text_of("PRAGMA encoding") != "UTF-8") refuse_foreign();
    return 0;
  }
  if (application != sqlite_application_id || version < 1) refuse_foreign();
  if (version > sqlite_schema_version) refuse_newer(version);
  return version;
}

// SQLite does not wait, but says that it is busy, where several switch a new file at once.
void use_write_ahead_log(sqlite_connection& connection) {
  const auto give_up = std::chrono::steady_clock::now() + connection.busy_timeout();
  for (;;) {
    try {
      if (connection.text_of("PRAGMA journal_mode = WAL") == "wal") return;
      throw sqlite_failure({error_code::store_unavailable,
                            "The file system of the SQLite file has no write-ahead "
                            "log: put the file on a local one."});
    } catch (const sqlite_failure& failure) {
      if (failure.reopen() || std::chrono::steady_clock::now() >= give_up) throw;
      sqlite3_sleep(1);
    }
  }
}

} // namespace

const std::int64_t sqlite_schema_version = static_cast<std::int64_t>(migrations.size());

void prepare_sqlite_file(sqlite_connection& connection) {
  connection.run("BEGIN"); // both marks as they are at one time
  std::int64_t version = version_of(connection);
  connection.run("COMMIT");
  use_write_ahead_log(connection);
  // A commit is on the disk when it is answered. No file is made in a folder for temporary ones.
  connection.run("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
  while (version != sqlite_schema_version) {
    sqlite_transaction transaction(connection);
    version = version_of(connection); // another process may have done it
    if (version == sqlite_schema_version) return;
    connection.run(migrations.at(static_cast<std::size_t>(version)));
    ++version;
    connection.run(("PRAGMA application_id = " + std::to_string(sqlite_application_id) +
                    "; PRAGMA user_version = " + std::to_string(version))
                       .c_str());
    transaction.commit();
  }
}

void check_sqlite_schema(sqlite_connection& connection) {
  sqlite_use use(connection, sqlite_sql::user_version);
  const std::int64_t version = use.step() ? use.integer(0) : 0;
  if (version > sqlite_schema_version) refuse_newer(version);
}

} // namespace v0
} // namespace stripe_return
