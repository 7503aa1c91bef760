#include "postgres/store_fixture.hpp"

#include <stripe_return/testkit/order_store_conformance.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <thread>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

void PrintTo(const conformance_case& one, std::ostream* out) {
  *out << one.name;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return

namespace {

namespace sr = stripe_return;
using sr::testkit::conformance_case;
using testing::IsEmpty;

class PostgresStore : public testing::TestWithParam<conformance_case> {};

TEST_P(PostgresStore, Conforms) {
  static const test_database database; // of all of them: to make one takes longer than a case
  static int schemas = 0;
  sr::postgres_options options = options_of(database.conninfo());
  const sr::testkit::store_under_test postgres{
      [&] {
        options.schema = "shop " + std::to_string(++schemas);
        return std::make_unique<sr::postgres_store>(options);
      },
      [&] { return std::make_unique<sr::postgres_store>(options); }};
  EXPECT_THAT(GetParam().failures(postgres), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(StoreConformance, PostgresStore,
                         testing::ValuesIn(sr::testkit::conformance_cases()),
                         [](const auto& named) { return std::string(named.param.name); });

// Rows of the same time stand in the order of their keys' bytes, those that are no text included.
TEST(PostgresStore, SortsKeysOfAnyBytes) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  std::vector<std::string> keys;
  for (int byte = 0; byte != 256; ++byte)
    keys.push_back(std::string(1, static_cast<char>(byte)));
  for (const char* more : {"A1", "a1", "\xc3\xa4", "\xe8\xae\xa2", "\xff\xff"})
    keys.push_back(more);
  for (const std::string& key : keys) {
    sr::order_change change = change_of(key, 1);
    change.row.index.time(sr::order_list::review) = 7;
    ASSERT_EQ(put(store, change), "done");
  }
  std::sort(keys.begin(), keys.end());
  sr::row_query query;
  query.list = sr::order_list::review;
  query.limit = 50;
  std::vector<std::string> read;
  while (read.size() <= keys.size()) {
    const std::vector<sr::order_row> page = store.list(query).value();
    if (page.empty()) break;
    for (const sr::order_row& row : page)
      read.push_back(row.key);
    query.after = {7, read.back()};
  }
  EXPECT_EQ(read, keys);
}

// What is kept can be looked up by hand.
TEST(PostgresStore, KeepsWhatPeopleCanRead) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  sr::order_change change = change_of("订单-1", 1, "{\"action\": \"expected\"}", {"cs_test_a1"});
  change.row.text = "{\"amount\": 400}";
  ASSERT_EQ(put(store, change), "done");
  EXPECT_EQ(database.sql("SELECT record::json ->> 'amount' FROM stripe_return.order_rows "
                         "WHERE key = convert_to('订单-1', 'UTF8')"),
            "400");
  EXPECT_EQ(
      database.sql("SELECT line FROM stripe_return.order_history JOIN stripe_return.order_ids "
                   "USING (key) WHERE id = 'cs_test_a1'"),
      change.history);
}

/// One row, behind so many others in each list that to read past them is what makes a shop slow
/// after a year. They have another stage and wait for somebody else.
class PostgresPlans : public testing::TestWithParam<bool> {
protected:
  static constexpr int others = 20000;

  PostgresPlans() {
    sr::order_change change = change_of("A0", 1, "made", {"cs_0"});
    change.row.index.stage = "due";
    change.row.index.waits_for = "person";
    std::string columns;
    for (std::size_t i = 0; i != sr::order_list_count; ++i) {
      change.row.index.times[i] = others + 1;
      columns += ", " + std::string(to_string(static_cast<sr::order_list>(i))) + "_at";
    }
    sr::postgres_store store(options_of(database_.conninfo()));
    EXPECT_EQ(put(store, change), "done");
    const std::string from = " FROM generate_series(1, " + std::to_string(others) + ") AS i;";
    database_.sql(
        "INSERT INTO stripe_return.order_rows (key, version, record, stage, waits_for" + columns +
        ") SELECT convert_to('n' || i, 'UTF8'), 1, '', 'open', 'customer', i, i, i, i, i, "
        "i, i" +
        from +
        "INSERT INTO stripe_return.order_ids SELECT convert_to('cs_n' || i, 'UTF8'), "
        "convert_to('n' || i, 'UTF8')" +
        from +
        "INSERT INTO stripe_return.order_history SELECT convert_to('n' || i, "
        "'UTF8'), 1, 'made'" +
        from);
    if (GetParam()) database_.sql("ANALYZE");
  }

  /// How many rows and entries of indexes the server looks at meanwhile.
  template <class Work> long looked_at(Work work) const {
    database_.sql("SELECT pg_stat_reset()");
    {
      sr::postgres_store store(options_of(database_.conninfo()));
      for (int i = 0; i != calls; ++i)
        work(store);
    }
    // What a connection has done is counted once it has gone.
    while (database_.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                         "AND pid <> pg_backend_pid() AND backend_type = 'client backend'") != "0")
      std::this_thread::yield();
    return std::stol(database_.sql("SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + "
                                   "(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)"));
  }

  // PostgreSQL may change to one plan for all values after five.
  static constexpr int calls = 8;
  const test_database database_;
};

TEST_P(PostgresPlans, LookAtNothingButWhatIsFound) {
  const auto expect_found = [&](const sr::row_query& query, long rows) {
    const long of_the_schemas_version = 1;
    EXPECT_LE(looked_at([&](sr::postgres_store& store) {
                EXPECT_EQ(store.list(query).value().size(), static_cast<std::size_t>(rows));
              }),
              of_the_schemas_version + calls * rows)
        << to_string(query.list) << ' ' << query.stage << ' ' << query.waits_for;
  };
  for (std::size_t i = 0; i != sr::order_list_count; ++i) {
    sr::row_query query;
    query.list = static_cast<sr::order_list>(i);
    query.limit = 10;
    expect_found(query, 10);
    query.after = {others / 2, "n" + std::to_string(others / 2)};
    expect_found(query, 10);
    query.after.reset();
    query.stage = "due";
    expect_found(query, 1);
    query.waits_for = "person";
    expect_found(query, 1);
    query.stage.clear();
    expect_found(query, 1);
  }
}

TEST_P(PostgresPlans, LookAtOneRowForItsKeyOrId) {
  std::uint64_t version = 1;
  EXPECT_LE(looked_at([&](sr::postgres_store& store) {
              EXPECT_TRUE(store.find("A0").value());
              EXPECT_TRUE(store.find_by_id("cs_0").value());
              EXPECT_EQ(store.history("n77").value().size(), 1u);
              EXPECT_EQ(put(store, change_of("A0", ++version, "", {"cs_0", "cs_new"})), "done");
            }),
            calls * 20);
}
INSTANTIATE_TEST_SUITE_P(PostgresStore, PostgresPlans, testing::Bool(), [](const auto& analyzed) {
  return analyzed.param ? "Analyzed" : "AsFilled";
});

TEST(PostgresStore, DoesNotConnectBeforeItIsUsed) {
  const sr::postgres_store store(options_of("host=/dev/null/none"));
}

TEST(PostgresStore, ReportsOptionsOutOfRange) {
  const auto message = [](auto change) {
    sr::postgres_options options = options_of(postgres_server::shared().conninfo());
    change(options);
    sr::postgres_store store(options);
    EXPECT_EQ(put(store, change_of("A1", 1), no_writes), "invalid_option");
    EXPECT_EQ(put(store, change_of("A1", 1)), "invalid_option");
    return message_of(store.find("A1"));
  };
  using std::chrono::milliseconds;
  using options = sr::postgres_options;
  const std::string name = "The option schema must be a name of 1 to 63 bytes.";
  EXPECT_EQ(message([](options& all) { all.schema = ""; }), name);
  EXPECT_EQ(message([](options& all) { all.schema = std::string(64, 'x'); }), name);
  EXPECT_EQ(message([](options& all) { all.schema = std::string(1, '\0'); }), name);
  const std::string connections = "The option connections must be from 1 to 1000.";
  EXPECT_EQ(message([](options& all) { all.connections = 0; }), connections);
  EXPECT_EQ(message([](options& all) { all.connections = 1001; }), connections);
  const std::string connecting = "The option connect_timeout must be from 1 s to 10 minutes.";
  EXPECT_EQ(message([](options& all) { all.connect_timeout = milliseconds(999); }), connecting);
  EXPECT_EQ(message([](options& all) { all.connect_timeout = milliseconds(600001); }), connecting);
  const std::string waiting = "The option statement_timeout must be from 1 ms to 10 minutes.";
  EXPECT_EQ(message([](options& all) { all.statement_timeout = milliseconds(0); }), waiting);
  EXPECT_EQ(message([](options& all) { all.statement_timeout = milliseconds(600001); }), waiting);
  EXPECT_EQ(message([](options& all) { all.conninfo = "password=hunter2 nonsense"; }),
            "The option conninfo must be a connection string or URI of PostgreSQL.");
}

} // namespace
