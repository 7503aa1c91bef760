/// @file
/// Orders in PostgreSQL, for several hosts.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

  /// The schema that holds the tables, so that they never meet those of the host. It is made if it
  /// is not there. 1 to 63 bytes.
  std::string schema = "stripe_return";

  int connections = 4; ///< open at most, each in use by one call at a time; 1 to 1000

  /// For a call to have a connection: a free one, or a new one, but for the name server's answer.
  /// Half of it is for each address that does not answer. 1 s to 10 minutes.
  std::chrono::milliseconds connect_timeout{5000};
  /// For each statement, other people's locks included (`statement_timeout`), and between the
  /// statements of the host's writes. 1 ms to 10 minutes.
  std::chrono::milliseconds statement_timeout{5000};
};

/// Keeps orders in PostgreSQL 12 or later, in a database whose encoding is UTF8. Several processes
/// may share it, on several hosts.
///
/// Connections are made when they are needed, kept, and replaced when they have broken: after a
/// restart of the server the same object goes on. The first call makes the tables, or brings those
/// of an older version up to date, under a lock; where they are up to date, the user needs no right
/// but to select, insert and update.
///
/// All else that keeps a call from its end is store_unavailable: no connection, a wrong password, a
/// missing right, a full disk, a standby server, a timeout. What the server says of it stands in
/// the server's log; error messages hold its SQLSTATE and nothing else of it. What reads is
/// repeated once on a new connection when the one it began on breaks.
///
/// Statements are prepared, so a pooler such as PgBouncer has to pool by session; it has to be told
/// `ignore_startup_parameters = options`, and then only this side ends what takes too long. Do not
/// use one object on both sides of a fork().
class STRIPE_RETURN_EXPORT postgres_store final : public fulfillment_store {
public:
  explicit postgres_store(postgres_options options); ///< connects to nobody yet
  ~postgres_store() override;                        ///< no call may be running

  result<bool> add(const order_record& order, const history_entry& entry) override;
  result<std::optional<order_record>> find(std::string_view out_trade_no) override;
  result<std::optional<std::string>> order_of(std::string_view session_id) override;
  result<bool> replace(const order_record& order, const history_entry& entry) override;
  /// The writes go over open_transaction::postgres, at the isolation level that the database has by
  /// default, and leave that connection as it was. False as well where one of them failed. They are
  /// called again after a serialization failure of the store's own statement or of the commit.
  result<bool> replace_with(const order_record& order, const history_entry& entry,
                            const host_writes& writes) override;
  result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> to_ask(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) override;
  result<std::vector<history_entry>> history(std::string_view out_trade_no) override;
  result<store_standing> standing(unix_seconds now) override;
  result<std::string> cursor(std::string_view name) override;
  result<bool> move_cursor(std::string_view name, std::string_view from,
                           std::string_view to) override;

private:
  class engine;
  std::unique_ptr<engine> engine_;
};

} // namespace v0
} // namespace stripe_return
