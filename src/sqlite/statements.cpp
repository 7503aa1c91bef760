#include "sqlite/statements.hpp"

namespace stripe_return {
inline namespace v0 {
namespace sqlite_sql {
namespace {

std::string time_column(order_list list) {
  return std::string(to_string(list)) + "_at";
}

std::string index_column(std::size_t i) {
  if (i == 0) return "stage";
  if (i == 1) return "waits_for";
  return time_column(static_cast<order_list>(i - 2));
}

std::string index_name(order_list list, const char* filter) {
  return "stripe_return_order_" + std::string(to_string(list)) + filter;
}

std::string index_on(order_list list, const char* filter, const char* filter_column) {
  const std::string time = time_column(list);
  return "CREATE INDEX " + index_name(list, filter) + " ON stripe_return_order_rows (" +
         filter_column + time + ", key) WHERE " + time + " IS NOT NULL;\n";
}

} // namespace

// All but two words is a BLOB: in a file of UTF-16, TEXT would neither be compared by its UTF-8 nor
// keep every character. The row's text comes last, so that its pages are not read for what stands
// before it.
std::string tables() {
  std::string sql = R"sql(
CREATE TABLE stripe_return_schema (version INTEGER NOT NULL);
CREATE TABLE stripe_return_order_rows (
  row_id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE CHECK (typeof(key) = 'blob'),
  version INTEGER NOT NULL CHECK (typeof(version) = 'integer'),
  stage TEXT NOT NULL CHECK (typeof(stage) = 'text'),
  waits_for TEXT NOT NULL CHECK (typeof(waits_for) = 'text'),
)sql";
  std::string indexes;
  for (std::size_t i = 0; i != order_list_count; ++i) {
    const auto list = static_cast<order_list>(i);
    const std::string time = time_column(list);
    sql.append("  ").append(time).append(" INTEGER CHECK (typeof(");
    sql.append(time).append(") IN ('integer', 'null')),\n");
    indexes += index_on(list, "", "") + index_on(list, "_by_stage", "stage, ") +
               index_on(list, "_by_waits_for", "waits_for, ");
  }
  return sql + R"sql(  text BLOB NOT NULL CHECK (typeof(text) = 'blob')
);
)sql" + indexes +
         R"sql(
CREATE TABLE stripe_return_order_ids (
  id BLOB PRIMARY KEY NOT NULL CHECK (typeof(id) = 'blob'),
  row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer')
) WITHOUT ROWID;
CREATE TABLE stripe_return_order_history (
  row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
  version INTEGER NOT NULL CHECK (typeof(version) = 'integer'),
  line BLOB NOT NULL CHECK (typeof(line) = 'blob'),
  PRIMARY KEY (row_id, version)
) WITHOUT ROWID;
CREATE TABLE stripe_return_values (
  name BLOB PRIMARY KEY NOT NULL CHECK (typeof(name) = 'blob'),
  value BLOB NOT NULL CHECK (typeof(value) = 'blob')
) WITHOUT ROWID;
INSERT INTO stripe_return_schema VALUES (1);
)sql";
}

// The index is named: which one is best does not depend on what the application's ANALYZE saw.
std::string list(order_list list, bool of_stage, bool of_waits_for) {
  const std::string time = time_column(list);
  return "SELECT key, version, stage, waits_for, all_at, waiting_at, task_at, poll_at, changed_at,"
         " review_at, to_give_back_at, text FROM stripe_return_order_rows INDEXED BY " +
         index_name(list, of_stage       ? "_by_stage"
                          : of_waits_for ? "_by_waits_for"
                                         : "") +
         " WHERE " + time + " <= ?1 AND (" + time + ", key) > (?2, ?3)" +
         (of_stage ? " AND stage = ?5" : "") +
         (of_waits_for ? of_stage ? " AND waits_for = ?6" : " AND waits_for = ?5" : "") +
         " ORDER BY " + time + ", key LIMIT ?4";
}

std::string update(unsigned columns) {
  std::string sql = "UPDATE stripe_return_order_rows SET version = ?2, text = ?3";
  int parameter = 3;
  for (std::size_t i = 0; i != index_columns; ++i)
    if ((columns >> i & 1) != 0)
      sql += ", " + index_column(i) + " = ?" + std::to_string(++parameter);
  return sql + " WHERE row_id = ?1";
}

std::string stats(order_list list) {
  const std::string time = time_column(list);
  return "SELECT count(*), min(" + time + ") FROM stripe_return_order_rows INDEXED BY " +
         index_name(list, "") + " WHERE " + time + " <= ?1";
}

} // namespace sqlite_sql
} // namespace v0
} // namespace stripe_return
