#include "postgres/schema.hpp"

#include "postgres/postgres_failure.hpp"
#include "postgres/statements.hpp"

#include <cstdint>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

constexpr std::int64_t known_version = 1;

// The key is "stripe_r". Read committed, whatever the database's default is: what is read after the
// lock was waited for has to be what its last owner has left.
constexpr const char* begin_alone =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(8319400208842973042)";

constexpr const char* look = R"(SELECT
  (SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = $1),
  (SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'order_schema'))";

constexpr std::string_view make_tables = R"(
CREATE TABLE @.order_ids (id bytea PRIMARY KEY, key bytea NOT NULL);
CREATE TABLE @.order_history (
  key bytea,
  version bigint, -- of the row, which the line's change has made
  line text NOT NULL,
  PRIMARY KEY (key, version)
);
CREATE TABLE @.order_values (name bytea PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE @.order_schema (version bigint NOT NULL);
INSERT INTO @.order_schema VALUES (1);
CREATE TABLE @.order_rows (
  key bytea PRIMARY KEY,
  version bigint NOT NULL,
  record text NOT NULL,
  stage text COLLATE "C" NOT NULL,
  waits_for text COLLATE "C" NOT NULL)";

// An index is of what stands in its list alone. One for each filter, so that what is looked for
// stands together however long the list is.
std::string tables() {
  std::string columns;
  std::string indexes;
  for (std::size_t i = 0; i != order_list_count; ++i) {
    const std::string at = column_of(static_cast<order_list>(i));
    columns += ",\n  " + at + " bigint";
    for (const char* filter : {"", "stage, ", "waits_for, "}) {
      indexes.append("CREATE INDEX ON @.order_rows (").append(filter).append(at);
      indexes.append(", key) WHERE ").append(at).append(" IS NOT NULL;\n");
    }
  }
  return std::string(make_tables) + columns + "\n);\n" + indexes;
}

struct found {
  bool schema;
  std::int64_t version; // 0 if there are no tables
};

found look_for_tables(connection& on, const std::string& schema) {
  const sql_result there = on.run(look, parameters().bytes(schema));
  if (there.number(0, 1) == 0) return {there.number(0, 0) != 0, 0};
  const sql_result versions =
      on.run(with_schema("SELECT version FROM @.order_schema", schema), parameters());
  const std::int64_t version = versions.rows() == 1 ? versions.number(0, 0).value_or(0) : 0;
  if (version < 1)
    throw postgres_failure(
        error{error_code::store_corrupt,
              "The tables in PostgreSQL do not record their version: restore them from a backup."});
  if (version > known_version)
    throw postgres_failure(error{error_code::store_newer,
                                 "The tables in PostgreSQL are of version " +
                                     std::to_string(version) + ", and this library knows version " +
                                     std::to_string(known_version) + ": update it."});
  return {true, version};
}

} // namespace

void migrate(connection& on, const std::string& schema) {
  if (look_for_tables(on, schema).version != 0) return;
  on.run(begin_alone);
  const found now = look_for_tables(on, schema); // another process may have made them meanwhile
  if (now.version == 0)
    on.run(with_schema((now.schema ? "" : "CREATE SCHEMA @;") + tables(), schema).c_str());
  on.run("COMMIT");
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
