#include "orders/store_stamp.hpp"

#include <stripe_return/orders/memory_store.hpp>

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;

TEST(StoreStamp, IsMadeOnce) {
  sr::memory_store store, other;
  const std::string id = rules::store_id(store).value();
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(rules::store_id(store).value(), id);
  EXPECT_NE(rules::store_id(other).value(), id);
}

TEST(StoreStamp, KeepsToTheModeOfItsFirstUse) {
  sr::memory_store store;
  EXPECT_EQ(rules::store_livemode(store).value(), std::nullopt);
  EXPECT_TRUE(rules::use_store_for(store, sr::livemode::live));
  EXPECT_TRUE(rules::use_store_for(store, sr::livemode::live));
  EXPECT_EQ(rules::use_store_for(store, sr::livemode::test).error().code,
            sr::error_code::wrong_store);
  EXPECT_EQ(rules::store_livemode(store).value(), sr::livemode::live);
}

TEST(StoreStamp, IsRefusedWhereItCannotBeRead) {
  sr::memory_store store;
  ASSERT_TRUE(store.change_value("livemode", "", "sandbox").value());
  EXPECT_EQ(rules::store_livemode(store).error().code, sr::error_code::store_corrupt);
  EXPECT_EQ(rules::use_store_for(store, sr::livemode::test).error().code,
            sr::error_code::store_corrupt);
}

} // namespace
