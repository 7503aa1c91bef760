/// @file
/// Orders in PostgreSQL, for several machines.
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

/// A value out of its range is reported by each call as error_code::invalid_option.
struct postgres_options {
  /// How to connect, as libpq's connection string or URI:
  /// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
  /// What it leaves out comes from nowhere else: no `PG...` variable, no `~/.pgpass`, no
  /// certificate in `~/.postgresql` is looked at. The host is then /var/run/postgresql, the user
  /// that of the process, the database the user's. Several hosts are tried in turn.
  secret conninfo;

  /// The schema that holds the tables, so that they never meet those of the application. It is made
  /// if it is not there. 1 to 63 bytes.
  std::string schema = "stripe_return";

  int connections = 4; ///< open at most, each in use by one call at a time; 1 to 1000

  /// For a call to have a connection: a free one, or a new one, but for the name server's answer.
  /// Half of it is for each address that does not answer. 1 s to 10 minutes.
  std::chrono::milliseconds connect_timeout{5000};
  /// For each statement, other people's locks included (`statement_timeout`), and between the
  /// statements of the application's writes. 1 ms to 10 minutes.
  std::chrono::milliseconds statement_timeout{5000};
};

/// Keeps orders in PostgreSQL 12 or later, in a database whose encoding is UTF8. Several processes
/// may share it, on several machines.
///
/// Connections are made when they are needed, kept, and replaced when they have broken: after a
/// restart of the server the same object goes on. The first call makes the tables, or migrates
/// those of an older version, under a lock; where they are of this version, the user needs no right
/// but to select, insert and update.
///
/// All else that keeps a call from its end is store_unavailable: no connection, a wrong password, a
/// missing right, a full disk, a standby server, a timeout. What the server says of it stands in
/// the server's log; error messages hold its SQLSTATE and nothing else of it. A call that reads is
/// repeated once on a new connection when the one it began on breaks.
///
/// Statements are prepared, so a pooler such as PgBouncer has to pool by session; it has to be told
/// `ignore_startup_parameters = options`, and then only this side ends what takes too long. Do not
/// use one object on both sides of a fork().
class STRIPE_RETURN_EXPORT postgres_store final : public order_store {
public:
  explicit postgres_store(postgres_options options); ///< does not connect yet
  ~postgres_store() override;                        ///< no call may be running

  /// The writes go over postgres_connection_of(), at the isolation level that the database has by
  /// default, and leave that connection as it was. One that fails, or a constraint that does not
  /// hold at the commit, is put_result::refused. They are called again after a serialization
  /// failure or a deadlock, and once where the connection broke before the commit.
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

/// The connection of a transaction that a postgres_store has open; null for any other store's.
STRIPE_RETURN_EXPORT pg_conn* postgres_connection_of(const transaction& open) noexcept;

} // namespace v0
} // namespace stripe_return
