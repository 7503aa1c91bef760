#include <stripe_return/orders/transaction.hpp>

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

TEST(Transaction, HandsItsConnectionToItsOwnKindOfStoreAlone) {
  int this_kind = 0, another_kind = 0, connection = 0;
  const sr::transaction open(&this_kind, &connection);
  EXPECT_EQ(open.connection_of(&this_kind), &connection);
  EXPECT_EQ(open.connection_of(&another_kind), nullptr);
}

} // namespace
