#include "multi_process/shop_processes.hpp"
#include "unit/sqlite/order_file.hpp"

#include <gtest/gtest.h>

namespace {

TEST(SqliteShops, FulfillEachPaidOrderOnceAllAtOnce) {
  const order_file file;
  shop_processes(file.path()).run_at_once();
}

TEST(SqliteShops, LoseNoOrderWhenTheyAreKilled) {
  const order_file file;
  shop_processes(file.path()).run_killed();
}

} // namespace
