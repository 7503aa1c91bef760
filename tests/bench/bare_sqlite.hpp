// The statements of sqlite_store by SQLite's own interface, prepared once and with its pragmas.
#pragma once

#include "fulfillment/sqlite/sqlite_sql.hpp"

#include <stripe_return/fulfillment/order_record.hpp>

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

namespace sr = stripe_return;

class bare_sqlite {
public:
  explicit bare_sqlite(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                          nullptr));
    check(sqlite3_exec(handle_, "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY", nullptr,
                       nullptr, nullptr));
    for (std::size_t i = 0; i != statements_.size(); ++i) {
      check(sqlite3_prepare_v3(handle_, sr::text_of(static_cast<sr::sqlite_sql>(i)), -1,
                               SQLITE_PREPARE_PERSISTENT, &statements_[i], nullptr));
    }
  }
  ~bare_sqlite() {
    for (sqlite3_stmt* each : statements_)
      sqlite3_finalize(each);
    sqlite3_close(handle_);
  }
  bare_sqlite(const bare_sqlite&) = delete;
  bare_sqlite& operator=(const bare_sqlite&) = delete;

  std::string order_of(const std::string& session) {
    return first_text(sr::sqlite_sql::order_of, session);
  }
  std::string find(const std::string& number) { return first_text(sr::sqlite_sql::find, number); }

  void begin() { run(sr::sqlite_sql::begin); }
  void commit() { run(sr::sqlite_sql::commit); }
  void add(const sr::order_record& order, const sr::history_entry& entry) {
    write_order(sr::sqlite_sql::add, order, to_text(order));
    write_beside(order, entry);
  }
  void replace(const sr::order_record& order, const std::string& text,
               const sr::history_entry& entry) {
    begin();
    write_order(sr::sqlite_sql::replace, order, text);
    write_beside(order, entry);
    commit();
  }

private:
  static void check(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    std::fprintf(stderr, "bare SQLite: %s\n", sqlite3_errstr(code));
    std::exit(1);
  }
  sqlite3_stmt* statement(sr::sqlite_sql which) {
    return statements_[static_cast<std::size_t>(which)];
  }
  void run(sr::sqlite_sql which) {
    check(sqlite3_step(statement(which)));
    sqlite3_reset(statement(which));
  }
  static void bind(sqlite3_stmt* to, int at, const std::string& text) {
    sqlite3_bind_text(to, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  std::string first_text(sr::sqlite_sql which, const std::string& key) {
    sqlite3_stmt* const read = statement(which);
    bind(read, 1, key);
    std::string text;
    if (sqlite3_step(read) == SQLITE_ROW) {
      text.assign(reinterpret_cast<const char*>(sqlite3_column_text(read, 0)),
                  static_cast<std::size_t>(sqlite3_column_bytes(read, 0)));
    }
    sqlite3_reset(read);
    return text;
  }
  // Version 1 replaces version 0.
  void write_order(sr::sqlite_sql which, const sr::order_record& order, const std::string& text) {
    sqlite3_stmt* const write = statement(which);
    bind(write, 1, order.out_trade_no);
    sqlite3_bind_int64(write, 2, static_cast<std::int64_t>(order.version));
    bind(write, 3, text);
    const bool due = order.stage == sr::order_stage::due;
    bind(write, 4, due, order.due_at);
    bind(write, 5, order.ask_at != 0, order.ask_at);
    bind(write, 6, due, order.due_since);
    sqlite3_bind_null(write, 7);
    sqlite3_bind_int64(write, 8, 0);
    if (which == sr::sqlite_sql::replace) sqlite3_bind_int64(write, 9, 0);
    check(sqlite3_step(write));
    sqlite3_reset(write);
  }
  static void bind(sqlite3_stmt* to, int at, bool is, std::int64_t number) {
    if (is)
      sqlite3_bind_int64(to, at, number);
    else
      sqlite3_bind_null(to, at);
  }
  void write_beside(const sr::order_record& order, const sr::history_entry& entry) {
    sqlite3_stmt* const history = statement(sr::sqlite_sql::add_history);
    bind(history, 1, order.out_trade_no);
    sqlite3_bind_int64(history, 2, static_cast<std::int64_t>(order.version));
    sqlite3_bind_int64(history, 3, entry.at);
    bind(history, 4, entry.who);
    bind(history, 5, entry.what);
    bind(history, 6, entry.session_id);
    bind(history, 7, entry.event_id);
    const std::string no_reasons;
    bind(history, 8, no_reasons);
    bind(history, 9, entry.note);
    check(sqlite3_step(history));
    sqlite3_reset(history);
    sqlite3_stmt* const session = statement(sr::sqlite_sql::add_session);
    bind(session, 1, order.sessions.front().id);
    bind(session, 2, order.out_trade_no);
    check(sqlite3_step(session));
    sqlite3_reset(session);
  }

  sqlite3* handle_ = nullptr;
  std::array<sqlite3_stmt*, sr::sqlite_sql_count> statements_{};
};

} // namespace bench
