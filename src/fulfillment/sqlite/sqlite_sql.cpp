#include "fulfillment/sqlite/sqlite_sql.hpp"

namespace stripe_return {
inline namespace v0 {

const char* text_of(sqlite_sql which) noexcept {
  switch (which) {
  // A transaction that begins by reading cannot wait for another writer: what it has read would be
  // old by then.
  case sqlite_sql::begin: return "BEGIN IMMEDIATE";
  case sqlite_sql::commit: return "COMMIT";
  case sqlite_sql::user_version: return "PRAGMA user_version";
  case sqlite_sql::add:
    return "INSERT INTO stripe_return_orders"
           " (out_trade_no, version, record, claimable_at, ask_at, due_since, leased_until,"
           " in_review) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
           " ON CONFLICT (out_trade_no) DO NOTHING";
  case sqlite_sql::replace:
    return "UPDATE stripe_return_orders SET version = ?2, record = ?3, claimable_at = ?4,"
           " ask_at = ?5, due_since = ?6, leased_until = ?7, in_review = ?8"
           " WHERE out_trade_no = ?1 AND version = ?9";
  case sqlite_sql::add_history:
    return "INSERT INTO stripe_return_history"
           " (out_trade_no, version, at, who, what, session_id, event_id, reasons, note)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
  case sqlite_sql::add_session:
    return "INSERT INTO stripe_return_sessions (session_id, out_trade_no) VALUES (?1, ?2)"
           " ON CONFLICT (session_id) DO NOTHING";
  case sqlite_sql::find: return "SELECT record FROM stripe_return_orders WHERE out_trade_no = ?1";
  case sqlite_sql::order_of:
    return "SELECT out_trade_no FROM stripe_return_sessions WHERE session_id = ?1";
  case sqlite_sql::due:
    return "SELECT out_trade_no FROM stripe_return_orders WHERE claimable_at <= ?1"
           " ORDER BY claimable_at, out_trade_no LIMIT ?2";
  case sqlite_sql::to_ask:
    return "SELECT out_trade_no FROM stripe_return_orders WHERE ask_at <= ?1"
           " ORDER BY ask_at, out_trade_no LIMIT ?2";
  case sqlite_sql::in_review:
    return "SELECT out_trade_no FROM stripe_return_orders WHERE in_review = 1"
           " AND out_trade_no > ?1 ORDER BY out_trade_no LIMIT ?2";
  case sqlite_sql::history:
    return "SELECT at, who, what, session_id, event_id, reasons, note FROM stripe_return_history"
           " WHERE out_trade_no = ?1 ORDER BY version";
  case sqlite_sql::standing:
    return "SELECT (SELECT count(*) FROM stripe_return_orders WHERE due_since IS NOT NULL),"
           " (SELECT min(due_since) FROM stripe_return_orders WHERE due_since IS NOT NULL),"
           " (SELECT count(*) FROM stripe_return_orders WHERE leased_until <= ?1),"
           " (SELECT count(*) FROM stripe_return_orders WHERE in_review = 1),"
           " (SELECT count(*) FROM stripe_return_orders WHERE ask_at <= ?1)";
  case sqlite_sql::cursor: return "SELECT stands_at FROM stripe_return_cursors WHERE name = ?1";
  case sqlite_sql::begin_cursor:
    return "INSERT INTO stripe_return_cursors (name, stands_at) VALUES (?1, '')"
           " ON CONFLICT (name) DO NOTHING";
  case sqlite_sql::move_cursor:
    return "UPDATE stripe_return_cursors SET stands_at = ?3 WHERE name = ?1 AND stands_at = ?2";
  }
  return "";
}

} // namespace v0
} // namespace stripe_return
