// What keeps a call from its end, and that the message never holds what the server or the
// connection string said.
#include "postgres/fulfillment/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <thread>

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
  PostgresFailure() { EXPECT_TRUE(store_.add(order_of_version("A1", 0), line()).value()); }

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
    EXPECT_EQ(message_of(found),
              "PostgreSQL refuses the user, the password or the database: look at conninfo "
              "(SQLSTATE 28P01).");
    EXPECT_EQ(error_of(found), "store_unavailable");
  }
  database_.sql("DROP OWNED BY clerk; DROP ROLE clerk");
}

TEST_F(PostgresFailure, ThereIsNoSuchDatabase) {
  sr::postgres_store store(options_of(postgres_server::shared().conninfo("nobodys")));
  EXPECT_EQ(message_of(store.find("A1")), "PostgreSQL refuses the user, the password or the "
                                          "database: look at conninfo (SQLSTATE 3D000).");
}

TEST_F(PostgresFailure, SomebodyHoldsTheOrder) {
  sr::postgres_options options = this->options();
  options.statement_timeout = milliseconds(1000); // what is not held takes less on any machine
  sr::postgres_store store(options);
  other_session other(database_.conninfo());
  other.sql("BEGIN; SELECT FROM stripe_return.orders WHERE out_trade_no = 'A1' FOR UPDATE");
  const auto replaced = store.replace(order_of_version("A1", 1), line());
  EXPECT_EQ(message_of(replaced), "PostgreSQL did not finish in time: look for locks held long "
                                  "(SQLSTATE 57014).");
  EXPECT_EQ(error_of(replaced), "store_unavailable");
  EXPECT_EQ(store.find("A1").value()->version, 0u); // whoever reads does not wait
  other.sql("ROLLBACK");
  EXPECT_TRUE(store.replace(order_of_version("A1", 1), line()).value());
}

// A server that is stopped, as by a disk that hangs, does not obey its own limit either.
TEST_F(PostgresFailure, TheServerIsSilent) {
  sr::postgres_options options = this->options();
  options.statement_timeout = milliseconds(1000);
  sr::postgres_store store(options);
  pid_t backend = 0;
  EXPECT_FALSE(store
                   .replace_with(order_of_version("A1", 1), line(),
                                 [&](const sr::open_transaction& open) {
                                   backend = PQbackendPID(open.postgres);
                                   return false;
                                 })
                   .value());
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  const auto found = store.find("A1");
  EXPECT_EQ(error_of(found), "store_unavailable");
  EXPECT_THAT(message_of(found), HasSubstr("no answer came in time"));
  ::kill(backend, SIGCONT);
}

TEST_F(PostgresFailure, AllConnectionsAreInUse) {
  sr::postgres_options options = this->options();
  options.connections = 1;
  options.connect_timeout = milliseconds(1000);
  sr::postgres_store store(options);
  EXPECT_TRUE(store
                  .replace_with(order_of_version("A1", 1), line(),
                                [&](const sr::open_transaction&) {
                                  const auto found = store.find("A1");
                                  EXPECT_EQ(error_of(found), "store_unavailable");
                                  EXPECT_THAT(message_of(found), HasSubstr("in use"));
                                  return true;
                                })
                  .value());
  EXPECT_EQ(store.find("A1").value()->version, 1u);
}

TEST_F(PostgresFailure, TheServerOnlyReads) {
  database_.sql("ALTER DATABASE " + database_.name() + " SET default_transaction_read_only = on");
  sr::postgres_store store(options());
  EXPECT_EQ(store.find("A1").value()->version, 0u);
  EXPECT_EQ(message_of(store.replace(order_of_version("A1", 1), line())),
            "This PostgreSQL server only reads, as a standby does: name the primary in conninfo "
            "(SQLSTATE 25006).");
  // Nobody keeps a connection to it: another server of conninfo may be the one that writes by now.
  sql_on(postgres_server::shared().conninfo(),
         "ALTER DATABASE " + database_.name() + " RESET default_transaction_read_only");
  EXPECT_TRUE(store.replace(order_of_version("A1", 1), line()).value());
}

TEST_F(PostgresFailure, TheEncodingIsAnother) {
  const std::string& name = database_.name();
  database_.sql("CREATE DATABASE latin_" + name + " ENCODING LATIN1 LOCALE 'C' TEMPLATE template0");
  sr::postgres_store store(options_of(postgres_server::shared().conninfo("latin_" + name)));
  EXPECT_EQ(message_of(store.find("A1")), "The encoding of the database in PostgreSQL must be "
                                          "UTF8.");
}

TEST_F(PostgresFailure, ARecordIsDamaged) {
  database_.sql("UPDATE stripe_return.orders SET record = '{\"stage\": \"eaten\"}'");
  EXPECT_EQ(error_of(store_.find("A1")), "store_corrupt");
  database_.sql("UPDATE stripe_return.history SET reasons = 'eaten'");
  EXPECT_EQ(error_of(store_.history("A1")), "store_corrupt");
}

TEST_F(PostgresFailure, ATableIsGone) {
  database_.sql("DROP TABLE stripe_return.cursors");
  const auto cursor = store_.cursor("events");
  EXPECT_EQ(error_of(cursor), "store_corrupt");
  EXPECT_THAT(message_of(cursor), HasSubstr("42P01"));
}

// Triggers are the hosts' own, and so is what they say.
TEST_F(PostgresFailure, ATriggerRefuses) {
  database_.sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE WARNING 'jane@example.com'; "
                "RAISE EXCEPTION 'jane@example.com' USING DETAIL = 'jane@example.com'; END $$;"
                "CREATE TRIGGER refuse BEFORE UPDATE ON stripe_return.orders FOR EACH ROW "
                "EXECUTE FUNCTION refuse()");
  testing::internal::CaptureStderr();
  const auto replaced = store_.replace(order_of_version("A1", 1), line());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(message_of(replaced),
            "PostgreSQL refuses a statement: its log says why (SQLSTATE P0001).");
  EXPECT_TRUE(store_.find("A1"));
}

// As it is where deadlocks and serialization failures never end.
TEST_F(PostgresFailure, OthersAreInTheWayTimeAndAgain) {
  database_.sql("CREATE SEQUENCE tries;"
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "PERFORM nextval('tries'); RAISE deadlock_detected; END $$;"
                "CREATE TRIGGER refuse BEFORE UPDATE ON stripe_return.orders FOR EACH ROW "
                "EXECUTE FUNCTION refuse()");
  const auto replaced = store_.replace(order_of_version("A1", 1), line());
  EXPECT_EQ(message_of(replaced),
            "Other transactions were in the way time and again: try again later (SQLSTATE 40P01).");
  EXPECT_EQ(error_of(replaced), "store_unavailable");
  EXPECT_EQ(database_.sql("SELECT last_value FROM tries"), "10");
  int calls = 0;
  EXPECT_EQ(error_of(store_.replace_with(order_of_version("A1", 1), line(),
                                         [&](const sr::open_transaction&) { return ++calls > 0; })),
            "store_unavailable");
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(database_.sql("SELECT last_value FROM tries"), "20");
}

// Two that saw the same version, of which the second waits for the first and finds it changed.
TEST_F(PostgresFailure, ASerializationFailureIsNone) {
  database_.sql("ALTER DATABASE " + database_.name() +
                " SET default_transaction_isolation = serializable");
  sr::postgres_store first(options());
  sr::postgres_store second(options());
  EXPECT_TRUE(first
                  .replace_with(order_of_version("A1", 1), line(),
                                [&](const sr::open_transaction&) { return true; })
                  .value());
  std::thread waiting;
  EXPECT_TRUE(
      first
          .replace_with(order_of_version("A1", 2), line("first"),
                        [&](const sr::open_transaction&) {
                          waiting = std::thread([&] {
                            EXPECT_FALSE(
                                second.replace(order_of_version("A1", 2), line("second")).value());
                          });
                          while (database_.sql("SELECT count(*) FROM pg_stat_activity "
                                               "WHERE wait_event_type = 'Lock'") == "0")
                            std::this_thread::yield();
                          return true;
                        })
          .value());
  waiting.join();
  EXPECT_EQ(first.history("A1").value().back().what, "first");
}

TEST_F(PostgresFailure, ConnectionsThatWereEndedAreReplaced) {
  const auto end_all = [&] {
    database_.sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  };
  end_all();
  EXPECT_EQ(store_.find("A1").value()->version, 0u);
  end_all();
  EXPECT_TRUE(store_.replace(order_of_version("A1", 1), line()).value());
  end_all();
  EXPECT_TRUE(store_
                  .replace_with(order_of_version("A1", 2), line(),
                                [](const sr::open_transaction&) { return true; })
                  .value());
}

// Nothing can have been committed before COMMIT was sent, so all is made again, once.
TEST_F(PostgresFailure, AConnectionEndsDuringTheHostsWrites) {
  int calls = 0;
  const auto writes = [&](int ends) {
    return [&, ends](const sr::open_transaction& open) {
      if (++calls <= ends) {
        database_.sql("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(open.postgres)) +
                      ", 10000)");
      }
      PQclear(PQexec(open.postgres, "SELECT 1"));
      return true;
    };
  };
  EXPECT_TRUE(store_.replace_with(order_of_version("A1", 1), line(), writes(1)).value());
  EXPECT_EQ(calls, 2);
  calls = 0;
  EXPECT_EQ(error_of(store_.replace_with(order_of_version("A1", 2), line(), writes(9))),
            "store_unavailable");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(store_.find("A1").value()->version, 1u);
}

} // namespace
