#include "postgres/statements.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

// One statement changes the row, its ids and its history: one transaction in one round trip. $1 is
// the key, $2 the version that it gets, $3 to $12 are what the row keeps, $13 the ids, $14 the line
// of history. What is known of the ids and of the version before is as of the beginning of the
// statement; an id that another transaction takes meanwhile is a unique violation.
//
// Behind a subquery the planner does not see how many ids there are, and so has no reason to plan
// the statement again for each call.
constexpr std::string_view with_known_ids = R"(WITH given AS (
  SELECT unnest($13::bytea[]) AS id
), known AS (
  SELECT id, key FROM @.order_ids WHERE id = ANY (ARRAY(SELECT id FROM given))
), changed AS ()";
constexpr std::string_view values = "$2::bigint, $3::text, $4::text, $5::text, $6::bigint, "
                                    "$7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint, "
                                    "$12::bigint";
constexpr std::string_view if_no_id_is_taken =
    "NOT EXISTS (SELECT FROM known WHERE key <> $1::bytea)";
// In the order of the ids: of two transactions with the same ones, neither waits for the other in
// turn.
constexpr std::string_view and_the_rest = R"( RETURNING key), added AS (
  INSERT INTO @.order_ids (id, key)
  SELECT id, key FROM changed, given
  EXCEPT SELECT id, key FROM known
  ORDER BY 1
), noted AS (
  INSERT INTO @.order_history (key, version, line)
  SELECT key, $2::bigint, $14::text FROM changed
)
SELECT CASE
  WHEN EXISTS (SELECT FROM changed) THEN 0
  WHEN EXISTS (SELECT FROM known WHERE key <> $1::bytea) AND
    $2::bigint - 1 = coalesce((SELECT version FROM @.order_rows WHERE key = $1::bytea), 0) THEN 2
  ELSE 1
END::bigint)";

constexpr std::string_view change_a_value = R"(WITH changed AS (
  UPDATE @.order_values SET value = $3::bytea WHERE name = $1::bytea AND value = $2::bytea
  RETURNING name
), begun AS (
  INSERT INTO @.order_values (name, value)
  SELECT $1::bytea, $3::bytea WHERE $2::bytea = '' AND NOT EXISTS (SELECT FROM changed)
  ON CONFLICT DO NOTHING
  RETURNING name
)
SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM begun))";

// What the row keeps, beside its key.
std::string kept_columns() {
  std::string all = "version, record, stage, waits_for";
  for (std::size_t i = 0; i != order_list_count; ++i)
    all += ", " + column_of(static_cast<order_list>(i));
  return all;
}

std::string select_rows(std::string_view from) {
  return "SELECT key, " + kept_columns() + " FROM @.order_rows " + std::string(from);
}

std::string change(std::string_view row) {
  return std::string(with_known_ids).append(row).append(and_the_rest);
}

std::string insert_row() {
  return change("INSERT INTO @.order_rows (key, " + kept_columns() + ") SELECT $1::bytea, " +
                std::string(values).append(" WHERE ").append(if_no_id_is_taken) +
                " ON CONFLICT (key) DO NOTHING");
}

std::string update_row() {
  return change("UPDATE @.order_rows SET (" + kept_columns() + ") = (" + std::string(values) +
                ") WHERE key = $1::bytea AND version = $2::bigint - 1 AND " +
                std::string(if_no_id_is_taken));
}

} // namespace

std::string with_schema(std::string_view text, std::string_view schema) {
  std::string filled;
  for (const char c : text) {
    if (c != '@') {
      filled += c;
      continue;
    }
    filled += '"';
    for (const char of_name : schema)
      filled.append(of_name == '"' ? 2 : 1, of_name);
    filled += '"';
  }
  return filled;
}

std::string column_of(order_list list) {
  return std::string(to_string(list)) + "_at";
}

statements::statements(std::string schema)
    : find(with_schema(select_rows("WHERE key = $1"), schema)),
      find_by_id(
          with_schema(select_rows("JOIN @.order_ids USING (key) WHERE order_ids.id = $1"), schema)),
      history(
          with_schema("SELECT line FROM @.order_history WHERE key = $1 ORDER BY version", schema)),
      value(with_schema("SELECT value FROM @.order_values WHERE name = $1", schema)),
      change_value(with_schema(change_a_value, schema)), schema_(std::move(schema)),
      insert_(with_schema(insert_row(), schema_)), update_(with_schema(update_row(), schema_)) {}

std::string statements::list(const row_query& query) const {
  const std::string at = column_of(query.list);
  std::string which = "WHERE " + at + " <= $1 AND (" + at + ", key) > ($2, $3)";
  int number = 4;
  if (!query.stage.empty()) which += " AND stage = $" + std::to_string(++number);
  if (!query.waits_for.empty()) which += " AND waits_for = $" + std::to_string(++number);
  return with_schema(select_rows(which + " ORDER BY " + at + ", key LIMIT $4"), schema_);
}

std::string statements::stats(order_list list) const {
  const std::string at = column_of(list);
  return with_schema("SELECT count(*), min(" + at + ") FROM @.order_rows WHERE " + at + " <= $1",
                     schema_);
}

parameters parameters_of(const order_change& change) {
  const order_row& row = change.row;
  parameters all;
  all.bytes(row.key).number(static_cast<std::int64_t>(row.version)).bytes(row.text);
  all.bytes(row.index.stage).bytes(row.index.waits_for);
  for (const std::optional<unix_seconds>& time : row.index.times)
    all.number(time);
  return all.list(change.new_ids).bytes(change.history);
}

parameters parameters_of(const row_query& query) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  parameters all;
  // No key is empty, so that every row is behind the least time's empty key.
  all.number(query.until).number(query.after ? query.after->time : least);
  all.bytes(query.after ? query.after->key : std::string());
  all.number(static_cast<std::int64_t>(std::min(query.limit, most)));
  if (!query.stage.empty()) all.bytes(query.stage);
  if (!query.waits_for.empty()) all.bytes(query.waits_for);
  return all;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
