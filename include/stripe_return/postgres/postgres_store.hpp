/// @file
/// postgres_store: orders in PostgreSQL, for several machines.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_store.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace stripe_return {
inline namespace v0 {

/// The options of a postgres_store. If one is out of range, every call fails with
/// error_code::invalid_option.
struct postgres_options {
  /// How to connect, as a connection string or URI of libpq:
  /// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
  ///
  /// The store reads no `~/.pgpass`, no certificates in `~/.postgresql`, and of the `PG...`
  /// variables only those that libpq cannot be kept from: `PGSERVICE`, `PGTZ`, `PGDATESTYLE`,
  /// `PGGEQO`, `PGREQUIREPEER`, and `PGPASSWORD` if conninfo names a passfile. The default host is
  /// /var/run/postgresql, the default user that of the process, and the default database has the
  /// user's name. Several hosts are tried in turn.
  secret conninfo;

  /// The schema for the tables, so that they never conflict with the application's. It is created
  /// if it does not exist. 1 to 63 bytes.
  std::string schema = "stripe_return";

  /// How many connections may be open, 1 to 1000. Each serves one call at a time.
  int connections = 4;

  /// How long a call may wait for a connection, an idle or a new one, not counting name resolution.
  /// A host address that does not respond uses at most half of it. 1 s to 10 minutes.
  std::chrono::milliseconds connect_timeout{5000};
  /// How long a statement may take, including waiting for locks (`statement_timeout`), and how long
  /// the application's writes may pause between two statements. 1 ms to 10 minutes.
  std::chrono::milliseconds statement_timeout{5000};
};

/// Keeps orders in PostgreSQL 12 or later, in a database with the encoding UTF8. Several processes,
/// on several machines, may share it.
///
/// The store opens connections when it needs them, keeps them, and replaces those that break, so
/// the same object keeps working after a restart of the server. The first call creates the tables,
/// or migrates those of an older version, under a lock. If the tables already have this version,
/// the user needs only the rights to select, insert and update.
///
/// Fails with invalid_option for the options; with store_corrupt if the tables, or columns of them,
/// are missing or damaged; with store_newer if a newer version of the library made the tables. All
/// other failures are store_unavailable: no connection, a wrong password, a missing right, a
/// full disk, a standby server, a timeout. The server's own message is in the server's log; error
/// messages contain only its SQLSTATE. A call that only reads is repeated once, on a new
/// connection, if its connection breaks.
///
/// Statements are prepared, so a pooler must pool by session, unless it knows prepared statements,
/// as PgBouncer does since 1.21 (`max_prepared_statements`). PgBouncer must also have
/// `ignore_startup_parameters = options`; then timeouts are enforced only by the store and not by
/// the server. Do not use one object on both sides of a fork().
class STRIPE_RETURN_EXPORT postgres_store final : public order_store {
public:
  explicit postgres_store(postgres_options options); ///< opens no connection yet
  ~postgres_store() override;                        ///< no call may be running

  /// See order_store::put(). `writes` use postgres_connection_of(), at the database's default
  /// isolation level, and must leave the connection as they found it. If one of their statements
  /// fails, or a constraint is violated at the commit, the result is put_result::refused. They run
  /// again after a serialization failure or a deadlock, and once more if the connection breaks
  /// before the commit.
  result<put_result> put(const order_change& change, const transaction_writes& writes) override;

  result<std::optional<order_row>> find(std::string_view key) override;
  result<std::optional<order_row>> find_by_id(std::string_view id) override;
  result<std::vector<order_row>> list(const row_query& query) override;
  result<list_stats> stats(order_list list, unix_seconds until) override;
  result<std::vector<std::string>> history(std::string_view key) override;

  result<std::string> value(std::string_view name) override;
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// Returns the connection of a transaction of a postgres_store; null for any other store's.
STRIPE_RETURN_EXPORT pg_conn* postgres_connection_of(const transaction& open) noexcept;

} // namespace v0
} // namespace stripe_return
