#include "order_file.hpp"

#include "sqlite/statements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
namespace sql = sr::sqlite_sql;
using testing::HasSubstr;

class QueryPlan : public testing::Test {
protected:
  QueryPlan() { put(*file.open(), a_change("A1")); }

  std::string plan_of(std::string_view statement) const {
    std::string plan;
    const auto columns = other_program(file).run("EXPLAIN QUERY PLAN " + std::string(statement));
    for (std::size_t i = 3; i < columns.size(); i += 4) {
      std::string step = columns[i];
      if (step.rfind("SEARCH TABLE ", 0) == 0) step.erase(7, 6); // before SQLite 3.36
      plan += step + "; ";
    }
    return plan;
  }

  const order_file file;
};

TEST_F(QueryPlan, SearchesByAKey) {
  const std::string by_key = "SEARCH stripe_return_order_rows USING INDEX "
                             "sqlite_autoindex_stripe_return_order_rows_1 (key=?); ";
  EXPECT_EQ(plan_of(sql::find), by_key);
  EXPECT_EQ(plan_of(sql::state), by_key);
  const std::string by_row_id =
      "SEARCH stripe_return_order_rows USING INTEGER PRIMARY KEY (rowid=?); ";
  EXPECT_EQ(plan_of(sql::update(0)), by_row_id);
  EXPECT_EQ(plan_of(sql::find_by_id), by_row_id +
                                          "SCALAR SUBQUERY 1; SEARCH stripe_return_order_ids "
                                          "USING PRIMARY KEY (id=?); ");
  EXPECT_THAT(plan_of(sql::history),
              HasSubstr("SEARCH stripe_return_order_history USING PRIMARY KEY (row_id=?); "));
  EXPECT_EQ(plan_of(sql::value), "SEARCH stripe_return_values USING PRIMARY KEY (name=?); ");
}

// Neither the table nor an index is read as a whole, nor is anything sorted: however many rows
// there are, a list costs what it gives.
TEST_F(QueryPlan, SearchesEachListByItsIndex) {
  for (std::size_t i = 0; i != sr::order_list_count; ++i) {
    const auto list = static_cast<sr::order_list>(i);
    const std::string word(to_string(list));
    const std::string index =
        "SEARCH stripe_return_order_rows USING INDEX stripe_return_order_" + word;
    const std::string range = "(" + word + "_at,key)>(?,?) AND " + word + "_at<?); ";
    EXPECT_EQ(plan_of(sql::list(list, false, false)), index + " (" + range);
    EXPECT_EQ(plan_of(sql::list(list, true, false)), index + "_by_stage (stage=? AND " + range);
    EXPECT_EQ(plan_of(sql::list(list, false, true)),
              index + "_by_waits_for (waits_for=? AND " + range);
    EXPECT_EQ(plan_of(sql::list(list, true, true)), index + "_by_stage (stage=? AND " + range);
    EXPECT_EQ(plan_of(sql::stats(list)),
              "SEARCH stripe_return_order_rows USING COVERING INDEX stripe_return_order_" + word +
                  " (" + word + "_at<?); ");
  }
}

} // namespace
