#include "kill/killed_hosts.hpp"

#include <stripe_return/fulfillment/sqlite_store.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>

namespace {

TEST(Kill, LosesNoOrderOfAnSqliteFile) {
  const std::string path = testing::TempDir() + "killed-" + std::to_string(getpid()) + ".db";
  expect_orders_survive_killed_hosts(
      "sqlite:" + path, [&] { return std::make_unique<stripe_return::sqlite_store>(path); });
  for (const char* end : {"", "-wal", "-shm"})
    std::remove((path + end).c_str());
}

} // namespace
