#include "multi_process/shop_processes.hpp"
#include "postgres/postgres_server.hpp"

#include <gtest/gtest.h>

namespace {

TEST(PostgresShops, FulfillEachPaidOrderOnceAllAtOnce) {
  const test_database database;
  shop_processes(database.conninfo()).run_at_once();
}

TEST(PostgresShops, LoseNoOrderWhenTheyAreKilled) {
  const test_database database;
  shop_processes(database.conninfo()).run_killed();
}

} // namespace
