#include "hosts/killed_hosts.hpp"
#include "unit/fulfillment/crowd.hpp"
#include "unit/fulfillment/sqlite/order_file.hpp"

#include <gtest/gtest.h>

namespace {

TEST(SqliteHosts, LoseNoOrderWhenTheyAreKilled) {
  const order_file file;
  expect_orders_survive_killed_hosts("sqlite:" + file.path(), [&] { return file.open(); });
}

TEST(SqliteHosts, FulfilEachPaidOrderOnceInACrowd) {
  const order_file file;
  crowd([&] { return file.open(); }).run(200, 4, 20261123);
}

} // namespace
