// The server goes and comes back, and the store stays the same object.
#include "postgres/fulfillment/store_fixture.hpp"

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
  ASSERT_TRUE(store.add(order_of_version("A1", 0), line("added")).value());
  ASSERT_TRUE(store.move_cursor("events", "", "evt_1").value());
  postgres_server::shared().stop();
  EXPECT_EQ(error_of(store.find("A1")), "store_unavailable");
  EXPECT_EQ(error_of(store.replace(order_of_version("A1", 1), line())), "store_unavailable");
  postgres_server::shared().start();
  EXPECT_TRUE(store.replace(order_of_version("A1", 1), line("replaced")).value());
  EXPECT_EQ(store.history("A1").value().size(), 2u);
  EXPECT_EQ(store.cursor("events").value(), "evt_1");
}

// A write on a connection that was free when the server went is not lost: none of it can have been
// made.
TEST(PostgresRestart, IsNotNoticedByWhoeverComesAfterwards) {
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  ASSERT_TRUE(store.add(order_of_version("A1", 0), line()).value());
  for (std::uint64_t version = 1; version <= 3; ++version) {
    if (version == 2)
      postgres_server::shared().kill();
    else
      postgres_server::shared().stop();
    postgres_server::shared().start();
    EXPECT_TRUE(store.replace(order_of_version("A1", version), line()).value());
  }
}

// Threads that change an order each as fast as they can, and remember what the store said.
class busy_hosts {
public:
  struct host {
    std::string number;
    std::uint64_t told = 0; // the last version that the store said is kept
    int changes = 0;        // told of since the server last came or went
    int failures = 0;       // likewise
    std::string complaint{};
    std::thread thread{};
  };

  busy_hosts(sr::postgres_store& store, int count) : store_(store) {
    for (int i = 0; i != count; ++i)
      hosts_.push_back({"A" + std::to_string(i)});
    for (host& each : hosts_)
      each.thread = std::thread([this, &each] { work(each); });
  }

  /// Until each has changed its order a few times.
  void change() {
    begin(true);
    wait_for(&host::changes);
  }
  /// Until each has failed a few times: the server goes meanwhile.
  template <class End> void fail(End end_server) {
    begin(false);
    end_server();
    wait_for(&host::failures);
  }
  const std::vector<host>& stop() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (host& each : hosts_)
      each.thread.join();
    return hosts_;
  }

private:
  static constexpr int few = 3;

  void begin(bool up) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      up_ = up;
      for (host& each : hosts_)
        each.changes = each.failures = 0;
    }
    changed_.notify_all();
  }
  void wait_for(int host::*count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] {
      return std::all_of(hosts_.begin(), hosts_.end(),
                         [&](const host& each) { return each.*count >= few; });
    });
  }

  // Nobody floods a server that is about to start.
  bool goes_on(const host& own) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || up_ || own.failures < few; });
    return !stopping_;
  }
  void failed(host& own, const sr::error& why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++own.failures;
    if (why.code != sr::error_code::store_unavailable) own.complaint += why.message;
    changed_.notify_all();
  }

  void work(host& own) {
    while (goes_on(own)) {
      const auto found = store_.find(own.number);
      if (!found) {
        failed(own, found.error());
        continue;
      }
      const std::uint64_t version = *found ? (*found)->version : 0;
      if (version < own.told) own.complaint += "The version went back.";
      const sr::order_record next = order_of_version(own.number, version + 1);
      const sr::history_entry what = line(std::to_string(next.version));
      const auto changed = *found ? store_.replace(next, what) : store_.add(next, what);
      if (!changed) {
        failed(own, changed.error());
        continue;
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      if (*changed) own.told = next.version;
      ++own.changes;
      changed_.notify_all();
    }
  }

  sr::postgres_store& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = true;
  bool stopping_ = false;
  std::vector<host> hosts_;
};

class PostgresRestartUnderLoad : public testing::TestWithParam<bool> {};

TEST_P(PostgresRestartUnderLoad, LosesNothing) {
  const bool killed = GetParam();
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  busy_hosts hosts(store, 8);
  for (int round = 0; round != 5; ++round) {
    hosts.change();
    hosts.fail([&] {
      if (killed)
        postgres_server::shared().kill();
      else
        postgres_server::shared().stop();
    });
    postgres_server::shared().start();
  }
  hosts.change();
  for (const busy_hosts::host& each : hosts.stop()) {
    EXPECT_EQ(each.complaint, "");
    const auto order = store.find(each.number).value();
    ASSERT_TRUE(order);
    EXPECT_GE(order->version, each.told);
    const auto history = store.history(each.number).value();
    ASSERT_EQ(history.size(), order->version);
    for (std::size_t i = 0; i != history.size(); ++i)
      EXPECT_EQ(history[i].what, std::to_string(i + 1));
  }
}
INSTANTIATE_TEST_SUITE_P(PostgresRestart, PostgresRestartUnderLoad, testing::Bool(),
                         [](const auto& killed) { return killed.param ? "Killed" : "Stopped"; });

} // namespace
