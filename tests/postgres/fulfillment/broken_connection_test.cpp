// Connections that break where nobody can see it before something is sent on them.
#include "postgres/fulfillment/store_fixture.hpp"
#include "postgres/postgres_relay.hpp"

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

class BrokenConnection : public ::testing::Test {
protected:
  BrokenConnection() { EXPECT_TRUE(store_.add(order_of_version("A1", 0), line()).value()); }

  // So many that are free afterwards: each waits inside the one before.
  void open(int connections) {
    if (connections == 0) return;
    const std::string number = "B" + std::to_string(connections);
    EXPECT_TRUE(store_.add(order_of_version(number, 0), line()).value());
    EXPECT_TRUE(store_
                    .replace_with(order_of_version(number, 1), line(),
                                  [&](const sr::open_transaction&) {
                                    open(connections - 1);
                                    return true;
                                  })
                    .value());
  }

  const test_database database_;
  postgres_relay relay_;
  sr::postgres_store store_{options_of(relay_.conninfo(database_.name()))};
};

// On a new connection, not on another that may have been forgotten as well.
TEST_F(BrokenConnection, IsNotNoticedByWhoeverReads) {
  open(3);
  relay_.forget();
  EXPECT_EQ(store_.find("A1").value()->version, 0u);
  EXPECT_EQ(store_.history("A1").value().size(), 1u);
}

TEST_F(BrokenConnection, IsNotNoticedByTheHostsWrites) {
  open(3);
  relay_.forget();
  EXPECT_TRUE(store_
                  .replace_with(order_of_version("A1", 1), line(),
                                [](const sr::open_transaction&) { return true; })
                  .value());
}

// The store does not know whether the server got it, and says so once.
TEST_F(BrokenConnection, LeavesAChangeInDoubt) {
  open(3);
  relay_.forget();
  EXPECT_EQ(error_of(store_.replace(order_of_version("A1", 1), line())), "store_unavailable");
  EXPECT_EQ(store_.find("A1").value()->version, 0u);
  EXPECT_TRUE(store_.replace(order_of_version("A1", 1), line()).value());
}

TEST_F(BrokenConnection, LeavesACommitInDoubt) {
  int calls = 0;
  EXPECT_EQ(error_of(store_.replace_with(order_of_version("A1", 1), line(),
                                         [&](const sr::open_transaction&) {
                                           relay_.forget();
                                           return ++calls > 0;
                                         })),
            "store_unavailable");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(store_.find("A1").value()->version, 0u);
}

} // namespace
