#include "kill/killed_hosts.hpp"
#include "postgres/postgres_server.hpp"

#include <stripe_return/fulfillment/postgres_store.hpp>

#include <gtest/gtest.h>

namespace {

TEST(Kill, LosesNoOrderOfAPostgresDatabase) {
  const test_database database;
  expect_orders_survive_killed_hosts("postgres:" + database.conninfo(), [&] {
    stripe_return::postgres_options options;
    options.conninfo = database.conninfo();
    return std::make_unique<stripe_return::postgres_store>(options);
  });
}

} // namespace
