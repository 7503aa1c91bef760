#include "postgres/fulfillment/store_fixture.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <stdexcept>

namespace {

namespace sr = stripe_return;

bool did(PGconn* on, const char* text) {
  PGresult* said = PQexec(on, text);
  const bool well = PQresultStatus(said) == PGRES_COMMAND_OK;
  PQclear(said);
  return well;
}

class HostWrites : public ::testing::Test {
protected:
  HostWrites() {
    database_.sql("CREATE TABLE parcels (out_trade_no text PRIMARY KEY)");
    EXPECT_TRUE(store_.add(order_of_version("A1", 0), line("added")).value());
  }

  sr::result<bool> replace_with(const sr::host_writes& writes) {
    return store_.replace_with(order_of_version("A1", 1), line("shipped"), writes);
  }
  std::string parcels() const { return database_.sql("SELECT count(*) FROM parcels"); }
  std::uint64_t version() { return store_.find("A1").value()->version; }
  void expect_nothing_done() {
    EXPECT_EQ(parcels(), "0");
    EXPECT_EQ(version(), 0u);
    EXPECT_EQ(store_.history("A1").value().size(), 1u);
  }

  const test_database database_;
  sr::postgres_store store_{options_of(database_.conninfo())};
};

constexpr const char* one_parcel = "INSERT INTO parcels VALUES ('A1')";

TEST_F(HostWrites, AreCommittedWithTheOrder) {
  EXPECT_TRUE(replace_with([&](const sr::open_transaction& open) {
                EXPECT_TRUE(did(open.postgres, one_parcel));
                EXPECT_EQ(parcels(), "0"); // of nobody's business yet
                EXPECT_EQ(version(), 0u);
                return true;
              }).value());
  EXPECT_EQ(parcels(), "1");
  EXPECT_EQ(version(), 1u);
  EXPECT_EQ(store_.history("A1").value().size(), 2u);
}

TEST_F(HostWrites, AreUndoneWithTheOrder) {
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) {
                 EXPECT_TRUE(did(open.postgres, one_parcel));
                 return false;
               }).value());
  expect_nothing_done();
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) -> bool {
                 EXPECT_TRUE(did(open.postgres, one_parcel));
                 throw std::runtime_error("no");
               }).value());
  expect_nothing_done();
}

TEST_F(HostWrites, AreNotAskedForWhereTheOrderHasChanged) {
  ASSERT_TRUE(store_.replace(order_of_version("A1", 1), line()).value());
  EXPECT_FALSE(replace_with([](const sr::open_transaction&) {
                 ADD_FAILURE();
                 return true;
               }).value());
}

// Whatever the host says of it.
TEST_F(HostWrites, ThatFailUndoAll) {
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) {
                 EXPECT_TRUE(did(open.postgres, one_parcel));
                 EXPECT_FALSE(did(open.postgres, one_parcel));
                 return true;
               }).value());
  expect_nothing_done();
}

TEST_F(HostWrites, ThatTheCommitRefusesUndoAll) {
  database_.sql("CREATE TABLE labels (out_trade_no text REFERENCES parcels DEFERRABLE INITIALLY "
                "DEFERRED)");
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) {
                 EXPECT_TRUE(did(open.postgres, "INSERT INTO labels VALUES ('A1')"));
                 return true;
               }).value());
  expect_nothing_done();
}

// They must not; what has become of the order is not known then.
TEST_F(HostWrites, ThatEndTheTransactionAreToldOf) {
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    EXPECT_EQ(error_of(replace_with(
                  [end](const sr::open_transaction& open) { return did(open.postgres, end); })),
              "store_unavailable");
  }
  EXPECT_EQ(version(), 1u);
}

TEST_F(HostWrites, ThatLeaveAStatementRunningUndoAll) {
  EXPECT_EQ(error_of(replace_with([](const sr::open_transaction& open) {
              return PQsendQuery(open.postgres, one_parcel) == 1;
            })),
            "store_unavailable");
  expect_nothing_done();
}

// The connection is free again: there is only one.
TEST_F(HostWrites, LeaveNoTransactionBehind) {
  sr::postgres_options options = options_of(database_.conninfo());
  options.connections = 1;
  sr::postgres_store store(options);
  for (const bool agreed : {false, true}) {
    EXPECT_EQ(store
                  .replace_with(order_of_version("A1", 1), line(),
                                [=](const sr::open_transaction&) { return agreed; })
                  .value(),
              agreed);
    EXPECT_EQ(database_.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                            "current_database() AND state LIKE 'idle in%'"),
              "0");
  }
  EXPECT_EQ(store.find("A1").value()->version, 1u);
}

TEST_F(HostWrites, AreCalledAgainAfterASerializationFailure) {
  database_.sql("ALTER DATABASE " + database_.name() +
                " SET default_transaction_isolation = serializable");
  database_.sql("CREATE TABLE stock (left_over int); INSERT INTO stock VALUES (9)");
  sr::postgres_store store(options_of(database_.conninfo()));
  int calls = 0;
  EXPECT_TRUE(store
                  .replace_with(order_of_version("A1", 1), line(),
                                [&](const sr::open_transaction& open) {
                                  PQclear(
                                      PQexec(open.postgres, "SELECT sum(left_over) FROM stock"));
                                  // Somebody else reads what this is to change and changes what
                                  // this has read: one of both has to go, and the other one commits
                                  // first.
                                  if (++calls == 1) {
                                    database_.sql("BEGIN; SELECT count(*) FROM parcels; "
                                                  "UPDATE stock SET left_over = 8; COMMIT");
                                  }
                                  return did(open.postgres, one_parcel);
                                })
                  .value());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(parcels(), "1");
  EXPECT_EQ(version(), 1u);
}

class SessionOfHostWrites : public HostWrites {
protected:
  std::string shown(const char* setting, const sr::postgres_options& options) {
    sr::postgres_store store(options);
    std::string shown;
    EXPECT_FALSE(store
                     .replace_with(order_of_version("A1", 1), line(),
                                   [&](const sr::open_transaction& open) {
                                     PGresult* said = PQexec(
                                         open.postgres, ("SHOW " + std::string(setting)).c_str());
                                     shown = PQgetvalue(said, 0, 0);
                                     PQclear(said);
                                     return false;
                                   })
                     .value());
    return shown;
  }
};

TEST_F(SessionOfHostWrites, IsNotWaitedForForEver) {
  sr::postgres_options options = options_of(database_.conninfo());
  options.statement_timeout = std::chrono::milliseconds(1234);
  EXPECT_EQ(shown("statement_timeout", options), "1234ms");
  EXPECT_EQ(shown("idle_in_transaction_session_timeout", options), "1234ms");
}

TEST_F(SessionOfHostWrites, CommitsForGood) {
  const sr::postgres_options options = options_of(database_.conninfo());
  for (const std::string word : {"off", "remote_apply"}) {
    database_.sql("ALTER DATABASE " + database_.name() + " SET synchronous_commit = " + word);
    EXPECT_EQ(shown("synchronous_commit", options), word == "off" ? "on" : word);
  }
}

} // namespace
