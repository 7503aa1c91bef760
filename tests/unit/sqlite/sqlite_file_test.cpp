#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
void expect_error(const sr::result<T>& answer, sr::error_code code, const std::string& says) {
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error(), AllOf(testing::Field(&sr::error::code, code),
                                    testing::Field(&sr::error::message, HasSubstr(says))));
}

/// That every member is refused so.
void expect_refused(sr::sqlite_store& store, sr::error_code code, const std::string& says) {
  expect_error(store.put(a_change("A1"), {}), code, says);
  expect_error(store.find("A1"), code, says);
  expect_error(store.find_by_id("cs_1"), code, says);
  expect_error(store.list({}), code, says);
  expect_error(store.stats(sr::order_list::all, 0), code, says);
  expect_error(store.history("A1"), code, says);
  expect_error(store.value("events"), code, says);
  expect_error(store.change_value("events", "", "1"), code, says);
}

TEST(SqliteFile, IsNotTouchedByTheConstructor) {
  const order_file file;
  file.open();
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(SqliteFile, OfTheStoresOwnHasALog) {
  const order_file file;
  EXPECT_TRUE(put(*file.open(), a_change("A1")));
  EXPECT_THAT(other_program(file).run("PRAGMA journal_mode; PRAGMA integrity_check"),
              ElementsAre("wal", "ok"));
}

TEST(SqliteFile, ThatIsNoDatabaseIsRefused) {
  const order_file file;
  file.write("order,amount\nA1,400\n" + std::string(5000, '.'));
  expect_refused(*file.open(), sr::error_code::store_corrupt, "not an SQLite database");
  EXPECT_EQ(std::filesystem::file_size(file.path()), 5020u);
}

TEST(SqliteFile, OfANewerLibraryIsRefused) {
  const order_file file;
  EXPECT_TRUE(put(*file.open(), a_change("A1")));
  other_program(file).run("UPDATE stripe_return_schema SET version = 7");
  expect_refused(*file.open(), sr::error_code::store_newer,
                 "version 7, and this version of the library knows 1");
}

TEST(SqliteFile, ThatANewerLibraryChangesIsNotWrittenAnyMore) {
  const order_file file;
  const auto store = file.open();
  EXPECT_TRUE(put(*store, a_change("A1")));
  other_program(file).run("UPDATE stripe_return_schema SET version = 2");
  expect_error(store->put(a_change("A1", 2), {}), sr::error_code::store_newer, "update it");
  expect_error(store->change_value("events", "", "1"), sr::error_code::store_newer, "update it");
  other_program(file).run("UPDATE stripe_return_schema SET version = 1");
  EXPECT_EQ(version_of(*store, "A1"), 1u);
  EXPECT_EQ(store->value("events").value(), "");
}

TEST(SqliteFile, ThatIsCutOffIsRefused) {
  const order_file file;
  for (int i = 0; i != 50; ++i)
    EXPECT_TRUE(put(*file.open(), a_change(std::to_string(i))));
  for (const std::uintmax_t size :
       {std::filesystem::file_size(file.path()) / 2, std::uintmax_t{50}}) {
    std::filesystem::resize_file(file.path(), size);
    expect_refused(*file.open(), sr::error_code::store_corrupt, "damaged");
  }
}

// Not every SQLite has STRICT tables, but each checks.
TEST(SqliteFile, TakesNoValueOfAnotherKind) {
  const order_file file;
  EXPECT_TRUE(put(*file.open(), a_change("A1", 1, {"cs_1"})));
  const other_program person(file);
  for (const char* change :
       {"order_rows SET key = 'A1'", "order_rows SET version = 'x'", "order_rows SET version = 1.5",
        "order_rows SET text = '{}'", "order_rows SET text = NULL", "order_rows SET stage = x'00'",
        "order_rows SET waits_for = NULL", "order_rows SET all_at = 'noon'",
        "order_rows SET to_give_back_at = 0.5", "order_ids SET id = 'cs_1'",
        "order_ids SET row_id = 'A1'", "order_history SET line = NULL"})
    EXPECT_THROW(person.run(std::string("UPDATE stripe_return_") + change), std::runtime_error)
        << change;
}

TEST(SqliteFile, WithADamagedRowGivesTheOthers) {
  const order_file file;
  {
    const auto store = file.open();
    for (const char* key : {"A1", "A2", "A3"}) {
      sr::order_change change = a_change(key);
      change.row.text = std::string(9000, key[1]); // over several pages
      EXPECT_TRUE(put(*store, change));
    }
  }
  std::string bytes;
  {
    std::ifstream in(file.path(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  // The page that the row of A2 goes on in is said to go on in one that there is not.
  const std::size_t inside = bytes.find(std::string(4092, '2'));
  ASSERT_NE(inside, std::string::npos);
  bytes.replace(inside / 4096 * 4096, 4, "\x7f\xff\xff\xff");
  file.write(bytes);
  const auto store = file.open();
  expect_error(store->find("A2"), sr::error_code::store_corrupt, "damaged");
  EXPECT_EQ(version_of(*store, "A1"), 1u);
  EXPECT_EQ(version_of(*store, "A3"), 1u);
  EXPECT_TRUE(put(*store, a_change("A3", 2)));
}

TEST(SqliteFile, WhoseTablesAreGoneIsRefused) {
  const order_file file;
  const auto store = file.open();
  EXPECT_TRUE(put(*store, a_change("A1")));
  other_program(file).run("DROP TABLE stripe_return_order_rows");
  expect_error(store->put(a_change("A1"), {}), sr::error_code::store_corrupt, "have been altered");
  expect_error(store->find("A1"), sr::error_code::store_corrupt, "have been altered");
  other_program(file).run("DELETE FROM stripe_return_schema");
  expect_refused(*file.open(), sr::error_code::store_corrupt, "have been altered");
}

TEST(SqliteFile, WhoseIndexIsGoneIsRefused) {
  const order_file file;
  const auto store = file.open();
  EXPECT_TRUE(put(*store, a_change("A1")));
  other_program(file).run("DROP INDEX stripe_return_order_all");
  expect_error(store->list({}), sr::error_code::store_corrupt, "have been altered");
}

TEST(SqliteFile, CanBeMadeLater) {
  const order_file file;
  sr::sqlite_store store((file.folder() / "later" / "orders.db").string());
  expect_refused(store, sr::error_code::store_unavailable, "cannot be opened");
  std::filesystem::create_directory(file.folder() / "later");
  EXPECT_TRUE(put(store, a_change("A1")));
}

TEST(SqliteFile, IsNotMemory) {
  for (const char* path : {"", ":memory:"}) {
    sr::sqlite_store store(path);
    expect_refused(store, sr::error_code::invalid_option, "memory_store");
  }
}

} // namespace
