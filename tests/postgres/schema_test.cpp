// The tables: who makes them, and who may use them.
#include "postgres/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::HasSubstr;

TEST(PostgresSchema, IsMadeOnceByManyAtOnce) {
  const test_database database;
  // Where two of them see what is there before they wait for each other.
  database.sql("ALTER DATABASE " + database.name() +
               " SET default_transaction_isolation = 'repeatable read'");
  for (int round = 0; round != 5; ++round) {
    sr::postgres_options options = options_of(database.conninfo());
    options.schema = "round_" + std::to_string(round);
    std::vector<std::unique_ptr<sr::postgres_store>> stores;
    std::vector<std::thread> threads;
    for (int i = 0; i != 8; ++i) {
      stores.push_back(std::make_unique<sr::postgres_store>(options));
      threads.emplace_back(
          [&, store = stores.back().get()] { EXPECT_EQ(message_of(store->find("A1")), ""); });
    }
    for (std::thread& each : threads)
      each.join();
  }
}

TEST(PostgresSchema, OfANewerVersionIsLeftAlone) {
  const test_database database;
  sr::postgres_options options = options_of(database.conninfo());
  EXPECT_TRUE(sr::postgres_store(options).find("A1"));
  database.sql("UPDATE stripe_return.order_schema SET version = 7");
  sr::postgres_store store(options);
  const auto found = store.find("A1");
  EXPECT_EQ(error_of(found), "store_newer");
  EXPECT_EQ(message_of(found), "The tables in PostgreSQL are of version 7, and this library knows "
                               "version 1: update it.");
  EXPECT_FALSE(found.error().retryable());
  database.sql("UPDATE stripe_return.order_schema SET version = 1");
  EXPECT_TRUE(store.find("A1")); // the same object goes on
}

TEST(PostgresSchema, WithoutAVersionIsDamaged) {
  const test_database database;
  sr::postgres_options options = options_of(database.conninfo());
  EXPECT_TRUE(sr::postgres_store(options).find("A1"));
  for (const char* damage :
       {"DELETE FROM stripe_return.order_schema",
        "INSERT INTO stripe_return.order_schema VALUES (0)",
        "UPDATE stripe_return.order_schema SET version = 1;"
        "INSERT INTO stripe_return.order_schema VALUES (1)",
        "ALTER TABLE stripe_return.order_schema RENAME COLUMN version TO number"}) {
    database.sql(damage);
    EXPECT_EQ(error_of(sr::postgres_store(options).find("A1")), "store_corrupt") << damage;
  }
}

TEST(PostgresSchema, ThatIsThereAlreadyIsUsed) {
  const test_database database;
  database.sql("CREATE SCHEMA \"Fran\u00e7ois's \"\"@ shop\"");
  sr::postgres_options options = options_of(database.conninfo());
  options.schema = "Fran\u00e7ois's \"@ shop";
  sr::postgres_store store(options);
  EXPECT_EQ(put(store, change_of("A1", 1)), "done");
  EXPECT_TRUE(sr::postgres_store(options).find("A1").value());
  EXPECT_EQ(database.sql("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN "
                         "('pg_catalog', 'information_schema')"),
            "5");
}

class LesserUser : public ::testing::Test {
protected:
  LesserUser() {
    database_.sql("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'right'");
    options_ = options_of(postgres_server::shared().tcp_conninfo(database_.name()) +
                          " user=clerk password=right");
  }
  ~LesserUser() override { database_.sql("DROP OWNED BY clerk; DROP ROLE clerk"); }

  const test_database database_;
  sr::postgres_options options_;
};

TEST_F(LesserUser, MayNotMakeTheTables) {
  sr::postgres_store store(options_);
  const auto found = store.find("A1");
  EXPECT_EQ(error_of(found), "store_unavailable");
  EXPECT_EQ(message_of(found), "The PostgreSQL user lacks a privilege: grant it (SQLSTATE 42501).");
}

TEST_F(LesserUser, MakesThemInASchemaOfItsOwn) {
  database_.sql("CREATE SCHEMA stripe_return AUTHORIZATION clerk");
  sr::postgres_store store(options_);
  EXPECT_EQ(put(store, change_of("A1", 1)), "done");
}

TEST_F(LesserUser, UsesWhatAnotherHasMade) {
  EXPECT_TRUE(sr::postgres_store(options_of(database_.conninfo())).find("A1"));
  sr::postgres_store store(options_);
  EXPECT_THAT(message_of(store.find("A1")), HasSubstr("42501"));
  database_.sql("GRANT USAGE ON SCHEMA stripe_return TO clerk;"
                "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA stripe_return TO clerk");
  EXPECT_EQ(put(store, change_of("A1", 1, "made", {"cs_1"})), "done");
  EXPECT_EQ(put(store, change_of("A1", 2), no_writes), "done");
  EXPECT_TRUE(store.change_value("events", "", "evt_1").value());
  EXPECT_EQ(store.stats(sr::order_list::task, 0).value().count, 0u);
  database_.sql("REVOKE INSERT, UPDATE ON ALL TABLES IN SCHEMA stripe_return FROM clerk");
  EXPECT_EQ(put(store, change_of("A1", 3)), "store_unavailable");
  EXPECT_EQ(version_of(store, "A1"), 2u);
}

} // namespace
