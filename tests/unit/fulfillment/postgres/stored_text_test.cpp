#include "fulfillment/postgres/stored_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using stripe_return::postgres::bytes_of;
using stripe_return::postgres::stored_text;

TEST(StoredText, LeavesTextAsItIs) {
  for (const std::string text :
       {"", "1774256382025448500", "a\\b'c\"", "\n\t\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xe8\xae\xa2", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf0\x9f\x8d\x9c", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(stored_text(text), text);
    EXPECT_EQ(bytes_of(text), text);
  }
}

TEST(StoredText, MarksWhatIsNone) {
  const struct {
    std::string bytes;
    std::string stored;
  } cases[] = {{std::string(1, '\0'), "\x01"
                                      "00"},
               {"\x01", "\x01"
                        "01"},
               {"a\xff"
                "b",
                "a\x01"
                "ffb"},
               {"\x80", "\x01"
                        "80"},
               {"\xc1\xbf", "\x01"
                            "c1\x01"
                            "bf"}, // longer than need be
               {"\xe0\x9f\xbf", "\x01"
                                "e0\x01"
                                "9f\x01"
                                "bf"}, // likewise
               {"\xed\xa0\x80", "\x01"
                                "ed\x01"
                                "a0\x01"
                                "80"}, // a surrogate
               {"\xf0\x8f\xbf\xbf", "\x01"
                                    "f0\x01"
                                    "8f\x01"
                                    "bf\x01"
                                    "bf"},
               {"\xf4\x90\x80\x80", "\x01"
                                    "f4\x01"
                                    "90\x01"
                                    "80\x01"
                                    "80"},
               {"\xf5", "\x01"
                        "f5"},
               {"\xe8\xae", "\x01"
                            "e8\x01"
                            "ae"}, // cut off
               {"\xe8\xae"
                "a",
                "\x01"
                "e8\x01"
                "ae"
                "a"}};
  for (const auto& each : cases) {
    EXPECT_EQ(stored_text(each.bytes), each.stored);
    EXPECT_EQ(bytes_of(each.stored), each.bytes);
  }
}

TEST(StoredText, GivesAllBytesBack) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i != 20000; ++i) {
    std::string bytes;
    for (int length = i % 9; length != 0; --length)
      bytes += static_cast<char>(byte(random));
    const std::string stored = stored_text(bytes);
    ASSERT_EQ(bytes_of(stored), bytes);
    ASSERT_EQ(stored.find('\0'), stored.npos);
  }
}

// Somebody has written to the table.
TEST(StoredText, TakesWhatItHasNotWritten) {
  for (const std::string stored : {"\x01",
                                   "\x01"
                                   "0",
                                   "\x01"
                                   "0g",
                                   "\x01"
                                   "FF",
                                   "a\x01"})
    EXPECT_EQ(bytes_of(stored), stored);
}

} // namespace
