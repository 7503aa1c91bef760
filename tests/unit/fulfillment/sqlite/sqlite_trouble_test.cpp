#include "order_file.hpp"
#include "unit/sqlite/child_process.hpp"
#include "unit/sqlite/system_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using testing::HasSubstr;

// What the record says, and that its history says the same.
std::uint64_t version_of(sr::sqlite_store& store, const std::string& number) {
  const auto found = store.find(number);
  if (!found) throw std::runtime_error(found.error().message);
  const auto lines = store.history(number);
  if (!lines) throw std::runtime_error(lines.error().message);
  EXPECT_EQ(lines->size(), (*found)->version + 1);
  return (*found)->version;
}

template <class T> void expect_unavailable(const sr::result<T>& answer, const char* says) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, sr::error_code::store_unavailable);
  EXPECT_TRUE(answer.error().retryable());
  EXPECT_THAT(answer.error().message, HasSubstr(says));
}

TEST(SqliteTrouble, IsToldWhileAnotherProcessWritesForTooLong) {
  const order_file file;
  ASSERT_TRUE(file.open()->add(an_order("A1"), a_line("added")));
  child_process writer([&](const child_process::pipes& parent) {
    const other_program other(file);
    other.run("BEGIN IMMEDIATE");
    parent.say("began");
    parent.wait();
    other.run("COMMIT");
  });
  ASSERT_EQ(writer.line(), "began");
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->replace(an_order("A1", 1), a_line("replaced")), "Another process");
  EXPECT_EQ(version_of(*store, "A1"), 0u); // readers go on
  writer.go_on();
  EXPECT_TRUE(writer.succeeded());
  EXPECT_TRUE(store->replace(an_order("A1", 1), a_line("replaced")).value());
}

TEST(SqliteTrouble, IsToldWhereTheHostsWritesCallTheStore) {
  const order_file file;
  const auto store = file.open(std::chrono::milliseconds(50));
  ASSERT_TRUE(store->add(an_order("A1"), a_line("added")));
  EXPECT_TRUE(store
                  ->replace_with(an_order("A1", 1), a_line("replaced"),
                                 [&](const sr::open_transaction&) {
                                   expect_unavailable(store->add(an_order("A2"), a_line("added")),
                                                      "other threads");
                                   return true;
                                 })
                  .value());
  EXPECT_EQ(version_of(*store, "A1"), 1u);
}

// The disk fails at each write that a change takes, in turn, until none is left to fail.
void fail_at_each_write(int with, const char* says) {
  const order_file file;
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(store->add(an_order("A1"), a_line("added")));
  std::uint64_t version = 0;
  int failures = 0;
  for (int after = 0;; ++after) {
    sr::order_record order = an_order("A1", version + 1);
    order.sessions = {{"cs_test_" + std::to_string(after)}};
    sr::history_entry line = a_line("replaced");
    line.note = std::string(10000, 'x'); // more than a page, so that there are several to write
    disk.fail_writes(with, after);
    const auto replaced = store->replace(order, line);
    disk.work_again();
    const std::uint64_t found = version_of(*store, "A1");
    if (replaced) {
      EXPECT_TRUE(*replaced);
      EXPECT_EQ(found, version + 1);
      break;
    }
    expect_unavailable(replaced, says);
    EXPECT_TRUE(found == version || found == version + 1);
    EXPECT_EQ(version_of(*file.open(), "A1"), found);
    version = found;
    ++failures;
    ASSERT_LT(failures, 200);
  }
  EXPECT_GT(failures, 3);
}

TEST(SqliteTrouble, LosesNothingWhenTheDiskIsFull) {
  fail_at_each_write(ENOSPC, "full");
}

TEST(SqliteTrouble, LosesNothingWhenTheDiskFails) {
  fail_at_each_write(EIO, "disk");
}

TEST(SqliteTrouble, OpensTheFileAgainAfterTheDiskFailed) {
  const order_file file;
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(store->add(an_order("A1"), a_line("added")));
  disk.fail_writes(EIO);
  expect_unavailable(store->add(an_order("A2"), a_line("added")), "disk");
  disk.work_again();
  const int opened = disk.opened();
  EXPECT_TRUE(store->add(an_order("A2"), a_line("added")).value());
  EXPECT_GT(disk.opened(), opened);
}

TEST(SqliteTrouble, ReadsOnWhileTheDiskIsFull) {
  const order_file file;
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(store->add(an_order("A1"), a_line("added")));
  disk.fail_writes(ENOSPC);
  expect_unavailable(store->add(an_order("A2"), a_line("added")), "full");
  EXPECT_EQ(version_of(*store, "A1"), 0u);
  expect_unavailable(store->add(an_order("A2"), a_line("added")), "full");
  disk.work_again();
  EXPECT_TRUE(store->add(an_order("A2"), a_line("added")).value());
}

TEST(SqliteTrouble, IsToldOnAFullDiskFromTheBeginning) {
  const order_file file;
  failing_disk disk;
  disk.fail_writes(ENOSPC);
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->add(an_order("A1"), a_line("added")), "");
  disk.work_again();
  EXPECT_TRUE(store->add(an_order("A1"), a_line("added")).value());
}

TEST(SqliteTrouble, IsToldOfAReadOnlyFile) {
  const order_file file;
  const auto writer = file.open(); // keeps PATH-wal and PATH-shm in place
  ASSERT_TRUE(writer->add(an_order("A1"), a_line("added")));
  failing_disk disk;
  disk.be_read_only();
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->replace(an_order("A1", 1), a_line("replaced")), "read-only");
  EXPECT_EQ(version_of(*writer, "A1"), 0u);
  disk.work_again();
  EXPECT_TRUE(store->replace(an_order("A1", 1), a_line("replaced")).value());
}

} // namespace
