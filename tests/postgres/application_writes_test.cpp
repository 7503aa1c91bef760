#include "postgres/store_fixture.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <stdexcept>

namespace {

namespace sr = stripe_return;

bool did(const sr::transaction& open, const char* text) {
  PGresult* said = PQexec(sr::postgres_connection_of(open), text);
  const bool well = PQresultStatus(said) == PGRES_COMMAND_OK;
  PQclear(said);
  return well;
}

class ApplicationWrites : public ::testing::Test {
protected:
  ApplicationWrites() {
    database_.sql("CREATE TABLE parcels (out_trade_no text PRIMARY KEY)");
    EXPECT_EQ(put(store_, change_of("A1", 1)), "done");
  }

  std::string put_with(const sr::transaction_writes& writes) {
    return put(store_, change_of("A1", 2, "shipped", {"cs_1"}), writes);
  }
  std::string parcels() const { return database_.sql("SELECT count(*) FROM parcels"); }
  void expect_nothing_done() {
    EXPECT_EQ(parcels(), "0");
    EXPECT_EQ(version_of(store_, "A1"), 1u);
    EXPECT_EQ(store_.history("A1").value().size(), 1u);
    EXPECT_FALSE(store_.find_by_id("cs_1").value());
  }

  const test_database database_;
  sr::postgres_store store_{options_of(database_.conninfo())};
};

constexpr const char* one_parcel = "INSERT INTO parcels VALUES ('A1')";

TEST_F(ApplicationWrites, AreCommittedWithTheRow) {
  EXPECT_EQ(put_with([&](sr::transaction& open) {
              EXPECT_TRUE(did(open, one_parcel));
              EXPECT_EQ(parcels(), "0"); // no other transaction sees it yet
              EXPECT_EQ(version_of(store_, "A1"), 1u);
              return true;
            }),
            "done");
  EXPECT_EQ(parcels(), "1");
  EXPECT_EQ(version_of(store_, "A1"), 2u);
}

TEST_F(ApplicationWrites, AreUndoneWithTheRow) {
  EXPECT_EQ(put_with([](sr::transaction& open) {
              EXPECT_TRUE(did(open, one_parcel));
              return false;
            }),
            "refused");
  expect_nothing_done();
  EXPECT_EQ(put_with([](sr::transaction& open) -> bool {
              EXPECT_TRUE(did(open, one_parcel));
              throw std::runtime_error("no");
            }),
            "refused");
  expect_nothing_done();
}

// Whatever the application says of it.
TEST_F(ApplicationWrites, ThatFailUndoAll) {
  EXPECT_EQ(put_with([](sr::transaction& open) {
              EXPECT_TRUE(did(open, one_parcel));
              EXPECT_FALSE(did(open, one_parcel));
              return true;
            }),
            "refused");
  expect_nothing_done();
}

TEST_F(ApplicationWrites, ThatTheCommitRefusesUndoAll) {
  database_.sql("CREATE TABLE labels (out_trade_no text REFERENCES parcels DEFERRABLE INITIALLY "
                "DEFERRED)");
  EXPECT_EQ(
      put_with([](sr::transaction& open) { return did(open, "INSERT INTO labels VALUES ('A1')"); }),
      "refused");
  expect_nothing_done();
}

// They must not; what has become of the row is not known then.
TEST_F(ApplicationWrites, ThatEndTheTransactionAreAnError) {
  for (const char* end : {"ROLLBACK", "COMMIT"})
    EXPECT_EQ(put_with([end](sr::transaction& open) { return did(open, end); }),
              "store_unavailable");
  EXPECT_EQ(version_of(store_, "A1"), 2u);
}

TEST_F(ApplicationWrites, ThatLeaveAStatementRunningUndoAll) {
  EXPECT_EQ(put_with([](sr::transaction& open) {
              return PQsendQuery(sr::postgres_connection_of(open), one_parcel) == 1;
            }),
            "store_unavailable");
  expect_nothing_done();
}

// The connection is free again: there is only one.
TEST_F(ApplicationWrites, LeaveNoTransactionBehind) {
  sr::postgres_options options = options_of(database_.conninfo());
  options.connections = 1;
  sr::postgres_store store(options);
  for (const bool agreed : {false, true}) {
    EXPECT_EQ(put(store, change_of("A1", 2), [=](sr::transaction&) { return agreed; }),
              agreed ? "done" : "refused");
    EXPECT_EQ(database_.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                            "current_database() AND state LIKE 'idle in%'"),
              "0");
  }
  EXPECT_EQ(version_of(store, "A1"), 2u);
}

TEST_F(ApplicationWrites, AreCalledAgainAfterASerializationFailure) {
  database_.sql("ALTER DATABASE " + database_.name() +
                " SET default_transaction_isolation = serializable");
  database_.sql("CREATE TABLE stock (left_over int); INSERT INTO stock VALUES (9)");
  sr::postgres_store store(options_of(database_.conninfo()));
  int calls = 0;
  EXPECT_EQ(put(store, change_of("A1", 2),
                [&](sr::transaction& open) {
                  PQclear(
                      PQexec(sr::postgres_connection_of(open), "SELECT sum(left_over) FROM stock"));
                  // Another session reads what this is to change and changes what this has read:
                  // one of both has to go, and the other one commits first.
                  if (++calls == 1)
                    database_.sql("BEGIN; SELECT count(*) FROM parcels; "
                                  "UPDATE stock SET left_over = 8; COMMIT");
                  return did(open, one_parcel);
                }),
            "done");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(parcels(), "1");
  EXPECT_EQ(version_of(store, "A1"), 2u);
}

TEST_F(ApplicationWrites, HaveNoConnectionOfAnotherStores) {
  const int other_kind = 0;
  int connection = 0;
  EXPECT_EQ(sr::postgres_connection_of(sr::transaction(&other_kind, &connection)), nullptr);
}

class SessionOfApplicationWrites : public ApplicationWrites {
protected:
  std::string shown(const char* setting, const sr::postgres_options& options) {
    sr::postgres_store store(options);
    std::string shown;
    EXPECT_EQ(put(store, change_of("A1", 2),
                  [&](sr::transaction& open) {
                    PGresult* said = PQexec(sr::postgres_connection_of(open),
                                            ("SHOW " + std::string(setting)).c_str());
                    shown = PQgetvalue(said, 0, 0);
                    PQclear(said);
                    return false;
                  }),
              "refused");
    return shown;
  }
};

TEST_F(SessionOfApplicationWrites, IsNotWaitedForForEver) {
  sr::postgres_options options = options_of(database_.conninfo());
  options.statement_timeout = std::chrono::milliseconds(1234);
  EXPECT_EQ(shown("statement_timeout", options), "1234ms");
  EXPECT_EQ(shown("idle_in_transaction_session_timeout", options), "1234ms");
}

TEST_F(SessionOfApplicationWrites, CommitsForGood) {
  const sr::postgres_options options = options_of(database_.conninfo());
  for (const std::string word : {"off", "remote_apply"}) {
    database_.sql("ALTER DATABASE " + database_.name() + " SET synchronous_commit = " + word);
    EXPECT_EQ(shown("synchronous_commit", options), word == "off" ? "on" : word);
  }
}

} // namespace
