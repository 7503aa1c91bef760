// SQLite runs out of memory: at each of its allocations in turn, once or for good.
#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

/// While it lives, SQLite's allocations in this process fail as it says. For one thread, and for
/// when no connection is open.
class failing_memory {
public:
  failing_memory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods ours = real;
    ours.xMalloc = [](int size) { return fails() ? nullptr : real.xMalloc(size); };
    ours.xRealloc = [](void* memory, int size) {
      return fails() ? nullptr : real.xRealloc(memory, size);
    };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); // small ones would not fail
  }
  ~failing_memory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &real);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 40); // SQLite's own default
  }
  failing_memory(const failing_memory&) = delete;
  failing_memory& operator=(const failing_memory&) = delete;

  /// The allocation after so many, and all that follow where it is for good.
  void fail(int after, bool for_good) {
    left = after;
    stays = for_good;
  }
  /// Whether it came to that.
  bool work_again() {
    const bool failed = left < 0;
    left = never;
    return failed;
  }

private:
  static constexpr int never = 1 << 30;
  static inline sqlite3_mem_methods real{};
  static inline int left = never;
  static inline bool stays = false;

  static bool fails() {
    if (left == never) return false;
    --left;
    return stays ? left < 0 : left == -1;
  }
};

template <class T> void expect_out_of_memory(const sr::result<T>& answer) {
  EXPECT_EQ(answer.error().code, sr::error_code::store_unavailable);
}

class SqliteMemory : public testing::TestWithParam<bool> {
protected:
  // With a connection that is open already, and with none yet.
  template <class Call> void at_each_allocation(const Call& call) {
    for (const bool is_open : {true, false}) {
      int after = 0;
      for (failed = true; failed; ++after) {
        SCOPED_TRACE(after);
        store = file.open(std::chrono::milliseconds(0));
        ASSERT_TRUE(!is_open || store->find("A1"));
        call(after);
        ASSERT_LT(after, 5000);
      }
      EXPECT_GT(after, is_open ? 3 : 100);
    }
  }
  template <class Call> auto failing(int after, const Call& call) {
    memory.fail(after, GetParam());
    auto answer = call();
    failed = memory.work_again();
    return answer;
  }

  failing_memory memory;
  const order_file file;
  std::unique_ptr<sr::sqlite_store> store;
  bool failed = false;
};

TEST_P(SqliteMemory, LosesNoChange) {
  std::uint64_t version = 0;
  at_each_allocation([&](int after) {
    const std::string id = "cs_" + std::to_string(version) + "_" + std::to_string(after);
    const sr::order_change change = a_change("A1", version + 1, {id});
    const auto answer = failing(after, [&] { return store->put(change, {}); });
    const std::uint64_t found = version_of(*store, "A1");
    if (answer) {
      EXPECT_EQ(*answer, sr::put_result::done);
      EXPECT_EQ(found, version + 1);
    } else {
      expect_out_of_memory(answer);
      EXPECT_TRUE(found == version || found == version + 1);
    }
    EXPECT_EQ(store->find_by_id(id).value().has_value(), found == version + 1);
    version = found;
  });
}

// In UTF-16 even a column that has been read needs memory for its words.
TEST_P(SqliteMemory, GivesTheWholeRowOrNone) {
  other_program(file).run("PRAGMA encoding = 'UTF-16'; CREATE TABLE mine (x TEXT)");
  sr::order_change change = a_change("A1", 1, {"cs_1"});
  change.row.text.assign(30000, 't');
  ASSERT_TRUE(put(*file.open(), change));
  at_each_allocation([&](int after) {
    const auto row = failing(after, [&] { return store->find("A1"); });
    if (!row) return expect_out_of_memory(row);
    ASSERT_TRUE(*row);
    EXPECT_EQ((*row)->text, change.row.text);
    EXPECT_EQ((*row)->index.stage, "open");
  });
  at_each_allocation([&](int after) {
    const auto rows = failing(after, [&] { return store->list({}); });
    if (!rows) return expect_out_of_memory(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().text, change.row.text);
    EXPECT_EQ(rows->front().index.stage, "open");
  });
}

INSTANTIATE_TEST_SUITE_P(Each, SqliteMemory, testing::Bool(), [](const auto& named) {
  return std::string(named.param ? "ForGood" : "Once");
});

} // namespace
