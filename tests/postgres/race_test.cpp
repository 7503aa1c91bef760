// Transactions that meet: one has changed what the other one wants, and has not committed yet.
#include "postgres/store_fixture.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <string>
#include <thread>

namespace {

namespace sr = stripe_return;

struct answers {
  std::string first;
  std::string second;
};

/// By the isolation level that the database has by default.
class PostgresRace : public testing::TestWithParam<const char*> {
protected:
  PostgresRace() {
    database_.sql("ALTER DATABASE " + database_.name() + " SET default_transaction_isolation = '" +
                  GetParam() + "'");
    EXPECT_EQ(put(store_, change_of("A1", 1)), "done");
    EXPECT_EQ(put(store_, change_of("B2", 1)), "done");
  }

  /// The second one begins when the first one has been made but for its commit, and waits for it.
  answers meet(const sr::order_change& first, const sr::order_change& second, bool agreed = true) {
    answers both;
    std::thread waiting;
    both.first = put(store_, first, [&](sr::transaction&) {
      waiting = std::thread([&] { both.second = put(store_, second); });
      wait_for_a_lock();
      return agreed;
    });
    waiting.join();
    return both;
  }
  void wait_for_a_lock() const {
    while (database_.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                         "AND datname = current_database()") == "0")
      std::this_thread::yield();
  }
  std::size_t lines(const char* key) { return store_.history(key).value().size(); }

  const test_database database_;
  sr::postgres_store store_{options_of(database_.conninfo())};
};

TEST_P(PostgresRace, OneOfTwoChangesOfTheSameVersionIsMade) {
  const answers both = meet(change_of("A1", 2, "first"), change_of("A1", 2, "second"));
  EXPECT_EQ(both.first, "done");
  EXPECT_EQ(both.second, "version_changed");
  EXPECT_EQ(store_.history("A1").value().back(), "first");
}

TEST_P(PostgresRace, OneOfTwoMakesANewRow) {
  const answers both = meet(change_of("C3", 1, "first"), change_of("C3", 1, "second", {"cs_1"}));
  EXPECT_EQ(both.first, "done");
  EXPECT_EQ(both.second, "version_changed");
  EXPECT_FALSE(store_.find_by_id("cs_1").value());
}

TEST_P(PostgresRace, OneOfTwoGetsAnId) {
  const answers both =
      meet(change_of("A1", 2, "first", {"cs_2"}), change_of("B2", 2, "second", {"cs_1", "cs_2"}));
  EXPECT_EQ(both.first, "done");
  EXPECT_EQ(both.second, "id_taken");
  EXPECT_EQ(store_.find_by_id("cs_2").value()->key, "A1");
  EXPECT_FALSE(store_.find_by_id("cs_1").value());
  EXPECT_EQ(version_of(store_, "B2"), 1u);
  EXPECT_EQ(lines("B2"), 1u);
}

TEST_P(PostgresRace, TheOtherOneGetsTheIdWhereTheFirstIsUndone) {
  const answers both =
      meet(change_of("A1", 2, "first", {"cs_1"}), change_of("C3", 1, "second", {"cs_1"}), false);
  EXPECT_EQ(both.first, "refused");
  EXPECT_EQ(both.second, "done");
  EXPECT_EQ(store_.find_by_id("cs_1").value()->key, "C3");
  EXPECT_EQ(version_of(store_, "A1"), 1u);
}

// The version is judged before the ids, which both are the first one's.
TEST_P(PostgresRace, AChangedVersionIsSaidBeforeATakenId) {
  const answers both =
      meet(change_of("A1", 2, "first", {"cs_1"}), change_of("A1", 2, "second", {"cs_1"}));
  EXPECT_EQ(both.second, "version_changed");
  EXPECT_EQ(put(store_, change_of("B2", 7, "", {"cs_1"})), "version_changed");
  EXPECT_EQ(put(store_, change_of("B2", 2, "", {"cs_1"})), "id_taken");
}

// Ids are taken in their own order, not in the one given, so that no two transactions wait for each
// other: what waits for the first id holds none of those behind it.
TEST_P(PostgresRace, IdsAreTakenInOneOrder) {
  const auto id = [](const char* text) {
    return "INSERT INTO stripe_return.order_ids VALUES ('" + std::string(text) + "', 'B2')";
  };
  std::string came;
  std::thread waiting;
  EXPECT_EQ(put(store_, change_of("B2", 2),
                [&](sr::transaction& open) {
                  PGconn* const native = sr::postgres_connection_of(open);
                  PQclear(PQexec(native, id("cs_1").c_str()));
                  waiting = std::thread([&] {
                    came = put(store_, change_of("A1", 2, "", {"cs_3", "cs_1", "cs_2"}));
                  });
                  wait_for_a_lock();
                  PQclear(PQexec(native, "SET LOCAL lock_timeout = 1"));
                  for (const char* free : {"cs_2", "cs_3"})
                    PQclear(PQexec(native, id(free).c_str()));
                  EXPECT_EQ(PQtransactionStatus(native), PQTRANS_INTRANS);
                  return false;
                }),
            "refused");
  waiting.join();
  EXPECT_EQ(came, "done");
}

INSTANTIATE_TEST_SUITE_P(Isolation, PostgresRace,
                         testing::Values("read committed", "repeatable read", "serializable"),
                         [](const auto& level) {
                           std::string name;
                           for (const char c : std::string(level.param))
                             if (c != ' ') name += c;
                           return name;
                         });

} // namespace
