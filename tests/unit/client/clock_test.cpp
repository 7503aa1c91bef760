#include <stripe_return/client/time_source.hpp>

#include <gtest/gtest.h>

#include <ctime>

namespace {

namespace sr = stripe_return;

TEST(SystemClock, TellsTheTimeOfTheComputer) {
  sr::system_time clock;
  const std::time_t before = std::time(nullptr);
  const sr::unix_seconds told = clock.unix_time();
  EXPECT_GE(told, before);
  EXPECT_LE(told, std::time(nullptr));

  const auto steady_before = std::chrono::steady_clock::now();
  const auto steady_told = clock.now();
  EXPECT_GE(steady_told, steady_before);
  EXPECT_LE(steady_told, std::chrono::steady_clock::now());
}

// Never shorter: Stripe asked for that much distance.
TEST(SystemClock, SleepsAtLeastThatLong) {
  sr::system_time clock;
  const auto begin = clock.now();
  clock.sleep_for(std::chrono::milliseconds(5));
  EXPECT_GE(clock.now() - begin, std::chrono::milliseconds(5));
}

} // namespace
