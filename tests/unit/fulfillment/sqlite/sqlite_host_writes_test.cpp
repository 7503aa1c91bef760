#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;

class SqliteHostWrites : public testing::Test {
protected:
  SqliteHostWrites() {
    store->add(an_order("A1"), a_line("added")).value();
    other_program(file).run("CREATE TABLE shipped (number TEXT)");
  }
  sr::result<bool> replace_with(const sr::host_writes& writes) {
    return store->replace_with(an_order("A1", 1), a_line("replaced"), writes);
  }
  static bool ship(const sr::open_transaction& open) {
    return sqlite3_exec(open.sqlite, "INSERT INTO shipped VALUES ('A1')", nullptr, nullptr,
                        nullptr) == SQLITE_OK;
  }
  std::vector<std::string> shipped() { return other_program(file).run("SELECT * FROM shipped"); }

  const order_file file;
  const std::unique_ptr<sr::sqlite_store> store = file.open();
};

TEST_F(SqliteHostWrites, AreCommittedWithTheOrder) {
  EXPECT_TRUE(replace_with([&](const sr::open_transaction& open) {
                EXPECT_EQ(open.postgres, nullptr);
                EXPECT_THAT(shipped(), IsEmpty()); // nobody else sees what is not committed
                return ship(open);
              }).value());
  EXPECT_THAT(shipped(), ElementsAre("A1"));
  EXPECT_EQ(store->find("A1").value()->version, 1u);
}

// A power failure cannot be had in a test.
TEST_F(SqliteHostWrites, AreOnTheDiskOnceCommitted) {
  std::string synchronous;
  const auto keep = [](void* kept, int, char** texts, char**) {
    *static_cast<std::string*>(kept) = texts[0];
    return 0;
  };
  EXPECT_TRUE(replace_with([&](const sr::open_transaction& open) {
                return sqlite3_exec(open.sqlite, "PRAGMA synchronous", keep, &synchronous,
                                    nullptr) == SQLITE_OK;
              }).value());
  EXPECT_EQ(synchronous, "2"); // FULL
}

TEST_F(SqliteHostWrites, AreUndoneWithTheOrder) {
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) {
                 ship(open);
                 return false;
               }).value());
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) -> bool {
                 ship(open);
                 throw std::runtime_error("no");
               }).value());
  EXPECT_THAT(shipped(), IsEmpty());
  EXPECT_EQ(store->find("A1").value()->version, 0u);
}

TEST_F(SqliteHostWrites, AreNotAskedForWhatSomebodyElseHasChanged) {
  EXPECT_TRUE(store->replace(an_order("A1", 1), a_line("replaced")).value());
  EXPECT_FALSE(replace_with([](const sr::open_transaction& open) { return ship(open); }).value());
  EXPECT_THAT(shipped(), IsEmpty());
}

TEST_F(SqliteHostWrites, MayLeaveAStatementBehind) {
  sqlite3_stmt* left = nullptr;
  EXPECT_TRUE(replace_with([&](const sr::open_transaction& open) {
                sqlite3_prepare_v2(open.sqlite, "SELECT * FROM stripe_return_orders", -1, &left,
                                   nullptr);
                return sqlite3_step(left) == SQLITE_ROW;
              }).value());
  EXPECT_TRUE(store->replace(an_order("A1", 2), a_line("again")).value());
  sqlite3_finalize(left);
}

TEST_F(SqliteHostWrites, ThatEndTheTransactionAreAnError) {
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    const auto answer = store->replace_with(
        an_order("A1", 1), a_line("replaced"), [&](const sr::open_transaction& open) {
          return sqlite3_exec(open.sqlite, end, nullptr, nullptr, nullptr) == SQLITE_OK;
        });
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, sr::error_code::store_unavailable);
  }
  EXPECT_TRUE(store->replace(an_order("A1", 2), a_line("again")).value());
}

} // namespace
