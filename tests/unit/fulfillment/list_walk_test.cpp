#include "fulfillment/list_walk.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using sr::list_walk;

sr::event_page page(const std::vector<std::pair<std::string, sr::unix_seconds>>& events,
                    bool has_more) {
  sr::event_page made;
  for (const auto& [id, created] : events) {
    sr::event each;
    each.id = id;
    each.created = created;
    made.data.push_back(each);
  }
  made.has_more = has_more;
  return made;
}

TEST(ListWalk, GoesBackToWhereTheLastOneBegan) {
  list_walk walk = list_walk::read("", 1000000);
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
  EXPECT_EQ(walk.after(), "");
  walk.next(page({{"e5", 2000005}, {"e4", 2000004}}, true));
  EXPECT_FALSE(walk.is_over());
  EXPECT_EQ(walk.after(), "e4");
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
  walk.next(page({{"e3", 2000003}}, false));
  EXPECT_TRUE(walk.is_over());
  EXPECT_EQ(walk.from(), 2000005 - list_walk::overlap);
  EXPECT_EQ(walk.after(), "");
}

TEST(ListWalk, GoesOnFromTheLastIdThatCanBeRead) {
  list_walk walk = list_walk::read("", 1000000);
  walk.next(page({{"e5", 2000005}, {"e4", 2000004}, {"", 2000003}}, true));
  EXPECT_EQ(walk.after(), "e4");
  walk.next(page({{"", 2000003}}, true)); // begins again with the next sweep
  EXPECT_TRUE(walk.is_over());
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
}

TEST(ListWalk, GoesOnFromItsText) {
  list_walk walk = list_walk::read("", 1000000);
  walk.next(page({{"e5", 2000005}}, true));
  list_walk again = list_walk::read(walk.text(), 7);
  EXPECT_EQ(again.text(), walk.text());
  EXPECT_EQ(again.after(), "e5");
  again.next(page({}, false));
  EXPECT_EQ(again.from(), 2000005 - list_walk::overlap);
}

TEST(ListWalk, NeverGoesForwardWithoutAnythingThere) {
  list_walk walk = list_walk::read("", 1000000);
  walk.next(page({}, false));
  EXPECT_TRUE(walk.is_over());
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
  walk.next(page({{"e1", 999999}}, false)); // of the overlap
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
}

TEST(ListWalk, BeginsAgainWithoutLosingItsEnd) {
  list_walk walk = list_walk::read("", 1000000);
  walk.next(page({{"e5", 2000005}}, true));
  walk.begin_again();
  EXPECT_EQ(walk.from(), 1000000 - list_walk::overlap);
  EXPECT_EQ(walk.after(), "");
}

TEST(ListWalk, TakesATextThatIsNoneForABegin) {
  for (const char* text : {"", "x", "1", "1 x", " 1 2", "99999999999999999999 1 e"})
    EXPECT_EQ(list_walk::read(text, 1000000).from(), 1000000 - list_walk::overlap) << text;
}

} // namespace
