#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;

class ApplicationWrites : public testing::Test {
protected:
  ApplicationWrites() {
    put(*store, a_change("A1"));
    other_program(file).run("CREATE TABLE shipped (number TEXT)");
  }
  static bool ship(const sr::transaction& open) {
    other_program::run(sr::sqlite_connection_of(open), "INSERT INTO shipped VALUES ('A1')");
    return true;
  }
  std::vector<std::string> shipped() { return other_program(file).run("SELECT * FROM shipped"); }

  const order_file file;
  const std::unique_ptr<sr::sqlite_store> store = file.open();
};

TEST_F(ApplicationWrites, AreCommittedWithTheRow) {
  EXPECT_TRUE(put(*store, a_change("A1", 2), [&](const sr::transaction& open) {
    EXPECT_TRUE(ship(open));
    EXPECT_THAT(shipped(), IsEmpty()); // nobody else sees what is not committed
    return true;
  }));
  EXPECT_THAT(shipped(), ElementsAre("A1"));
  EXPECT_EQ(version_of(*store, "A1"), 2u);
}

TEST_F(ApplicationWrites, SeeTheRowAsItWillBe) {
  EXPECT_TRUE(put(*store, a_change("A1", 2), [&](const sr::transaction& open) {
    EXPECT_THAT(other_program::run(sr::sqlite_connection_of(open),
                                   "SELECT version FROM stripe_return_order_rows"),
                ElementsAre("2"));
    return true;
  }));
}

TEST_F(ApplicationWrites, GetTheConnectionOfNoOtherStore) {
  static const char another_kind = 0;
  int connection = 0;
  EXPECT_EQ(sr::sqlite_connection_of(sr::transaction(&another_kind, &connection)), nullptr);
}

// A power failure cannot be had in a test.
TEST_F(ApplicationWrites, AreOnTheDiskOnceCommitted) {
  EXPECT_TRUE(put(*store, a_change("A1", 2), [&](const sr::transaction& open) {
    EXPECT_THAT(other_program::run(sr::sqlite_connection_of(open), "PRAGMA synchronous"),
                ElementsAre("3")); // EXTRA
    return true;
  }));
}

TEST_F(ApplicationWrites, AreUndoneWithTheRow) {
  const auto refuse = [](const sr::transaction& open) { return !ship(open); };
  EXPECT_FALSE(put(*store, a_change("A1", 2), refuse));
  EXPECT_FALSE(put(*store, a_change("A1", 2), [](const sr::transaction& open) -> bool {
    ship(open);
    throw std::runtime_error("no");
  }));
  EXPECT_THAT(shipped(), IsEmpty());
  EXPECT_EQ(version_of(*store, "A1"), 1u);
}

TEST_F(ApplicationWrites, AreNotMadeForWhatSomebodyElseHasChanged) {
  EXPECT_TRUE(put(*store, a_change("A1", 2)));
  EXPECT_FALSE(put(*store, a_change("A1", 2), ship));
  EXPECT_THAT(shipped(), IsEmpty());
}

TEST_F(ApplicationWrites, MayLeaveAStatementBehind) {
  sqlite3_stmt* left = nullptr;
  EXPECT_TRUE(put(*store, a_change("A1", 2), [&](const sr::transaction& open) {
    sqlite3_prepare_v2(sr::sqlite_connection_of(open), "SELECT * FROM stripe_return_order_rows", -1,
                       &left, nullptr);
    return sqlite3_step(left) == SQLITE_ROW;
  }));
  EXPECT_TRUE(put(*store, a_change("A1", 3)));
  sqlite3_finalize(left);
}

TEST_F(ApplicationWrites, ThatEndTheTransactionAreAnError) {
  std::uint64_t version = 1;
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    const auto answer = store->put(a_change("A1", 2), [&](const sr::transaction& open) {
      other_program::run(sr::sqlite_connection_of(open), end);
      return true;
    });
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, sr::error_code::store_unavailable);
    EXPECT_EQ(version_of(*store, "A1"), version++);
  }
  EXPECT_TRUE(put(*store, a_change("A1", 3)));
}

} // namespace
