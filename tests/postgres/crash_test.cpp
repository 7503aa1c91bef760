// Processes that share a store, and processes that are killed while they change it.
#include "postgres/child_process.hpp"
#include "postgres/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

namespace {

namespace sr = stripe_return;

class PostgresProcesses : public ::testing::Test {
protected:
  std::vector<std::string> arguments(int times) const {
    return {database_.conninfo(), "stripe_return", "A1", std::to_string(times)};
  }

  const test_database database_;
  sr::postgres_store store_{options_of(database_.conninfo())};
};

TEST_F(PostgresProcesses, ShareARow) {
  constexpr int times = 150;
  child_process first(STRIPE_RETURN_POSTGRES_CHILD, arguments(times));
  child_process second(STRIPE_RETURN_POSTGRES_CHILD, arguments(times));
  std::multiset<int> versions;
  for (child_process* each : {&first, &second})
    while (const auto version = each->read_line())
      versions.insert(std::stoi(*version));
  EXPECT_EQ(versions.size(), 2u * times);
  EXPECT_EQ(std::set<int>(versions.begin(), versions.end()).size(), 2u * times);
  EXPECT_EQ(version_of(store_, "A1"), 2u * times);
  EXPECT_EQ(store_.history("A1").value().size(), 2u * times);
}

// Every change that was answered is there, whole; one more may be, whose answer was lost.
TEST_F(PostgresProcesses, MayBeKilledAtAnyPoint) {
  std::mt19937 random(20260323); // NOLINT: the same points each time, as far as that goes
  std::size_t answered = 0;
  for (int round = 0; round != 50; ++round) {
    child_process writer(STRIPE_RETURN_POSTGRES_CHILD, arguments(0));
    for (int lines = std::uniform_int_distribution<int>(0, 20)(random); lines != 0; --lines)
      answered = std::stoul(writer.read_line().value());
    for (int turns = std::uniform_int_distribution<int>(0, 100000)(random); turns != 0; --turns)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    writer.kill();
    while (const auto version = writer.read_line())
      answered = std::stoul(*version);
    // The server may be at its last statement still.
    while (database_.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                         "AND state = 'active' AND pid <> pg_backend_pid()") != "0")
      std::this_thread::yield();
    const std::size_t kept = version_of(store_, "A1");
    ASSERT_GE(kept, answered);
    const auto history = store_.history("A1").value();
    ASSERT_EQ(history.size(), kept);
    for (std::size_t i = 0; i != kept; ++i)
      ASSERT_EQ(history[i], std::to_string(i + 1));
    const auto has_id = [&](std::size_t version) {
      return store_.find_by_id("cs_test_" + std::to_string(version)).value().has_value();
    };
    ASSERT_EQ(has_id(kept), kept != 0);
    ASSERT_FALSE(has_id(kept + 1));
    answered = kept;
  }
}

} // namespace
