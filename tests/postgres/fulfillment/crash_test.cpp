// Processes that share a store, and processes that are killed while they change it.
#include "postgres/child_process.hpp"
#include "postgres/fulfillment/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

namespace {

namespace sr = stripe_return;

class PostgresHosts : public ::testing::Test {
protected:
  std::vector<std::string> host(const std::string& number, int times) const {
    return {database_.conninfo(), "stripe_return", number, std::to_string(times)};
  }

  const test_database database_;
  sr::postgres_store store_{options_of(database_.conninfo())};
};

TEST_F(PostgresHosts, TwoShareAnOrder) {
  constexpr int times = 150;
  child_process first(STRIPE_RETURN_POSTGRES_CHILD, host("A1", times));
  child_process second(STRIPE_RETURN_POSTGRES_CHILD, host("A1", times));
  std::multiset<int> versions;
  for (child_process* each : {&first, &second})
    while (const auto version = each->read_line())
      versions.insert(std::stoi(*version));
  EXPECT_EQ(versions.size(), 2u * times);
  EXPECT_EQ(std::set<int>(versions.begin(), versions.end()).size(), 2u * times);
  EXPECT_EQ(store_.find("A1").value()->version, 2u * times - 1);
  EXPECT_EQ(store_.history("A1").value().size(), 2u * times);
}

// Every change that was told of is there, whole; one more may be, of which its host did not hear.
TEST_F(PostgresHosts, MayBeKilledAtAnyPoint) {
  std::mt19937 random(20260323); // NOLINT: the same points each time, as far as that goes
  int told = -1;
  for (int round = 0; round != 50; ++round) {
    child_process host(STRIPE_RETURN_POSTGRES_CHILD, this->host("A1", 0));
    for (int lines = std::uniform_int_distribution<int>(0, 20)(random); lines != 0; --lines)
      told = std::stoi(host.read_line().value());
    for (int turns = std::uniform_int_distribution<int>(0, 100000)(random); turns != 0; --turns)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    host.kill();
    while (const auto version = host.read_line())
      told = std::stoi(*version);
    // The server may be at the host's last statement still.
    while (database_.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                         "AND state = 'active' AND pid <> pg_backend_pid()") != "0")
      std::this_thread::yield();
    const auto order = store_.find("A1").value();
    const int kept = order ? static_cast<int>(order->version) : -1;
    ASSERT_GE(kept, told);
    const auto history = store_.history("A1").value();
    ASSERT_EQ(static_cast<int>(history.size()), kept + 1);
    for (int version = 0; version <= kept; ++version)
      ASSERT_EQ(history[static_cast<std::size_t>(version)].what, std::to_string(version));
    const std::string session = "cs_test_" + std::to_string(kept);
    ASSERT_EQ(store_.order_of(session).value().has_value(), kept >= 0);
    ASSERT_FALSE(store_.order_of("cs_test_" + std::to_string(kept + 1)).value());
    told = kept;
  }
}

} // namespace
