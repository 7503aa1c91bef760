// What a return and a payment need of SQL on sqlite_store's tables, by SQLite's own interface:
// prepared once and with the store's pragmas.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace bench {

namespace sr = stripe_return;

class bare_sqlite {
public:
  explicit bare_sqlite(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                          nullptr));
    check(sqlite3_exec(handle_, "PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY", nullptr,
                       nullptr, nullptr));
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    find_ = prepare("SELECT key, version, stage, waits_for, all_at, waiting_at, task_at, poll_at,"
                    " changed_at, review_at, to_give_back_at, text FROM stripe_return_order_ids"
                    " JOIN stripe_return_order_rows USING (row_id) WHERE id = ?1");
    state_ = prepare("SELECT row_id, version FROM stripe_return_order_rows WHERE key = ?1");
    insert_ = prepare("INSERT INTO stripe_return_order_rows (key, version, stage, waits_for,"
                      " all_at, waiting_at, task_at, poll_at, changed_at, review_at,"
                      " to_give_back_at, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    pay_ = prepare("UPDATE stripe_return_order_rows SET version = ?2, text = ?3, stage = ?4,"
                   " waits_for = ?5, waiting_at = ?6, task_at = ?7, poll_at = ?8, changed_at = ?9"
                   " WHERE row_id = ?1");
    id_ = prepare("INSERT INTO stripe_return_order_ids (id, row_id) VALUES (?1, ?2)"
                  " ON CONFLICT (id) DO NOTHING");
    line_ = prepare("INSERT INTO stripe_return_order_history (row_id, version, line)"
                    " VALUES (?1, ?2, ?3)");
  }
  ~bare_sqlite() {
    for (sqlite3_stmt* each : {begin_, commit_, find_, state_, insert_, pay_, id_, line_})
      sqlite3_finalize(each);
    sqlite3_close(handle_);
  }
  bare_sqlite(const bare_sqlite&) = delete;
  bare_sqlite& operator=(const bare_sqlite&) = delete;

  void begin() { run(begin_); }
  void commit() { run(commit_); }

  sr::order_row find_by_id(const std::string& id) {
    bind(find_, 1, id);
    if (sqlite3_step(find_) != SQLITE_ROW) die("a row is not there");
    sr::order_row row;
    row.key = blob(find_, 0);
    row.version = static_cast<std::uint64_t>(sqlite3_column_int64(find_, 1));
    row.index.stage = text(find_, 2);
    row.index.waits_for = text(find_, 3);
    for (int i = 0; i != static_cast<int>(sr::order_list_count); ++i) {
      if (sqlite3_column_type(find_, 4 + i) != SQLITE_NULL)
        row.index.times[static_cast<std::size_t>(i)] = sqlite3_column_int64(find_, 4 + i);
    }
    row.text = blob(find_, 4 + static_cast<int>(sr::order_list_count));
    sqlite3_reset(find_);
    return row;
  }

  // A new row, in the transaction that is open.
  void add(const sr::order_change& change) {
    int at = 0;
    bind(insert_, ++at, change.row.key);
    sqlite3_bind_int64(insert_, ++at, 1);
    bind_text(insert_, ++at, change.row.index.stage);
    bind_text(insert_, ++at, change.row.index.waits_for);
    for (const auto& time : change.row.index.times)
      bind(insert_, ++at, time);
    bind(insert_, ++at, change.row.text);
    run(insert_);
    add_beside(sqlite3_last_insert_rowid(handle_), change);
  }

  // The next version of a row: it has been paid.
  void pay(const sr::order_change& change) {
    begin();
    bind(state_, 1, change.row.key);
    if (sqlite3_step(state_) != SQLITE_ROW) die("a row is not there");
    const std::int64_t row_id = sqlite3_column_int64(state_, 0);
    if (sqlite3_column_int64(state_, 1) + 1 != static_cast<std::int64_t>(change.row.version))
      die("a row has another version");
    sqlite3_reset(state_);
    const sr::order_index& index = change.row.index;
    sqlite3_bind_int64(pay_, 1, row_id);
    sqlite3_bind_int64(pay_, 2, static_cast<std::int64_t>(change.row.version));
    bind(pay_, 3, change.row.text);
    bind_text(pay_, 4, index.stage);
    bind_text(pay_, 5, index.waits_for);
    bind(pay_, 6, index.time(sr::order_list::waiting));
    bind(pay_, 7, index.time(sr::order_list::task));
    bind(pay_, 8, index.time(sr::order_list::poll));
    bind(pay_, 9, index.time(sr::order_list::changed));
    run(pay_);
    add_beside(row_id, change);
    commit();
  }

private:
  [[noreturn]] static void die(const char* why) {
    std::fprintf(stderr, "bare SQLite: %s\n", why);
    std::exit(1);
  }
  static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) die(sqlite3_errstr(code));
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }
  static void run(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }
  static void bind(sqlite3_stmt* to, int at, const std::string& bytes) {
    sqlite3_bind_blob(to, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }
  static void bind_text(sqlite3_stmt* to, int at, const std::string& word) {
    sqlite3_bind_text(to, at, word.data(), static_cast<int>(word.size()), SQLITE_STATIC);
  }
  static void bind(sqlite3_stmt* to, int at, const std::optional<sr::unix_seconds>& time) {
    if (time)
      sqlite3_bind_int64(to, at, *time);
    else
      sqlite3_bind_null(to, at);
  }
  static std::string blob(sqlite3_stmt* from, int column) {
    const void* const bytes = sqlite3_column_blob(from, column);
    return {static_cast<const char*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(from, column))};
  }
  static std::string text(sqlite3_stmt* from, int column) {
    return reinterpret_cast<const char*>(sqlite3_column_text(from, column));
  }
  void add_beside(std::int64_t row_id, const sr::order_change& change) {
    for (const std::string& id : change.new_ids) {
      bind(id_, 1, id);
      sqlite3_bind_int64(id_, 2, row_id);
      run(id_);
      if (sqlite3_changes(handle_) != 1) die("an id is another row's");
    }
    sqlite3_bind_int64(line_, 1, row_id);
    sqlite3_bind_int64(line_, 2, static_cast<std::int64_t>(change.row.version));
    bind(line_, 3, change.history);
    run(line_);
  }

  sqlite3* handle_ = nullptr;
  sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr, *find_ = nullptr, *state_ = nullptr,
               *insert_ = nullptr, *pay_ = nullptr, *id_ = nullptr, *line_ = nullptr;
};

} // namespace bench
