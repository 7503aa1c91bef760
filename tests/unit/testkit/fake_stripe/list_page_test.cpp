#include "testkit/fake_stripe/list_page.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace stripe_return::fake;

struct listed {
  std::string id;
  bool wanted = true;
};

class ListPage : public testing::Test {
protected:
  // "9 8 7 ..." and "+" if there are more.
  std::string page(std::size_t limit, std::optional<std::string> starting_after = {},
                   std::optional<std::string> ending_before = {}) {
    const list_page<listed> taken =
        take_page<listed>(in_order(objects_), {limit, starting_after, ending_before}, "thing",
                          [](const listed& each) { return each.wanted; });
    std::string text;
    for (const listed* each : taken.objects)
      text += each->id;
    return text + (taken.has_more ? "+" : "");
  }

  std::vector<listed> objects_ = {{"f"}, {"e"}, {"d"}, {"c"}, {"b"}, {"a"}};
};

TEST_F(ListPage, GoesForward) {
  EXPECT_EQ(page(10), "fedcba");
  EXPECT_EQ(page(6), "fedcba");
  EXPECT_EQ(page(4), "fedc+");
  EXPECT_EQ(page(4, "c"), "ba");
  EXPECT_EQ(page(2, "e"), "dc+");
  EXPECT_EQ(page(2, "a"), "");
}

TEST_F(ListPage, GoesBackFromTheCursorInTheOrderOfTheList) {
  EXPECT_EQ(page(2, {}, "a"), "cb+");
  EXPECT_EQ(page(3, {}, "c"), "fed");
  EXPECT_EQ(page(2, {}, "c"), "ed+");
  EXPECT_EQ(page(2, {}, "f"), "");
}

TEST_F(ListPage, LeavesOutWhatIsNotWantedButKnowsItsPlace) {
  objects_[1].wanted = false; // e
  objects_[3].wanted = false; // c
  EXPECT_EQ(page(2), "fd+");
  EXPECT_EQ(page(2, "c"), "ba");
  EXPECT_EQ(page(4), "fdba");
  EXPECT_EQ(page(1, {}, "e"), "f");
  EXPECT_EQ(page(2, {}, "a"), "db+");
}

TEST(ObjectList, KnowsThePlacesOfWhatIsLeft) {
  object_list<listed> all;
  for (const char* id : {"a", "b", "c", "d"})
    all.add({id});
  all.take_away_oldest();
  all.take_away_newest();
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(all.find("a"), nullptr);
  EXPECT_EQ(all.find("d"), nullptr);
  EXPECT_EQ(all.place_of("c"), 1u);
  EXPECT_EQ(newest_first(all).place_of("c"), 0u);
  EXPECT_EQ(newest_first(all).at(1).id, "b");
}

TEST_F(ListPage, RefusesACursorThatIsNotThere) {
  try {
    page(2, "x");
    FAIL();
  } catch (const api_error& error) {
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.code, "resource_missing");
    EXPECT_EQ(error.param, "starting_after");
  }
}

TEST(TimeRange, OfCreated) {
  const auto range = [](const char* query) { return read_created(parameters(decode_form(query))); };
  EXPECT_TRUE(range("").contains(5));
  EXPECT_TRUE(range("created=5").contains(5));
  EXPECT_FALSE(range("created=5").contains(4));
  EXPECT_FALSE(range("created=5").contains(6));
  EXPECT_FALSE(range("created[gt]=5").contains(5));
  EXPECT_TRUE(range("created[gt]=5").contains(6));
  EXPECT_TRUE(range("created[gte]=5").contains(5));
  EXPECT_FALSE(range("created[lt]=5").contains(5));
  EXPECT_TRUE(range("created[lte]=5&created[gte]=5").contains(5));
  EXPECT_FALSE(range("created[lte]=5&created[gte]=4").contains(6));
  EXPECT_THROW(range("created=x"), api_error);
  EXPECT_THROW(range("created[after]=5"), api_error);
}

TEST(PageRequest, HoldsStripesLimits) {
  const auto read = [](const char* query) {
    return read_page_request(parameters(decode_form(query)));
  };
  EXPECT_EQ(read("").limit, 10u);
  EXPECT_EQ(read("limit=100").limit, 100u);
  for (const char* each :
       {"limit=0", "limit=101", "limit=-1", "limit=x", "starting_after=a&ending_before=b"}) {
    EXPECT_THROW(read(each), api_error) << each;
  }
}

} // namespace
