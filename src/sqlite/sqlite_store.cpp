#include <stripe_return/sqlite/sqlite_store.hpp>

#include "sqlite/locked_connection.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/statements.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>

namespace stripe_return {
inline namespace v0 {
namespace {

const char sqlite_store_kind = 0;

// SQLite's integers have a sign. No version and no length of a list gets that far.
std::int64_t signed_of(std::uint64_t number) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max()));
}

order_index index_at(const sqlite_use& use, int column) {
  order_index index;
  index.stage = use.text_at(column);
  index.waits_for = use.text_at(column + 1);
  for (auto& time : index.times)
    time = use.integer_or_null_at(column++ + 2);
  return index;
}

void bind_index_column(sqlite_use& use, const order_index& index, std::size_t column) {
  if (column < 2)
    use.text(column == 0 ? index.stage : index.waits_for);
  else
    use.integer(index.times[column - 2]);
}

bool has_same_column(const order_index& left, const order_index& right, std::size_t column) {
  if (column == 0) return left.stage == right.stage;
  if (column == 1) return left.waits_for == right.waits_for;
  return left.times[column - 2] == right.times[column - 2];
}

order_row row_at(const sqlite_use& use) {
  constexpr int text_column = 2 + static_cast<int>(sqlite_sql::index_columns);
  return {use.blob_at(0), static_cast<std::uint64_t>(use.integer_at(1)), use.blob_at(text_column),
          index_at(use, 2)};
}

std::optional<order_row> row_of(sqlite_connection& connection, std::string_view sql,
                                std::string_view key) {
  sqlite_use use(connection, sql);
  if (!use.blob(key).step()) return std::nullopt;
  return row_at(use);
}

// The row as it was before a change.
struct row_state {
  std::int64_t row_id = 0; // 0: there is none
  std::uint64_t version = 0;
  order_index index;
};

row_state state_of(sqlite_connection& connection, const std::string& key) {
  sqlite_use use(connection, sqlite_sql::state);
  if (!use.blob(key).step()) return {};
  return {use.integer_at(0), static_cast<std::uint64_t>(use.integer_at(1)), index_at(use, 2)};
}

std::int64_t insert(sqlite_connection& connection, const order_row& row) {
  sqlite_use use(connection, sqlite_sql::insert);
  use.blob(row.key).integer(signed_of(row.version));
  for (std::size_t i = 0; i != sqlite_sql::index_columns; ++i)
    bind_index_column(use, row.index, i);
  use.blob(row.text).step();
  return sqlite3_last_insert_rowid(connection.handle());
}

void update(sqlite_connection& connection, const row_state& before, const order_row& row) {
  unsigned changed = 0;
  for (std::size_t i = 0; i != sqlite_sql::index_columns; ++i)
    if (!has_same_column(before.index, row.index, i)) changed |= 1U << i;
  sqlite_use use(connection, sqlite_sql::update(changed));
  use.integer(before.row_id).integer(signed_of(row.version)).blob(row.text);
  for (std::size_t i = 0; i != sqlite_sql::index_columns; ++i)
    if ((changed >> i & 1) != 0) bind_index_column(use, row.index, i);
  use.step();
}

bool written(const transaction_writes& writes, sqlite3* handle) noexcept {
  if (!writes) return true;
  try {
    transaction open(&sqlite_store_kind, handle);
    return writes(open);
  } catch (...) {
    return false;
  }
}

put_result put_row(sqlite_connection& connection, const order_change& change,
                   const transaction_writes& writes) {
  const order_row& row = change.row;
  sqlite_transaction transaction(connection);
  check_schema(connection);
  row_state before = state_of(connection, row.key);
  if (before.version + 1 != row.version) return put_result::version_changed;
  if (before.row_id == 0)
    before.row_id = insert(connection, row);
  else
    update(connection, before, row);
  for (const std::string& id : change.new_ids) {
    if (!sqlite_use(connection, sqlite_sql::take_id).blob(id).integer(before.row_id).changes())
      return put_result::id_taken;
  }
  sqlite_use(connection, sqlite_sql::add_history)
      .integer(before.row_id)
      .integer(signed_of(row.version))
      .blob(change.history)
      .step();
  if (!written(writes, connection.handle())) return put_result::refused;
  transaction.commit();
  return put_result::done;
}

std::string value_of(sqlite_connection& connection, std::string_view name) {
  sqlite_use use(connection, sqlite_sql::value);
  return use.blob(name).step() ? use.blob_at(0) : std::string();
}

} // namespace

// A reader does not wait for a commit to reach the disk: src/adr/0008.
struct sqlite_store::impl {
  locked_connection reading;
  locked_connection writing;
};

sqlite_store::sqlite_store(std::string path, sqlite_options options) {
  using std::chrono::milliseconds;
  // SQLite counts in an int.
  const milliseconds timeout = std::clamp(options.busy_timeout, milliseconds(0),
                                          milliseconds(std::numeric_limits<int>::max()));
  impl_.reset(new impl{{path, timeout}, {path, timeout}});
}

sqlite_store::~sqlite_store() = default;

result<put_result> sqlite_store::put(const order_change& change, const transaction_writes& writes) {
  return impl_->writing.with(
      [&](sqlite_connection& connection) { return put_row(connection, change, writes); });
}

result<std::optional<order_row>> sqlite_store::find(std::string_view key) {
  return impl_->reading.with(
      [&](sqlite_connection& connection) { return row_of(connection, sqlite_sql::find, key); });
}

result<std::optional<order_row>> sqlite_store::find_by_id(std::string_view id) {
  return impl_->reading.with([&](sqlite_connection& connection) {
    return row_of(connection, sqlite_sql::find_by_id, id);
  });
}

result<std::vector<order_row>> sqlite_store::list(const row_query& query) {
  return impl_->reading.with([&](sqlite_connection& connection) {
    // No key is empty: behind this one are all.
    const list_position first{std::numeric_limits<unix_seconds>::min(), {}};
    const list_position& after = query.after ? *query.after : first;
    const bool of_stage = !query.stage.empty(), of_waits_for = !query.waits_for.empty();
    sqlite_use use(connection, sqlite_sql::list(query.list, of_stage, of_waits_for));
    use.integer(query.until).integer(after.time).blob(after.key).integer(signed_of(query.limit));
    if (of_stage) use.text(query.stage);
    if (of_waits_for) use.text(query.waits_for);
    std::vector<order_row> rows;
    while (use.step())
      rows.push_back(row_at(use));
    return rows;
  });
}

result<list_stats> sqlite_store::stats(order_list list, unix_seconds until) {
  return impl_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::stats(list));
    use.integer(until).step();
    return list_stats{static_cast<std::size_t>(use.integer_at(0)), use.integer_or_null_at(1)};
  });
}

result<std::vector<std::string>> sqlite_store::history(std::string_view key) {
  return impl_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::history);
    use.blob(key);
    std::vector<std::string> lines;
    while (use.step())
      lines.push_back(use.blob_at(0));
    return lines;
  });
}

result<std::string> sqlite_store::value(std::string_view name) {
  return impl_->reading.with(
      [&](sqlite_connection& connection) { return value_of(connection, name); });
}

result<bool> sqlite_store::change_value(std::string_view name, std::string_view from,
                                        std::string_view to) {
  return impl_->writing.with([&](sqlite_connection& connection) {
    sqlite_transaction transaction(connection);
    check_schema(connection);
    if (value_of(connection, name) != from) return false;
    sqlite_use(connection, sqlite_sql::set_value).blob(name).blob(to).step();
    transaction.commit();
    return true;
  });
}

sqlite3* sqlite_connection_of(const transaction& open) noexcept {
  return static_cast<sqlite3*>(open.connection_of(&sqlite_store_kind));
}

} // namespace v0
} // namespace stripe_return
