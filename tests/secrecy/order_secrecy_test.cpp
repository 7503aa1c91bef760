// What the roles tell of orders.
#include "told_of_orders.hpp"

#include <stripe_return/orders/memory_store.hpp>

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;

TEST(OrderSecrecy, OfTheRoles) {
  stripe_return::memory_store store;
  told_of_orders shop(store);
  shop.live();
  shop.stripe.refuse(401);
  shop.work();
  const std::string told = shop.told();
  EXPECT_THAT(told, HasSubstr("fulfill-A4"));
  EXPECT_THAT(told, HasSubstr("fulfill_gave_up"));
  EXPECT_THAT(told, HasSubstr("std::runtime_error")); // not what it said
  EXPECT_THAT(told, HasSubstr("unauthorized"));
  canary::expect_none(told, "the roles");
}

} // namespace
