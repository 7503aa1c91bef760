#include "postgres/fulfillment/store_fixture.hpp"

#include <stripe_return/testkit/store_conformance.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

void PrintTo(const store_rule& rule, std::ostream* out) {
  *out << rule.name;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return

namespace {

namespace sr = stripe_return;
using sr::testkit::store_rule;
using testing::ElementsAre;
using testing::IsEmpty;

class PostgresStore : public testing::TestWithParam<store_rule> {};

TEST_P(PostgresStore, Conforms) {
  static const test_database database; // of all of them: to make one takes longer than a rule
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
                         testing::ValuesIn(sr::testkit::store_rules()),
                         [](const auto& named) { return std::string(named.param.name); });

TEST(PostgresStore, KeepsNumbersOfEveryByte) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  std::string every;
  for (int byte = 0; byte != 256; ++byte)
    every += static_cast<char>(byte);
  const std::vector<std::string> numbers{every,
                                         std::string(1, '\0'),
                                         std::string(2, '\0'),
                                         "\x01",
                                         "\x01"
                                         "00",
                                         "\xff",
                                         "\xe8\xae",
                                         "A"};
  for (const std::string& each : numbers) {
    sr::order_record order = order_of_version(each, 0);
    order.expected.emplace().out_trade_no = each;
    order.review = {sr::reason::amount_mismatch};
    order.sessions = {{"cs_test_" + std::to_string(each.size()) + each}};
    sr::history_entry entry{1, each, each, each, each, {}, each};
    ASSERT_TRUE(store.add(order, entry).value());
  }
  for (const std::string& each : numbers) {
    const sr::order_record found = store.find(each).value().value();
    EXPECT_EQ(found.out_trade_no, each);
    EXPECT_EQ(found.expected->out_trade_no, each);
    EXPECT_EQ(store.order_of("cs_test_" + std::to_string(each.size()) + each).value(), each);
    EXPECT_EQ(store.history(each).value().at(0).note, each);
  }
  EXPECT_THAT(store.in_review("", 99).value(), testing::UnorderedElementsAreArray(numbers));
  ASSERT_TRUE(store.move_cursor(every, "", every).value());
  EXPECT_EQ(store.cursor(every).value(), every);
}

TEST(PostgresStore, ReadsWellInPsql) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  const std::string number = "\xe8\xae\xa2\xe5\x8d\x95-1774256382025448500";
  ASSERT_TRUE(store.add(order_of_version(number, 0), line()).value());
  EXPECT_EQ(database.sql("SELECT out_trade_no FROM stripe_return.orders"), number);
  EXPECT_EQ(database.sql("SELECT record::json->>'stage' FROM stripe_return.orders"), "awaiting");
}

// Each list by its own partial index, whatever the table holds: a plan that reads all orders is
// what makes a shop slow after a year.
TEST(PostgresStore, NeverReadsTheWholeTable) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  ASSERT_TRUE(store.add(order_of_version("A0", 0), line()).value());
  database.sql("INSERT INTO stripe_return.orders (out_trade_no, version, record, in_review) "
               "SELECT i, 0, '', false FROM generate_series(1, 20000) AS i;"
               "INSERT INTO stripe_return.sessions SELECT 'cs_' || i, i "
               "FROM generate_series(1, 20000) AS i");
  const auto scans = [&] {
    return database.sql("SELECT sum(seq_scan) FROM pg_stat_user_tables "
                        "WHERE relname IN ('orders', 'sessions', 'history')");
  };
  const auto use = [&] {
    ASSERT_TRUE(store.find("A0"));
    ASSERT_TRUE(store.order_of("cs_1"));
    ASSERT_TRUE(store.due(1, 10));
    ASSERT_TRUE(store.to_ask(1, 10));
    ASSERT_TRUE(store.in_review("", 10));
    ASSERT_TRUE(store.history("A0"));
    ASSERT_TRUE(store.standing(1));
    const auto found = store.find("A0").value();
    ASSERT_TRUE(store.replace(order_of_version("A0", found->version + 1), line()).value());
  };
  database.sql("SELECT pg_stat_reset()");
  for (int i = 0; i != 8; ++i) // PostgreSQL may change to a plan for all values after five
    use();
  // The statistics of a connection are complete once it has gone.
  sr::postgres_options own = options_of(database.conninfo());
  {
    sr::postgres_store other(own);
    ASSERT_TRUE(other.find("A0"));
  }
  EXPECT_EQ(scans(), "0");
}

TEST(PostgresStore, ConnectsToNobodyBeforeItIsUsed) {
  const sr::postgres_store store(options_of("host=/dev/null/none"));
}

TEST(PostgresStore, TellsOfOptionsOutOfRange) {
  const auto told = [](auto change) {
    sr::postgres_options options = options_of(postgres_server::shared().conninfo());
    change(options);
    sr::postgres_store store(options);
    EXPECT_EQ(error_of(store.replace_with(order_of_version("A1", 1), line(),
                                          [](const sr::open_transaction&) { return true; })),
              "invalid_option");
    EXPECT_EQ(error_of(store.add(order_of_version("A1", 0), line())), "invalid_option");
    return message_of(store.find("A1"));
  };
  using std::chrono::milliseconds;
  using options = sr::postgres_options;
  const std::string name = "The option schema must be a name of 1 to 63 bytes.";
  EXPECT_EQ(told([](options& all) { all.schema = ""; }), name);
  EXPECT_EQ(told([](options& all) { all.schema = std::string(64, 'x'); }), name);
  EXPECT_EQ(told([](options& all) { all.schema = "\xff"; }), name);
  const std::string connections = "The option connections must be from 1 to 1000.";
  EXPECT_EQ(told([](options& all) { all.connections = 0; }), connections);
  EXPECT_EQ(told([](options& all) { all.connections = 1001; }), connections);
  const std::string connecting = "The option connect_timeout must be from 1 s to 10 minutes.";
  EXPECT_EQ(told([](options& all) { all.connect_timeout = milliseconds(999); }), connecting);
  EXPECT_EQ(told([](options& all) { all.connect_timeout = milliseconds(600001); }), connecting);
  const std::string waiting = "The option statement_timeout must be from 1 ms to 10 minutes.";
  EXPECT_EQ(told([](options& all) { all.statement_timeout = milliseconds(0); }), waiting);
  EXPECT_EQ(told([](options& all) { all.statement_timeout = milliseconds(600001); }), waiting);
  EXPECT_EQ(told([](options& all) { all.conninfo = "password=hunter2 nonsense"; }),
            "The option conninfo must be a connection string or URI of PostgreSQL.");
}

} // namespace
