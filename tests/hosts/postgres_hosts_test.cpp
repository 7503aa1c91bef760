#include "hosts/killed_hosts.hpp"
#include "postgres/fulfillment/store_fixture.hpp"
#include "unit/fulfillment/crowd.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace {

TEST(PostgresHosts, LoseNoOrderWhenTheyAreKilled) {
  const test_database database;
  expect_orders_survive_killed_hosts("postgres:" + database.conninfo(), [&] {
    return std::make_unique<stripe_return::postgres_store>(options_of(database.conninfo()));
  });
}

TEST(PostgresHosts, FulfilEachPaidOrderOnceInACrowd) {
  const test_database database;
  crowd([&] {
    return std::make_unique<stripe_return::postgres_store>(options_of(database.conninfo()));
  }).run(200, 4, 20261123);
}

} // namespace
