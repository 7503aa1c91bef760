// What keeps a call from its end, and that the message never holds what the server or the
// connection string said.
#include "postgres/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <csignal>

namespace {

namespace sr = stripe_return;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

/// A session that holds what it has locked until it is gone.
class other_session {
public:
  explicit other_session(const std::string& conninfo) : native_(PQconnectdb(conninfo.c_str())) {}
  ~other_session() { PQfinish(native_); }
  other_session(const other_session&) = delete;
  other_session& operator=(const other_session&) = delete;
  void sql(const char* text) {
    PGresult* said = PQexec(native_, text);
    EXPECT_NE(PQresultStatus(said), PGRES_FATAL_ERROR) << PQerrorMessage(native_);
    PQclear(said);
  }

private:
  PGconn* native_;
};

class PostgresFailure : public ::testing::Test {
protected:
  PostgresFailure() { EXPECT_EQ(put(store_, change_of("A1", 1)), "done"); }

  sr::postgres_options options() const { return options_of(database_.conninfo()); }

  const test_database database_;
  sr::postgres_store store_{options()};
};

TEST_F(PostgresFailure, NobodyListens) {
  sr::postgres_store store(
      options_of("host=" + postgres_server::shared().directory() + "/nowhere dbname=secret_shop"));
  const auto found = store.find("A1");
  EXPECT_EQ(error_of(found), "store_unavailable");
  EXPECT_TRUE(found.error().retryable());
  EXPECT_THAT(message_of(found), Not(HasSubstr("secret_shop")));
  EXPECT_THAT(message_of(found), HasSubstr("There is no connection to PostgreSQL"));
}

TEST_F(PostgresFailure, APasswordIsWrong) {
  database_.sql("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'right'");
  const std::string tcp = postgres_server::shared().tcp_conninfo(database_.name()) + " user=clerk";
  database_.sql("GRANT CREATE ON DATABASE " + database_.name() + " TO clerk");
  sr::postgres_options right = options_of(tcp + " password=right");
  right.schema = "clerks";
  sr::postgres_store well(right);
  EXPECT_EQ(message_of(well.find("A1")), "");
  for (const char* wrong : {" password=hunter2", ""}) {
    sr::postgres_store store(options_of(tcp + wrong));
    const auto found = store.find("A1");
    EXPECT_EQ(message_of(found), "PostgreSQL refuses the user, the password or the database: check "
                                 "conninfo (SQLSTATE 28P01).");
    EXPECT_EQ(error_of(found), "store_unavailable");
  }
  database_.sql("DROP OWNED BY clerk; DROP ROLE clerk");
}

TEST_F(PostgresFailure, ThereIsNoSuchDatabase) {
  sr::postgres_store store(options_of(postgres_server::shared().conninfo("nobodys")));
  EXPECT_EQ(message_of(store.find("A1")), "PostgreSQL refuses the user, the password or the "
                                          "database: check conninfo (SQLSTATE 3D000).");
}

TEST_F(PostgresFailure, AnotherSessionHoldsTheRow) {
  sr::postgres_options options = this->options();
  options.statement_timeout = milliseconds(1000); // what is not held takes less on any machine
  sr::postgres_store store(options);
  other_session other(database_.conninfo());
  other.sql("BEGIN; SELECT FROM stripe_return.order_rows WHERE key = 'A1' FOR UPDATE");
  const auto made = store.put(change_of("A1", 2), {});
  EXPECT_EQ(
      message_of(made),
      "PostgreSQL did not finish in time: look for locks that are held for long (SQLSTATE 57014).");
  EXPECT_EQ(error_of(made), "store_unavailable");
  EXPECT_EQ(version_of(store, "A1"), 1u); // a call that reads does not wait
  other.sql("ROLLBACK");
  EXPECT_EQ(put(store, change_of("A1", 2)), "done");
}

// A server that is stopped, as by a disk that hangs, does not obey its own limit either.
TEST_F(PostgresFailure, TheServerIsSilent) {
  sr::postgres_options options = this->options();
  options.statement_timeout = milliseconds(1000);
  sr::postgres_store store(options);
  pid_t backend = 0;
  EXPECT_EQ(put(store, change_of("A1", 2),
                [&](sr::transaction& open) {
                  backend = PQbackendPID(sr::postgres_connection_of(open));
                  return false;
                }),
            "refused");
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  const auto found = store.find("A1");
  EXPECT_EQ(error_of(found), "store_unavailable");
  EXPECT_THAT(message_of(found), HasSubstr("no result came in time"));
  ::kill(backend, SIGCONT);
}

TEST_F(PostgresFailure, AllConnectionsAreInUse) {
  sr::postgres_options options = this->options();
  options.connections = 1;
  options.connect_timeout = milliseconds(1000);
  sr::postgres_store store(options);
  EXPECT_EQ(put(store, change_of("A1", 2),
                [&](sr::transaction&) {
                  const auto found = store.find("A1");
                  EXPECT_EQ(error_of(found), "store_unavailable");
                  EXPECT_THAT(message_of(found), HasSubstr("in use"));
                  return true;
                }),
            "done");
  EXPECT_EQ(version_of(store, "A1"), 2u);
}

TEST_F(PostgresFailure, TheServerOnlyReads) {
  database_.sql("ALTER DATABASE " + database_.name() + " SET default_transaction_read_only = on");
  sr::postgres_store store(options());
  EXPECT_EQ(version_of(store, "A1"), 1u);
  EXPECT_EQ(message_of(store.put(change_of("A1", 2), {})),
            "This PostgreSQL server is read-only, as a standby is: name the primary in conninfo "
            "(SQLSTATE 25006).");
  // That connection is not kept: another server of conninfo may be the one that writes by now.
  sql_on(postgres_server::shared().conninfo(),
         "ALTER DATABASE " + database_.name() + " RESET default_transaction_read_only");
  EXPECT_EQ(put(store, change_of("A1", 2)), "done");
}

TEST_F(PostgresFailure, TheEncodingIsAnother) {
  const std::string& name = database_.name();
  database_.sql("CREATE DATABASE latin_" + name + " ENCODING LATIN1 LOCALE 'C' TEMPLATE template0");
  sr::postgres_store store(options_of(postgres_server::shared().conninfo("latin_" + name)));
  EXPECT_EQ(message_of(store.find("A1")),
            "The encoding of the database in PostgreSQL must be UTF8.");
}

TEST_F(PostgresFailure, ATableIsGone) {
  database_.sql("DROP TABLE stripe_return.order_values");
  const auto value = store_.value("events");
  EXPECT_EQ(error_of(value), "store_corrupt");
  EXPECT_THAT(message_of(value), HasSubstr("42P01"));
}

// Triggers are the application's own, and so is what they say.
TEST_F(PostgresFailure, ATriggerRefuses) {
  database_.sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
                "WARNING 'jane@example.com'; RAISE EXCEPTION 'jane@example.com' USING DETAIL = "
                "'jane@example.com'; END $$;CREATE TRIGGER refuse BEFORE UPDATE ON "
                "stripe_return.order_rows FOR EACH ROW EXECUTE FUNCTION refuse()");
  testing::internal::CaptureStderr();
  const auto made = store_.put(change_of("A1", 2), {});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(message_of(made), "PostgreSQL refused a statement: see its log (SQLSTATE P0001).");
  EXPECT_EQ(version_of(store_, "A1"), 1u);
}

// As it is where deadlocks and serialization failures never end.
TEST_F(PostgresFailure, ConflictsNeverEnd) {
  database_.sql(
      "CREATE SEQUENCE attempts;CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
      "BEGIN PERFORM nextval('attempts'); RAISE deadlock_detected; END $$;CREATE TRIGGER refuse "
      "BEFORE UPDATE ON stripe_return.order_rows FOR EACH ROW EXECUTE FUNCTION refuse()");
  const auto made = store_.put(change_of("A1", 2), {});
  EXPECT_EQ(message_of(made),
            "The transaction kept conflicting with others: try again later (SQLSTATE 40P01).");
  EXPECT_EQ(error_of(made), "store_unavailable");
  EXPECT_EQ(database_.sql("SELECT last_value FROM attempts"), "10");
  int calls = 0;
  EXPECT_EQ(put(store_, change_of("A1", 2), [&](sr::transaction&) { return ++calls > 0; }),
            "store_unavailable");
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(database_.sql("SELECT last_value FROM attempts"), "20");
}

TEST_F(PostgresFailure, ConnectionsThatWereEndedAreReplaced) {
  const auto end_all = [&] {
    database_.sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = "
                  "current_database() AND pid <> pg_backend_pid()");
  };
  end_all();
  EXPECT_EQ(version_of(store_, "A1"), 1u);
  end_all();
  EXPECT_EQ(put(store_, change_of("A1", 2)), "done");
  end_all();
  EXPECT_EQ(put(store_, change_of("A1", 3), no_writes), "done");
}

// Nothing can have been committed before COMMIT was sent, so all is made again, once.
TEST_F(PostgresFailure, AConnectionEndsDuringTheApplicationsWrites) {
  int calls = 0;
  const auto writes = [&](int ends) {
    return [&, ends](sr::transaction& open) {
      PGconn* const native = sr::postgres_connection_of(open);
      if (++calls <= ends)
        database_.sql("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(native)) +
                      ", 10000)");
      PQclear(PQexec(native, "SELECT 1"));
      return true;
    };
  };
  EXPECT_EQ(put(store_, change_of("A1", 2), writes(1)), "done");
  EXPECT_EQ(calls, 2);
  calls = 0;
  EXPECT_EQ(put(store_, change_of("A1", 3), writes(9)), "store_unavailable");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(version_of(store_, "A1"), 2u);
}

} // namespace
