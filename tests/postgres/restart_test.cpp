// The server goes and comes back, and the store stays the same object.
#include "postgres/store_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;

TEST(PostgresRestart, KeepsEverything) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  ASSERT_EQ(put(store, change_of("A1", 1)), "done");
  ASSERT_TRUE(store.change_value("events", "", "evt_1").value());
  postgres_server::shared().stop();
  EXPECT_EQ(error_of(store.find("A1")), "store_unavailable");
  EXPECT_EQ(put(store, change_of("A1", 2)), "store_unavailable");
  postgres_server::shared().start();
  EXPECT_EQ(put(store, change_of("A1", 2)), "done");
  EXPECT_EQ(store.history("A1").value().size(), 2u);
  EXPECT_EQ(store.value("events").value(), "evt_1");
}

// A write on a connection that was free when the server went is not lost: none of it can have been
// made.
TEST(PostgresRestart, IsNotNoticedByLaterCalls) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  ASSERT_EQ(put(store, change_of("A1", 1)), "done");
  for (std::uint64_t version = 2; version <= 4; ++version) {
    if (version == 3)
      postgres_server::shared().kill();
    else
      postgres_server::shared().stop();
    postgres_server::shared().start();
    EXPECT_EQ(put(store, change_of("A1", version)), "done");
  }
}

// Threads that change a row each as fast as they can, and remember what the store answered.
class busy_writers {
public:
  struct writer {
    std::string key;
    std::uint64_t answered = 0; // the last version that the store said is made
    int changes = 0;            // answered since the server last came or went
    int failures = 0;           // likewise
    std::string complaint{};
    std::thread thread{};
  };

  busy_writers(sr::postgres_store& store, int count) : store_(store) {
    for (int i = 0; i != count; ++i)
      writers_.push_back({"A" + std::to_string(i)});
    for (writer& each : writers_)
      each.thread = std::thread([this, &each] { work(each); });
  }

  /// Until each has changed its row a few times.
  void change() {
    begin(true);
    wait_for(&writer::changes);
  }
  /// Until each has failed a few times: the server goes meanwhile.
  template <class End> void fail(End end_server) {
    begin(false);
    end_server();
    wait_for(&writer::failures);
  }
  const std::vector<writer>& stop() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (writer& each : writers_)
      each.thread.join();
    return writers_;
  }

private:
  static constexpr int few = 3;

  void begin(bool up) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      up_ = up;
      for (writer& each : writers_)
        each.changes = each.failures = 0;
    }
    changed_.notify_all();
  }
  void wait_for(int writer::*count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] {
      return std::all_of(writers_.begin(), writers_.end(),
                         [&](const writer& each) { return each.*count >= few; });
    });
  }

  // Nobody floods a server that is about to start.
  bool goes_on(const writer& own) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || up_ || own.failures < few; });
    return !stopping_;
  }
  void failed(writer& own, const sr::error& why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++own.failures;
    if (why.code != sr::error_code::store_unavailable) own.complaint += why.message;
    changed_.notify_all();
  }

  void work(writer& own) {
    while (goes_on(own)) {
      const auto found = store_.find(own.key);
      if (!found) {
        failed(own, found.error());
        continue;
      }
      const std::uint64_t version = *found ? (*found)->version : 0;
      if (version < own.answered) own.complaint += "The version went back.";
      const auto made =
          store_.put(change_of(own.key, version + 1, std::to_string(version + 1)), {});
      if (!made) {
        failed(own, made.error());
        continue;
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      if (*made == sr::put_result::done) own.answered = version + 1;
      ++own.changes;
      changed_.notify_all();
    }
  }

  sr::postgres_store& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = true;
  bool stopping_ = false;
  std::vector<writer> writers_;
};

class PostgresRestartUnderLoad : public testing::TestWithParam<bool> {};

TEST_P(PostgresRestartUnderLoad, LosesNothing) {
  const bool killed = GetParam();
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  busy_writers writers(store, 8);
  for (int round = 0; round != 5; ++round) {
    writers.change();
    writers.fail([&] {
      if (killed)
        postgres_server::shared().kill();
      else
        postgres_server::shared().stop();
    });
    postgres_server::shared().start();
  }
  writers.change();
  for (const busy_writers::writer& each : writers.stop()) {
    EXPECT_EQ(each.complaint, "");
    const std::uint64_t version = version_of(store, each.key);
    EXPECT_GE(version, std::max<std::uint64_t>(each.answered, 1));
    const auto history = store.history(each.key).value();
    ASSERT_EQ(history.size(), version);
    for (std::size_t i = 0; i != history.size(); ++i)
      EXPECT_EQ(history[i], std::to_string(i + 1));
  }
}
INSTANTIATE_TEST_SUITE_P(PostgresRestart, PostgresRestartUnderLoad, testing::Bool(),
                         [](const auto& killed) { return killed.param ? "Killed" : "Stopped"; });

} // namespace
