#include <stripe_return/core/checkout_session.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using entries = std::vector<sr::metadata::entry>;

TEST(Metadata, IsEmptyWhenMadeOfNothing) {
  EXPECT_THAT(sr::metadata{}.entries(), IsEmpty());
  const sr::metadata nothing;
  EXPECT_EQ(nothing.get("out_trade_no"), "");
  EXPECT_EQ(nothing.get(""), "");
}

TEST(Metadata, FindsEachKeyWhateverTheOrder) {
  const sr::metadata data(entries{{"b", "2"}, {"out_trade_no", "A1"}, {"a", "1"}, {"zz", "26"}});
  EXPECT_EQ(data.get("a"), "1");
  EXPECT_EQ(data.get("b"), "2");
  EXPECT_EQ(data.get("out_trade_no"), "A1");
  EXPECT_EQ(data.get("zz"), "26");
}

TEST(Metadata, FindsNoKeyThatIsOnlySimilar) {
  const sr::metadata data(entries{{"out_trade_no", "A1"}});
  for (const std::string key :
       {"", "out_trade_n", "out_trade_no_", "Out_trade_no", " out_trade_no", "a", "zzz"}) {
    EXPECT_EQ(data.get(key), "") << key;
  }
  EXPECT_EQ(data.get(std::string_view("out_trade_no\0", 13)), "");
}

TEST(Metadata, IsSortedByKey) {
  const sr::metadata data(entries{{"c", "3"}, {"a", "1"}, {"b", "2"}, {"B", "0"}});
  EXPECT_THAT(data.entries(),
              ElementsAre(Pair("B", "0"), Pair("a", "1"), Pair("b", "2"), Pair("c", "3")));
}

TEST(Metadata, KeepsTheFirstOfTwoValues) {
  const sr::metadata data(entries{{"k", "first"}, {"a", "1"}, {"k", "second"}, {"k", "third"}});
  EXPECT_EQ(data.get("k"), "first");
  EXPECT_THAT(data.entries(), ElementsAre(Pair("a", "1"), Pair("k", "first")));
}

TEST(Metadata, HoldsBytesAsTheyAre) {
  const std::string value("\0\xE5\x8D\x95\n\"", 6);
  const sr::metadata data(entries{{"k", value}});
  EXPECT_EQ(data.get("k"), value);
}

} // namespace
