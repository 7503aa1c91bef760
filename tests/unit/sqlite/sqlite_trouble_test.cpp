#include "child_process.hpp"
#include "order_file.hpp"
#include "system_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using testing::HasSubstr;

template <class T> void expect_unavailable(const sr::result<T>& answer, const char* says) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, sr::error_code::store_unavailable);
  EXPECT_TRUE(answer.error().retryable());
  EXPECT_THAT(answer.error().message, HasSubstr(says));
}

TEST(SqliteTrouble, IsToldWhileAnotherProcessWritesForTooLong) {
  const order_file file;
  ASSERT_TRUE(put(*file.open(), a_change("A1")));
  child_process writer([&](const child_process::pipes& parent) {
    const other_program other(file);
    other.run("BEGIN IMMEDIATE");
    parent.say("began");
    parent.wait();
    other.run("COMMIT");
  });
  ASSERT_EQ(writer.line(), "began");
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->put(a_change("A1", 2), {}), "Another process");
  expect_unavailable(store->change_value("events", "", "evt_1"), "Another process");
  EXPECT_EQ(version_of(*store, "A1"), 1u); // readers go on
  writer.go_on();
  EXPECT_TRUE(writer.succeeded());
  EXPECT_TRUE(put(*store, a_change("A1", 2)));
  EXPECT_TRUE(store->change_value("events", "", "evt_1").value());
}

TEST(SqliteTrouble, IsToldWhereTheApplicationsWritesCallTheStore) {
  const order_file file;
  const auto store = file.open(std::chrono::milliseconds(50));
  ASSERT_TRUE(put(*store, a_change("A1")));
  EXPECT_TRUE(put(*store, a_change("A1", 2), [&](const sr::transaction&) {
    expect_unavailable(store->put(a_change("A2"), {}), "other threads");
    return true;
  }));
  EXPECT_EQ(version_of(*store, "A1"), 2u);
  EXPECT_EQ(version_of(*store, "A2"), 0u);
}

// The disk fails at each write that a change takes, in turn, until none is left to fail.
void fail_at_each_write(int with, const char* says, const char* made) {
  const order_file file;
  if (*made != '\0') other_program(file).run(made);
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(put(*store, a_change("A1")));
  std::uint64_t version = 1;
  int failures = 0;
  for (int after = 0;; ++after) {
    const std::string id = "cs_test_" + std::to_string(after);
    sr::order_change change = a_change("A1", version + 1, {id});
    change.row.text.assign(10000, 'x'); // more than a page, so that there are several to write
    change.row.index.time(sr::order_list::task) = after;
    disk.fail_writes(with, after);
    const auto answer = store->put(change, {});
    disk.work_again();
    const std::uint64_t found = version_of(*store, "A1");
    EXPECT_EQ(store->find_by_id(id).value().has_value(), found == version + 1);
    EXPECT_EQ(version_of(*file.open(), "A1"), found);
    if (answer) {
      EXPECT_EQ(*answer, sr::put_result::done);
      EXPECT_EQ(found, version + 1);
      break;
    }
    expect_unavailable(answer, says);
    EXPECT_TRUE(found == version || found == version + 1);
    version = found;
    ++failures;
    ASSERT_LT(failures, 200);
  }
  EXPECT_GT(failures, 3);
  EXPECT_THAT(other_program(file).run("PRAGMA integrity_check"), testing::ElementsAre("ok"));
}

TEST(SqliteTrouble, LosesNothingWhenTheDiskIsFull) {
  fail_at_each_write(ENOSPC, "full", "");
}

TEST(SqliteTrouble, LosesNothingWhenTheDiskFails) {
  fail_at_each_write(EIO, "disk", "");
}

TEST(SqliteTrouble, LosesNothingWithoutALog) {
  fail_at_each_write(ENOSPC, "full", "CREATE TABLE mine (x TEXT)");
  fail_at_each_write(EIO, "disk", "CREATE TABLE mine (x TEXT)");
}

TEST(SqliteTrouble, OpensTheFileAgainAfterTheDiskFailed) {
  const order_file file;
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(put(*store, a_change("A1")));
  disk.fail_writes(EIO);
  expect_unavailable(store->put(a_change("A2"), {}), "disk");
  disk.work_again();
  const int opened = disk.opened();
  EXPECT_TRUE(put(*store, a_change("A2")));
  EXPECT_GT(disk.opened(), opened);
}

TEST(SqliteTrouble, ReadsOnWhileTheDiskIsFull) {
  const order_file file;
  failing_disk disk;
  const auto store = file.open();
  ASSERT_TRUE(put(*store, a_change("A1")));
  disk.fail_writes(ENOSPC);
  expect_unavailable(store->put(a_change("A2"), {}), "full");
  EXPECT_EQ(version_of(*store, "A1"), 1u);
  expect_unavailable(store->put(a_change("A2"), {}), "full");
  disk.work_again();
  EXPECT_TRUE(put(*store, a_change("A2")));
}

TEST(SqliteTrouble, IsToldOnAFullDiskFromTheBeginning) {
  const order_file file;
  failing_disk disk;
  disk.fail_writes(ENOSPC);
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->put(a_change("A1"), {}), "");
  disk.work_again();
  EXPECT_TRUE(put(*store, a_change("A1")));
}

TEST(SqliteTrouble, IsToldOfAReadOnlyFile) {
  const order_file file;
  const auto writer = file.open(); // keeps PATH-wal and PATH-shm in place
  ASSERT_TRUE(put(*writer, a_change("A1")));
  failing_disk disk;
  disk.be_read_only();
  const auto store = file.open(std::chrono::milliseconds(50));
  expect_unavailable(store->put(a_change("A1", 2), {}), "read-only");
  EXPECT_EQ(version_of(*writer, "A1"), 1u);
  disk.work_again();
  EXPECT_TRUE(put(*store, a_change("A1", 2)));
}

} // namespace
