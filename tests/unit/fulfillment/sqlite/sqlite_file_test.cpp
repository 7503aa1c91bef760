#include "order_file.hpp"

#include "fulfillment/sqlite/sqlite_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// That every kind of call is refused so.
void expect_refused(sr::sqlite_store& store, sr::error_code code, const std::string& says) {
  const auto refused = AllOf(testing::Field(&sr::error::code, code),
                             testing::Field(&sr::error::message, HasSubstr(says)));
  const auto write = store.add(an_order("A1"), a_line("added"));
  const auto read = store.find("A1");
  ASSERT_FALSE(write);
  ASSERT_FALSE(read);
  EXPECT_THAT(write.error(), refused);
  EXPECT_THAT(read.error(), refused);
}

void expect_added(sr::sqlite_store& store, const std::string& number) {
  const auto added = store.add(an_order(number), a_line("added"));
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_TRUE(*added);
}

TEST(SqliteFile, IsNotTouchedByTheConstructor) {
  const order_file file;
  file.open();
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(SqliteFile, IsMarkedAsTheStores) {
  const order_file file;
  expect_added(*file.open(), "A1");
  const other_program other(file);
  EXPECT_THAT(other.run("PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode"),
              ElementsAre(std::to_string(sr::sqlite_application_id),
                          std::to_string(sr::sqlite_schema_version), "wal"));
  EXPECT_THAT(other.run("PRAGMA integrity_check"), ElementsAre("ok"));
}

TEST(SqliteFile, ThatIsNoDatabaseIsRefused) {
  const order_file file;
  file.write("order,amount\nA1,400\n" + std::string(5000, '.'));
  expect_refused(*file.open(), sr::error_code::store_corrupt, "no SQLite database");
  EXPECT_EQ(std::filesystem::file_size(file.path()), 5020u);
}

TEST(SqliteFile, OfAnotherProgramIsRefusedAndLeftAsItIs) {
  for (const char* marks :
       {"PRAGMA application_id = 1", "PRAGMA user_version = 3", "PRAGMA encoding = 'UTF-16'"}) {
    const order_file file;
    other_program(file).run(std::string(marks) + "; CREATE TABLE orders (number TEXT)");
    expect_refused(*file.open(), sr::error_code::store_corrupt, "another program's");
    EXPECT_THAT(other_program(file).run("SELECT name FROM sqlite_master"), ElementsAre("orders"));
    EXPECT_THAT(other_program(file).run("PRAGMA journal_mode"), ElementsAre("delete")) << marks;
  }
}

TEST(SqliteFile, MayHaveTablesOfTheHost) {
  const order_file file;
  other_program(file).run("CREATE TABLE orders (number TEXT); INSERT INTO orders VALUES ('A1')");
  expect_added(*file.open(), "A1");
  EXPECT_THAT(other_program(file).run("SELECT number FROM orders"), ElementsAre("A1"));
}

TEST(SqliteFile, OfANewerLibraryIsRefused) {
  const order_file file;
  expect_added(*file.open(), "A0");
  other_program(file).run("PRAGMA user_version = 7");
  expect_refused(*file.open(), sr::error_code::store_newer,
                 "version 7, and this version of the library knows 1");
}

TEST(SqliteFile, ThatANewerLibraryChangesIsNotWrittenAnyMore) {
  const order_file file;
  const auto store = file.open();
  expect_added(*store, "A1");
  other_program(file).run("PRAGMA user_version = 2");
  const auto added = store->add(an_order("A2"), a_line("added"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, sr::error_code::store_newer);
}

TEST(SqliteFile, ThatIsCutOffIsRefused) {
  const order_file file;
  for (int i = 0; i != 50; ++i)
    expect_added(*file.open(), std::to_string(i));
  for (const std::uintmax_t size :
       {std::filesystem::file_size(file.path()) / 2, std::uintmax_t{50}}) {
    std::filesystem::resize_file(file.path(), size);
    expect_refused(*file.open(), sr::error_code::store_corrupt, "damaged");
  }
}

TEST(SqliteFile, WithADamagedOrderGivesTheOthers) {
  const order_file file;
  const auto store = file.open();
  for (const char* number : {"A1", "A2", "A3"}) {
    sr::order_record order = an_order(number);
    order.stage = sr::order_stage::due;
    ASSERT_TRUE(store->add(order, a_line("added")));
  }
  other_program(file).run(
      "UPDATE stripe_return_orders SET record = '{' WHERE out_trade_no = 'A2';"
      "UPDATE stripe_return_history SET reasons = '?' WHERE out_trade_no = 'A2'");
  ASSERT_FALSE(store->find("A2"));
  EXPECT_EQ(store->find("A2").error().code, sr::error_code::store_corrupt);
  ASSERT_FALSE(store->history("A2"));
  EXPECT_EQ(store->history("A2").error().code, sr::error_code::store_corrupt);
  EXPECT_THAT(store->due(0, 9).value(), ElementsAre("A1", "A2", "A3"));
  EXPECT_TRUE(store->find("A3").value());
  EXPECT_EQ(store->history("A3").value().size(), 1u);
}

TEST(SqliteFile, WhoseTablesAreGoneIsRefused) {
  const order_file file;
  const auto store = file.open();
  expect_added(*store, "A1");
  other_program(file).run("DROP TABLE stripe_return_orders");
  expect_refused(*store, sr::error_code::store_corrupt, "not as they were made");
}

TEST(SqliteFile, CanBeMadeLater) {
  const order_file file;
  sr::sqlite_store store((file.folder() / "later" / "orders.db").string());
  expect_refused(store, sr::error_code::store_unavailable, "cannot be opened");
  std::filesystem::create_directory(file.folder() / "later");
  expect_added(store, "A1");
}

TEST(SqliteFile, IsNotMemory) {
  for (const char* path : {"", ":memory:"}) {
    sr::sqlite_store store(path);
    expect_refused(store, sr::error_code::invalid_option, "memory_store");
  }
}

} // namespace
