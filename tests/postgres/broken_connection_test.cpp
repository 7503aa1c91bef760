// Connections that break where nobody can see it before something is sent on them.
#include "postgres/postgres_relay.hpp"
#include "postgres/store_fixture.hpp"

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

class BrokenConnections : public ::testing::Test {
protected:
  BrokenConnections() {
    EXPECT_EQ(put(store_, change_of("A1", 1)), "done");
    open(3);
    relay_.forget();
  }

  const test_database database_;
  postgres_relay relay_;
  sr::postgres_store store_{options_of(relay_.conninfo(database_.name()))};

private:
  // So many that are free afterwards: each waits inside the one before.
  void open(int connections) {
    if (connections == 0) return;
    EXPECT_EQ(put(store_, change_of("B" + std::to_string(connections), 1),
                  [&](sr::transaction&) {
                    open(connections - 1);
                    return true;
                  }),
              "done");
  }
};

// On a new connection, not on another that may have been forgotten as well.
TEST_F(BrokenConnections, AreNotNoticedByReads) {
  EXPECT_EQ(version_of(store_, "A1"), 1u);
  EXPECT_EQ(store_.history("A1").value().size(), 1u);
}

TEST_F(BrokenConnections, AreNotNoticedByTheApplicationsWrites) {
  EXPECT_EQ(put(store_, change_of("A1", 2), no_writes), "done");
}

// The store does not know whether the server got it, and says so once.
TEST_F(BrokenConnections, LeaveAChangeInDoubt) {
  EXPECT_EQ(put(store_, change_of("A1", 2)), "store_unavailable");
  EXPECT_EQ(version_of(store_, "A1"), 1u);
  EXPECT_EQ(put(store_, change_of("A1", 2)), "done");
}

TEST_F(BrokenConnections, LeaveACommitInDoubt) {
  EXPECT_EQ(version_of(store_, "A1"), 1u); // over a connection that works
  int calls = 0;
  EXPECT_EQ(put(store_, change_of("A1", 2),
                [&](sr::transaction&) {
                  relay_.forget();
                  return ++calls > 0;
                }),
            "store_unavailable");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(version_of(store_, "A1"), 1u);
}

} // namespace
