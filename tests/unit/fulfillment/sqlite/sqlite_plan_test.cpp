#include "order_file.hpp"

#include "fulfillment/sqlite/sqlite_sql.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace {

namespace sr = stripe_return;
using sr::sqlite_sql;

std::string plan_of(const other_program& other, sqlite_sql which) {
  std::string plan;
  const std::vector<std::string> columns =
      other.run(std::string("EXPLAIN QUERY PLAN ") + sr::text_of(which));
  for (std::size_t i = 3; i < columns.size(); i += 4)
    plan += columns[i] + "; ";
  return plan;
}

// Neither a table nor an index is read as a whole, nor is anything sorted, but for the indexes that
// standing() counts the lines of.
TEST(SqlitePlan, SearchesByAnIndex) {
  const order_file file;
  ASSERT_TRUE(file.open()->add(an_order("A1"), a_line("added")));
  const other_program other(file);
  const std::string orders = "SEARCH stripe_return_orders USING ";
  const std::map<sqlite_sql, std::string> plans{
      {sqlite_sql::find,
       orders + "INDEX sqlite_autoindex_stripe_return_orders_1 (out_trade_no=?); "},
      {sqlite_sql::replace,
       orders + "INDEX sqlite_autoindex_stripe_return_orders_1 (out_trade_no=?); "},
      {sqlite_sql::order_of, "SEARCH stripe_return_sessions USING PRIMARY KEY (session_id=?); "},
      {sqlite_sql::due, orders + "COVERING INDEX stripe_return_claimable (claimable_at<?); "},
      {sqlite_sql::to_ask, orders + "COVERING INDEX stripe_return_to_ask (ask_at<?); "},
      {sqlite_sql::in_review,
       orders + "COVERING INDEX stripe_return_in_review (in_review=? AND out_trade_no>?); "},
      {sqlite_sql::history, "SEARCH stripe_return_history USING PRIMARY KEY (out_trade_no=?); "},
      {sqlite_sql::cursor, "SEARCH stripe_return_cursors USING PRIMARY KEY (name=?); "},
      {sqlite_sql::move_cursor, "SEARCH stripe_return_cursors USING PRIMARY KEY (name=?); "}};
  for (const auto& [which, plan] : plans)
    EXPECT_EQ(plan_of(other, which), plan) << sr::text_of(which);

  const std::string standing = plan_of(other, sqlite_sql::standing);
  for (const char* index : {"stripe_return_due", "stripe_return_leased (leased_until<?)",
                            "stripe_return_in_review", "stripe_return_to_ask (ask_at<?)"})
    EXPECT_THAT(standing, testing::HasSubstr(std::string("USING COVERING INDEX ") + index));
  EXPECT_THAT(standing, testing::Not(testing::ContainsRegex("SCAN stripe_return_orders;")));
}

} // namespace
