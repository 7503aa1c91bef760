#include "orders/list_cursor.hpp"

#include <stripe_return/core/event.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using sr::orders::list_cursor;

constexpr sr::unix_seconds overlap = list_cursor::overlap;

sr::event_page
page_of_events(const std::vector<std::pair<std::string, std::optional<sr::unix_seconds>>>& events,
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

// All of the page is recorded.
void pass_all(list_cursor& cursor, const sr::event_page& page) {
  cursor.pass(page, page.data.size());
}

TEST(ListCursor, GoesBackToWhereTheReadingBeforeBegan) {
  list_cursor cursor = list_cursor::read("", 1000000);
  EXPECT_EQ(cursor.from(), 1000000 - overlap);
  EXPECT_EQ(cursor.after(), "");
  pass_all(cursor, page_of_events({{"e5", 2000005}, {"e4", 2000004}}, true));
  EXPECT_FALSE(cursor.is_over());
  EXPECT_EQ(cursor.after(), "e4");
  EXPECT_EQ(cursor.from(), 1000000 - overlap);
  pass_all(cursor, page_of_events({{"e3", 2000003}}, false));
  EXPECT_TRUE(cursor.is_over());
  EXPECT_EQ(cursor.from(), 2000005 - overlap);
}

TEST(ListCursor, StandsBehindTheLastItemThatIsRecorded) {
  list_cursor cursor = list_cursor::read("", 1000000);
  const auto page = page_of_events({{"e5", 2000005}, {"e4", 2000004}, {"e3", 2000003}}, false);
  cursor.pass(page, 0);
  EXPECT_EQ(cursor.text(), "");
  cursor.pass(page, 2);
  EXPECT_FALSE(cursor.is_over());
  EXPECT_EQ(cursor.after(), "e4");
  pass_all(cursor, page_of_events({{"e3", 2000003}}, false));
  EXPECT_EQ(cursor.from(), 2000005 - overlap);
}

TEST(ListCursor, GoesOnFromTheLastIdThatCanBeRead) {
  list_cursor cursor = list_cursor::read("", 1000000);
  pass_all(cursor, page_of_events({{"e5", 2000005}, {"e4", 2000004}, {"", 2000003}}, true));
  EXPECT_EQ(cursor.after(), "e4");
  pass_all(cursor, page_of_events({{"", 2000003}}, true));
  EXPECT_TRUE(cursor.is_over());
  EXPECT_EQ(cursor.from(), 1000000 - overlap) << "it begins again";
}

TEST(ListCursor, TakesTheNewestTimeThatCanBeRead) {
  list_cursor cursor = list_cursor::read("", 1000000);
  pass_all(cursor, page_of_events({{"e5", {}}, {"e4", 2000004}}, false));
  EXPECT_EQ(cursor.from(), 2000004 - overlap);
}

TEST(ListCursor, GoesOnFromItsText) {
  list_cursor cursor = list_cursor::read("", 1000000);
  pass_all(cursor, page_of_events({{"e5", 2000005}}, true));
  list_cursor again = list_cursor::read(cursor.text(), 7);
  EXPECT_EQ(again.text(), cursor.text());
  EXPECT_EQ(again.after(), "e5");
  pass_all(again, page_of_events({}, false));
  EXPECT_EQ(again.from(), 2000005 - overlap);
}

TEST(ListCursor, KeepsNoTimeOfTheApplicationsClock) {
  list_cursor cursor = list_cursor::read("", 1000000);
  pass_all(cursor, page_of_events({}, false));
  EXPECT_EQ(cursor.text(), "");
  EXPECT_EQ(list_cursor::read(cursor.text(), 7000).from(), 7000 - overlap);
}

TEST(ListCursor, NeverGoesBack) {
  list_cursor cursor = list_cursor::read("1000000 0 ", 7);
  pass_all(cursor, page_of_events({{"e1", 999999}}, false)); // of the overlap
  EXPECT_EQ(cursor.from(), 1000000 - overlap);
}

TEST(ListCursor, LooksBackOnceMoreOnlyFromItsEnd) {
  list_cursor cursor = list_cursor::read("1000000 0 ", 7);
  cursor.look_back_to(1000001);
  EXPECT_EQ(cursor.from(), 1000000 - overlap);
  cursor.look_back_to(900000);
  EXPECT_EQ(cursor.from(), 900000 - overlap);
  list_cursor reading = list_cursor::read("1000000 2000000 e4", 7);
  reading.look_back_to(900000);
  EXPECT_EQ(reading.from(), 1000000 - overlap);
}

TEST(ListCursor, BeginsAgainWithoutLosingItsEnd) {
  list_cursor cursor = list_cursor::read("1000000 2000000 e4", 7);
  cursor.begin_again();
  EXPECT_EQ(cursor.from(), 1000000 - overlap);
  EXPECT_TRUE(cursor.is_over());
}

TEST(ListCursor, KnowsTheFuture) {
  constexpr sr::unix_seconds day = 24 * 3600;
  EXPECT_FALSE(list_cursor::read("", 9000000).is_ahead_of(1000));
  EXPECT_FALSE(list_cursor::read("1000000 0 ", 7).is_ahead_of(1000000 - day));
  EXPECT_TRUE(list_cursor::read("1000000 0 ", 7).is_ahead_of(1000000 - day - 1));
  EXPECT_TRUE(list_cursor::read("1000 1000000 e1", 7).is_ahead_of(1000));
  constexpr auto last = std::numeric_limits<sr::unix_seconds>::max();
  EXPECT_FALSE(list_cursor::read("1000000 0 ", 7).is_ahead_of(last));
}

TEST(ListCursor, TakesATextThatIsNoneForABegin) {
  for (const char* text : {"", "x", "1", "1 x", " 1 2", "99999999999999999999 1 e"})
    EXPECT_EQ(list_cursor::read(text, 1000000).from(), 1000000 - overlap) << text;
}

TEST(ListCursor, AsksForNoTimeBelowZero) {
  EXPECT_EQ(list_cursor::read("", 5).from(), 0);
  EXPECT_EQ(list_cursor::read("-9223372036854775808 0 ", 5).from(), 0);
}

} // namespace
