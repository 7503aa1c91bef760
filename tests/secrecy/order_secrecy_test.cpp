// What the roles tell of orders.
#include "output_of_orders.hpp"

#include <stripe_return/orders/memory_store.hpp>

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;

TEST(OrderSecrecy, OfTheRoles) {
  stripe_return::memory_store store;
  output_of_orders shop(store);
  shop.live();
  shop.stripe.refuse(401);
  shop.work();
  const std::string output = shop.output();
  EXPECT_THAT(output, HasSubstr("fulfill-A4"));
  EXPECT_THAT(output, HasSubstr("fulfill_gave_up"));
  EXPECT_THAT(output, HasSubstr("std::runtime_error")); // not what it said
  EXPECT_THAT(output, HasSubstr("unauthorized"));
  canary::expect_none(output, "the roles");
}

} // namespace
