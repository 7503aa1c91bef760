// The server goes and comes back, and the store stays the same object.
#include "store_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
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

// Changes orders as fast as it can, and remembers what the store said.
class busy_host {
public:
  busy_host(sr::postgres_store& store, std::string number)
      : store_(store), number_(std::move(number)), thread_([this] { work(); }) {}

  void stop() {
    stopping_ = true;
    thread_.join();
  }

  std::uint64_t told() const { return told_; }
  std::uint64_t failures() const { return failures_; }
  bool went_back() const { return went_back_; }
  const std::string& number() const { return number_; }
  std::string other_errors() const { return other_errors_; }

private:
  template <class T> bool failed(const sr::result<T>& answer) {
    if (answer) return false;
    ++failures_;
    if (error_of(answer) != "store_unavailable") other_errors_ += answer.error().message;
    return true;
  }

  void work() {
    while (!stopping_) {
      const auto found = store_.find(number_);
      if (failed(found)) continue;
      const std::uint64_t version = *found ? (*found)->version : 0;
      went_back_ = went_back_ || version < told_;
      const sr::order_record next = order_of_version(number_, *found ? version + 1 : 1);
      const sr::history_entry what = line(std::to_string(next.version));
      const auto changed = *found ? store_.replace(next, what) : store_.add(next, what);
      if (failed(changed)) continue;
      if (*changed) told_ = next.version;
    }
  }

  sr::postgres_store& store_;
  const std::string number_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> told_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<bool> went_back_{false};
  std::string other_errors_;
  std::thread thread_;
};

class PostgresRestartUnderLoad : public testing::TestWithParam<bool> {};

TEST_P(PostgresRestartUnderLoad, LosesNothing) {
  const bool killed = GetParam();
  const test_database database;
  sr::postgres_store store(options_of(database.conninfo()));
  std::vector<std::unique_ptr<busy_host>> hosts;
  for (int i = 0; i != 8; ++i)
    hosts.push_back(std::make_unique<busy_host>(store, "A" + std::to_string(i)));
  const auto all_do = [&](auto count) {
    std::map<const busy_host*, std::uint64_t> before;
    for (const auto& each : hosts)
      before[each.get()] = count(*each);
    for (const auto& each : hosts)
      while (count(*each) < before[each.get()] + 3)
        std::this_thread::yield();
  };
  for (int round = 0; round != 5; ++round) {
    all_do([](const busy_host& each) { return each.told(); }); // they succeed, with no new store
    if (killed)
      postgres_server::shared().kill();
    else
      postgres_server::shared().stop();
    all_do([](const busy_host& each) { return each.failures(); }); // and meanwhile they fail
    postgres_server::shared().start();
  }
  all_do([](const busy_host& each) { return each.told(); });
  for (const auto& each : hosts)
    each->stop();
  for (const auto& each : hosts) {
    EXPECT_EQ(each->other_errors(), "");
    EXPECT_FALSE(each->went_back());
    const auto order = store.find(each->number()).value();
    ASSERT_TRUE(order);
    EXPECT_GE(order->version, each->told());
    const auto history = store.history(each->number()).value();
    ASSERT_EQ(history.size(), order->version);
    for (std::size_t i = 0; i != history.size(); ++i)
      EXPECT_EQ(history[i].what, std::to_string(i + 1));
  }
}
INSTANTIATE_TEST_SUITE_P(PostgresRestart, PostgresRestartUnderLoad, testing::Bool(),
                         [](const auto& killed) { return killed.param ? "Killed" : "Stopped"; });

} // namespace
