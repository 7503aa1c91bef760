#include "fake_stripe/page_language.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

using stripe_return::fake::choose_language;
using stripe_return::fake::page_language;

TEST(PageLanguage, IsThatOfTheSessionsLocale) {
  for (const char* locale : {"zh", "zh-HK", "zh-TW"}) {
    EXPECT_EQ(choose_language(locale, "en"), page_language::chinese) << locale;
  }
  for (const char* locale : {"en", "en-GB", "fr", "zhx"}) {
    EXPECT_EQ(choose_language(locale, "zh"), page_language::english) << locale;
  }
}

TEST(PageLanguage, IsThatOfTheBrowserWithoutALocale) {
  for (const std::optional<std::string>& locale : {std::optional<std::string>(), {"auto"}}) {
    EXPECT_EQ(choose_language(locale, "zh-CN,zh;q=0.9,en;q=0.8"), page_language::chinese);
    EXPECT_EQ(choose_language(locale, "en-US,en;q=0.9,zh;q=0.8"), page_language::english);
    EXPECT_EQ(choose_language(locale, {}), page_language::english);
  }
}

TEST(PageLanguage, WeighsWhatTheBrowserTakes) {
  const auto chosen = [](std::string_view header) { return choose_language({}, header); };
  EXPECT_EQ(chosen("en;q=0.5, ZH-Hant-TW ; q=0.8"), page_language::chinese);
  EXPECT_EQ(chosen("en;q=0.805,zh;q=0.81"), page_language::chinese);
  EXPECT_EQ(chosen("fr, de;q=0.9, zh;q=0.1"), page_language::chinese);
  EXPECT_EQ(chosen("zh;q=1.0,en"), page_language::chinese);
  EXPECT_EQ(chosen("zh;q=0"), page_language::english);
  EXPECT_EQ(chosen("fr,*"), page_language::english);
  for (const char* wrong : {"zh;q=", "zh;q=2", "zh;q=0.x", "zh;level=1", ",;,=", "-"}) {
    EXPECT_EQ(chosen(wrong), page_language::english) << wrong;
  }
}

} // namespace
