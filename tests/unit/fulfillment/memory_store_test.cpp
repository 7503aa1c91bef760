#include <stripe_return/fulfillment/memory_store.hpp>

#include "an_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;

sr::history_entry line(const std::string& what) {
  return {noon, "test", what, {}, {}, {}, {}};
}

sr::order_record due_order(const std::string& number, sr::unix_seconds lease = 0,
                           sr::unix_seconds due_at = 0) {
  sr::order_record order = order_a1();
  order.out_trade_no = number;
  order.stage = sr::order_stage::due;
  order.lease = lease;
  order.due_at = due_at;
  return order;
}

TEST(MemoryStore, KeepsAnOrderOnce) {
  sr::memory_store store;
  EXPECT_FALSE(store.find("A1").value());
  EXPECT_TRUE(store.add(order_a1(), line("first")).value());
  EXPECT_FALSE(store.add(order_a1(), line("second")).value());
  EXPECT_EQ(store.find("A1").value()->expected->amounts.at(0).minor_units(), 400);
  ASSERT_EQ(store.history("A1").value().size(), 1u);
  EXPECT_EQ(store.history("A1").value().at(0).what, "first");
  EXPECT_THAT(store.history("A2").value(), IsEmpty());
}

TEST(MemoryStore, ReplacesOnlyWhatWasSeen) {
  sr::memory_store store;
  sr::order_record order = order_a1();
  order.version = 1;
  EXPECT_FALSE(store.replace(order, line("unknown")).value());
  EXPECT_TRUE(store.add(order_a1(), line("added")).value());
  EXPECT_TRUE(store.replace(order, line("first")).value());
  EXPECT_FALSE(store.replace(order, line("late")).value());
  order.version = 3;
  EXPECT_FALSE(store.replace(order, line("ahead")).value());
  order.version = 2;
  EXPECT_TRUE(store.replace(order, line("second")).value());
  std::vector<std::string> whats;
  const std::vector<sr::history_entry> lines = store.history("A1").value();
  for (const sr::history_entry& each : lines)
    whats.push_back(each.what);
  EXPECT_THAT(whats, ElementsAre("added", "first", "second"));
}

TEST(MemoryStore, OfManyWhoSawTheSameOneSucceeds) {
  sr::memory_store store;
  ASSERT_TRUE(store.add(order_a1(), line("added")).value());
  for (std::uint64_t version = 1; version <= 100; ++version) {
    std::atomic<int> succeeded{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        sr::order_record order = order_a1();
        order.version = version;
        if (store.replace(order, line("replaced")).value()) ++succeeded;
      });
    }
    for (std::thread& each : threads)
      each.join();
    ASSERT_EQ(succeeded, 1);
  }
}

TEST(MemoryStore, TellsWhatIsDueTheLongestWaitingFirst) {
  sr::memory_store store;
  sr::order_record held = due_order("held");
  held.held = true;
  for (const sr::order_record& each :
       {due_order("new"), due_order("leased", noon + 1), due_order("lapsed", noon),
        due_order("later", 0, noon + 1), due_order("now", 0, noon - 5), held, order_a1()})
    ASSERT_TRUE(store.add(each, line("added")).value());
  EXPECT_THAT(store.due(noon, 10).value(), ElementsAre("new", "now", "lapsed"));
  EXPECT_THAT(store.due(noon, 2).value(), ElementsAre("new", "now"));
  EXPECT_THAT(store.due(noon, 0).value(), IsEmpty());
}

TEST(MemoryStore, TellsWhatIsInReview) {
  sr::memory_store store;
  for (const char* number : {"A1", "A2", "A3", "A4"}) {
    sr::order_record order = due_order(number);
    if (std::string(number) != "A2") order.review = {sr::reason::amount_mismatch};
    ASSERT_TRUE(store.add(order, line("added")).value());
  }
  EXPECT_THAT(store.in_review("", 10).value(), ElementsAre("A1", "A3", "A4"));
  EXPECT_THAT(store.in_review("A1", 10).value(), ElementsAre("A3", "A4"));
  EXPECT_THAT(store.in_review("", 1).value(), ElementsAre("A1"));
}

} // namespace
