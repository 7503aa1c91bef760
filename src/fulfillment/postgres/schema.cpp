#include "fulfillment/postgres/schema.hpp"

#include "fulfillment/postgres/sql_error.hpp"

#include <memory>
#include <new>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

constexpr std::int64_t known_version = 1;

// The key is "stripe_r". Read committed, whatever the database's default is: what is read after the
// lock was waited for has to be what its last owner has left.
constexpr const char* begin_alone =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(8319400208842973042)";

// What is looked up sorts and compares by its bytes.
constexpr std::string_view make_tables = R"(
CREATE TABLE @.orders (
  out_trade_no text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  record text NOT NULL,
  claimable_at bigint,
  ask_at bigint,
  due_since bigint,
  leased_until bigint,
  in_review boolean NOT NULL
);
CREATE INDEX orders_claimable ON @.orders (claimable_at, out_trade_no)
  WHERE claimable_at IS NOT NULL;
CREATE INDEX orders_to_ask ON @.orders (ask_at, out_trade_no) WHERE ask_at IS NOT NULL;
CREATE INDEX orders_due ON @.orders (due_since) WHERE due_since IS NOT NULL;
CREATE INDEX orders_leased ON @.orders (leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX orders_in_review ON @.orders (out_trade_no) WHERE in_review;
CREATE TABLE @.sessions (
  session_id text COLLATE "C" PRIMARY KEY,
  out_trade_no text COLLATE "C" NOT NULL
);
CREATE TABLE @.history (
  out_trade_no text COLLATE "C" NOT NULL,
  version bigint NOT NULL, -- of the order, which each line has made
  at bigint NOT NULL,
  who text NOT NULL,
  what text NOT NULL,
  session_id text NOT NULL,
  event_id text NOT NULL,
  reasons text NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (out_trade_no, version)
);
CREATE TABLE @.cursors (
  name text COLLATE "C" PRIMARY KEY,
  position text COLLATE "C" NOT NULL
);
CREATE TABLE @.schema_version (version bigint NOT NULL);
INSERT INTO @.schema_version VALUES (1);
)";

error no_version() {
  return {error_code::store_corrupt, "The tables in PostgreSQL do not tell which version they "
                                     "are: restore them from a backup."};
}

error newer(std::int64_t found) {
  return {error_code::store_newer, "The tables in PostgreSQL are of version " +
                                       std::to_string(found) + ", and this library knows version " +
                                       std::to_string(known_version) + ": update it."};
}

class migration {
public:
  migration(connection& on, const std::string& schema) : on_(on), schema_(schema) {}

  // 0 if there are no tables.
  result<std::int64_t> found() {
    const reply there =
        on_.run("SELECT FROM pg_catalog.pg_tables WHERE schemaname = " + literal(schema_) +
                " AND tablename = 'schema_version'");
    if (!there.ok()) return error_of(there.sqlstate());
    if (there.rows() == 0) return std::int64_t{0};
    const reply version = on_.run(filled("SELECT version FROM @.schema_version"));
    if (!version.ok()) return error_of(version.sqlstate());
    if (version.rows() != 1 || version.number(0, 0) < 1) return no_version();
    if (version.number(0, 0) > known_version) return newer(version.number(0, 0));
    return version.number(0, 0);
  }

  std::optional<error> make() {
    if (const reply alone = on_.run(begin_alone); !alone.ok()) return error_of(alone.sqlstate());
    const result<std::int64_t> version = found(); // somebody else may have made them meanwhile
    if (!version) return version.error();
    if (*version == 0) {
      const reply schema =
          on_.run("SELECT FROM pg_catalog.pg_namespace WHERE nspname = " + literal(schema_));
      if (!schema.ok()) return error_of(schema.sqlstate());
      const reply made =
          on_.run(filled(schema.rows() == 0 ? "CREATE SCHEMA @;" : "") + filled(make_tables));
      if (!made.ok()) return error_of(made.sqlstate());
    }
    if (const reply kept = on_.run("COMMIT"); !kept.ok()) return error_of(kept.sqlstate());
    return std::nullopt;
  }

private:
  std::string filled(std::string_view text) const { return with_schema(text, quoted(schema_)); }

  std::string literal(const std::string& text) const {
    const std::unique_ptr<char, void (*)(void*)> escaped(
        PQescapeLiteral(on_.native(), text.data(), text.size()), &PQfreemem);
    if (!escaped) throw std::bad_alloc();
    return escaped.get();
  }

  connection& on_;
  const std::string& schema_;
};

} // namespace

std::optional<error> bring_up_to_date(connection& on, const std::string& schema) {
  migration tables(on, schema);
  const result<std::int64_t> version = tables.found();
  if (!version) return version.error();
  return *version == 0 ? tables.make() : std::nullopt;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
