#include "client/http_date.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

std::string fixdate(sr::unix_seconds time) {
  const std::time_t copy = time;
  std::tm parts{};
  gmtime_r(&copy, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

// https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats: one form to send, three to read.
TEST(HttpDate, ReadsEveryFormOfHttp) {
  struct row {
    std::string text;
    std::optional<sr::unix_seconds> expected;
  };
  const std::vector<row> rows{
      {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
      {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
      {"Sun Nov  6 08:49:37 1994", 784111777},
      {"Sun, 22 Nov 2026 00:00:00 GMT", 1795305600},
      {"Tue, 29 Feb 2028 23:59:59 GMT", 1835481599},
      {"Tue, 19 Jan 2038 03:14:08 GMT", 2147483648}, // past 32 bits
      {"", std::nullopt},
      {"yesterday", std::nullopt},
      {"Sun, 06 Nov", std::nullopt},
      {"Sun, 99 Nov 1994 08:49:37 GMT", std::nullopt},
      {"08:49:37", std::nullopt},
      {"-1", std::nullopt},
      // The beginning of time is no time that Stripe answers at, and 0 would expire nothing.
      {"Thu, 01 Jan 1970 00:00:00 GMT", std::nullopt},
      {std::string(100000, '1'), std::nullopt},
  };
  for (const row& each : rows)
    EXPECT_EQ(sr::parse_http_date(each.text), each.expected) << each.text.substr(0, 80);
}

TEST(Fixdate, IsReadForEveryDayAndSecond) {
  for (sr::unix_seconds day = 0; day < 366 * 450; ++day)
    ASSERT_EQ(sr::parse_fixdate(fixdate(day * 86400)), day * 86400) << fixdate(day * 86400);
  for (sr::unix_seconds second = 1774224000; second < 1774224000 + 86400; ++second)
    ASSERT_EQ(sr::parse_fixdate(fixdate(second)), second);
}

// What is read where a character is wrong, libcurl reads as well; most is read by neither.
TEST(Fixdate, AgreesWithLibcurlOnWhatItReads) {
  std::mt19937 random(20260323);
  const std::string characters = "0123456789 ,:GMTJanFebrSu-+\t";
  int read = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text = fixdate(static_cast<sr::unix_seconds>(random() % 4102444800u));
    const std::size_t at = random() % text.size();
    text[at] = characters[random() % characters.size()];
    const auto time = sr::parse_fixdate(text);
    if (!time || at < 3) continue;          // the day of the week says nothing new
    if (text.substr(5, 2) > "28") continue; // such as 31 June, which libcurl refuses or not
    ++read;
    ASSERT_EQ(*time, curl_getdate(text.c_str(), nullptr)) << text;
  }
  EXPECT_GT(read, 10000);
}

TEST(Fixdate, IsNoOtherForm) {
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 08:49:3",
                           "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 anF 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT",
                           "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37+GMT"})
    EXPECT_EQ(sr::parse_fixdate(text), std::nullopt) << text;
}

} // namespace
