// The store beside the application's own tables.
#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::StartsWith;

// What a file may have been made with, and how that is seen.
struct file_setting {
  const char* made;
  const char* seen;
  const char* value;
};

TEST(SharedFile, KeepsWhatTheApplicationChose) {
  for (const file_setting& each :
       {file_setting{"PRAGMA application_id = 1", "PRAGMA application_id", "1"},
        file_setting{"PRAGMA user_version = 3", "PRAGMA user_version", "3"},
        file_setting{"PRAGMA encoding = 'UTF-16le'", "PRAGMA encoding", "UTF-16le"},
        file_setting{"PRAGMA page_size = 512", "PRAGMA page_size", "512"},
        file_setting{"PRAGMA auto_vacuum = FULL", "PRAGMA auto_vacuum", "1"},
        file_setting{"PRAGMA journal_mode = DELETE", "PRAGMA journal_mode", "delete"},
        file_setting{"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"}}) {
    const order_file file;
    other_program(file).run(
        std::string(each.made) +
        "; CREATE TABLE orders (number TEXT); INSERT INTO orders VALUES ('A1')");
    const auto store = file.open();
    EXPECT_TRUE(put(*store, a_change("A1", 1, {"cs_1"}))) << each.made;
    EXPECT_TRUE(put(*store, a_change("A1", 2)));
    EXPECT_EQ(version_of(*store, "A1"), 2u);
    const other_program other(file);
    EXPECT_THAT(other.run(each.seen), ElementsAre(each.value));
    EXPECT_THAT(other.run("SELECT number FROM orders; PRAGMA integrity_check"),
                ElementsAre("A1", "ok"));
  }
}

TEST(SharedFile, HasNoNameThatIsNotTheStores) {
  const order_file file;
  EXPECT_TRUE(put(*file.open(), a_change("A1")));
  EXPECT_THAT(
      other_program(file).run("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"),
      Each(StartsWith("stripe_return_")));
  EXPECT_THAT(other_program(file).run("PRAGMA application_id; PRAGMA user_version"),
              ElementsAre("0", "0"));
}

TEST(SharedFile, MayBeMigratedBetweenTwoCalls) {
  const order_file file;
  const auto store = file.open();
  EXPECT_TRUE(put(*store, a_change("A1")));
  const other_program application(file);
  for (std::uint64_t version = 2; version != 5; ++version) {
    application.run("BEGIN; CREATE TABLE orders_" + std::to_string(version) +
                    " (number TEXT); PRAGMA user_version = " + std::to_string(version) +
                    "; COMMIT");
    EXPECT_TRUE(put(*store, a_change("A1", version)));
    EXPECT_EQ(version_of(*store, "A1"), version);
  }
  application.run("VACUUM; ANALYZE");
  EXPECT_TRUE(put(*store, a_change("A1", 5)));
  EXPECT_EQ(store->list({}).value().size(), 1u);
}

// With a rollback journal readers and writers exclude one another.
TEST(SharedFile, WaitsForTheApplicationWithoutALog) {
  const order_file file;
  other_program application(file);
  application.run("CREATE TABLE orders (number TEXT)");
  const auto store = file.open(std::chrono::milliseconds(50));
  EXPECT_TRUE(put(*store, a_change("A1")));
  application.run("BEGIN; SELECT * FROM orders"); // which holds up a commit
  const auto put_now = store->put(a_change("A1", 2), {});
  ASSERT_FALSE(put_now);
  EXPECT_EQ(put_now.error().code, stripe_return::error_code::store_unavailable);
  EXPECT_EQ(version_of(*store, "A1"), 1u);
  application.run("COMMIT");
  EXPECT_TRUE(put(*store, a_change("A1", 2)));
}

} // namespace
