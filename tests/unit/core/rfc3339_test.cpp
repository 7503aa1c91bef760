#include "core/rfc3339.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string>

namespace {

namespace sr = stripe_return;
using sr::parse_rfc3339;

int days_in(int year, int month) {
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// From 1970 to 9999, by counting; at all days of months and times of day.
TEST(Rfc3339, ReadsEachDay) {
  sr::unix_seconds midnight = 0;
  int second = 0; // of the day
  for (int year = 1970; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in(year, month); ++day, midnight += 86400) {
        second = (second + 7) % 86400;
        if (second % 13 != 0) continue; // all would take long
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "%d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                      second / 3600, second / 60 % 60, second % 60);
        ASSERT_EQ(parse_rfc3339(text.data()), midnight + second) << text.data();
      }
    }
  }
  EXPECT_EQ(midnight - 1, sr::latest_time);
}

TEST(Rfc3339, ReadsFractionsOffsetsAndLeapSeconds) {
  constexpr sr::unix_seconds time = 1790797005; // 2026-09-30T19:36:45Z
  const struct {
    const char* text;
    sr::unix_seconds time;
  } cases[] = {
      {"2026-09-30T19:36:45.134Z", time},
      {"2026-09-30T19:36:45.999999999999999999999Z", time},
      {"2026-09-30t19:36:45z", time},
      {"2026-09-30T19:36:45+00:00", time},
      {"2026-09-30T19:36:45-00:00", time},
      {"2026-10-01T03:36:45+08:00", time},
      {"2026-09-30T10:06:45.5-09:30", time},
      {"2026-10-01T19:35:45+23:59", time},
      {"1969-12-31T23:00:00-01:00", 0},
      {"1970-01-01T00:00:00.0Z", 0},
      {"9999-12-31T23:59:59.999Z", sr::latest_time},
      {"2016-12-31T23:59:60Z", 1483228800},
      {"2016-12-31T23:59:60.5Z", 1483228800},
      {"2017-01-01T07:59:60+08:00", 1483228800},
      {"2016-12-31T15:29:60-08:30", 1483228800},
      {"2024-02-29T00:00:00Z", 1709164800},
      {"2000-02-29T00:00:00Z", 951782400},
  };
  for (const auto& each : cases)
    EXPECT_EQ(parse_rfc3339(each.text), each.time) << each.text;
}

TEST(Rfc3339, RefusesWhatIsNoTimeAndWhatIsOutOfRange) {
  for (const char* text : {"",
                           "2026-09-30",
                           "19:36:45Z",
                           "2026-09-30T19:36:45",
                           "2026-09-30T19:36Z",
                           "2026-09-30 19:36:45Z",
                           " 2026-09-30T19:36:45Z",
                           "2026-09-30T19:36:45Z ",
                           "2026-09-30T19:36:45ZZ",
                           "2026-09-30T19:36:45.Z",
                           "2026-09-30T19:36:45,5Z",
                           "2026-09-30T19:36:45.5.5Z",
                           "2026-9-30T19:36:45Z",
                           "26-09-30T19:36:45Z",
                           "12026-09-30T19:36:45Z",
                           "+026-09-30T19:36:45Z",
                           "2026-09-30T19:36:4 Z",
                           "2026-09-30T1/:36:45Z",
                           "2026-09-30T1::36:45Z",
                           "2026-00-30T19:36:45Z",
                           "2026-13-30T19:36:45Z",
                           "2026-09-00T19:36:45Z",
                           "2026-09-31T19:36:45Z",
                           "2026-02-29T19:36:45Z",
                           "2100-02-29T19:36:45Z",
                           "2026-12-32T19:36:45Z",
                           "2026-09-30T24:00:00Z",
                           "2026-09-30T19:60:45Z",
                           "2026-09-30T19:36:61Z",
                           "2026-09-30T19:36:60Z",
                           "2026-09-30T23:59:60+01:00",
                           "2026-09-30T19:36:45+0800",
                           "2026-09-30T19:36:45+08",
                           "2026-09-30T19:36:45+24:00",
                           "2026-09-30T19:36:45+08:60",
                           "2026-09-30T19:36:45 08:00",
                           "1970-01-01T00:59:59+01:00",
                           "1969-12-31T23:59:59Z",
                           "0001-01-01T00:00:00Z",
                           "9999-12-31T23:59:60Z",
                           "9999-12-31T23:59:59-00:01",
                           "1774256446"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, HasAnAnswerForEveryText) {
  const std::string good = "2026-09-30T19:36:45.134+08:00";
  for (std::size_t at = 0; at != good.size(); ++at) {
    EXPECT_EQ(parse_rfc3339(good.substr(0, at)), std::nullopt) << at;
    for (int byte = 0; byte != 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const std::optional<sr::unix_seconds> time = parse_rfc3339(text);
      const bool may_be_one = (byte >= '0' && byte <= '9') || text[at] == good[at] ||
                              text[at] == 't' || text[at] == '-';
      EXPECT_TRUE(may_be_one || !time) << text;
    }
  }
}

} // namespace
