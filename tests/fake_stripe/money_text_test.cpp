#include "fake_stripe/money_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace sr = stripe_return;
using sr::fake::money_text;
using sr::fake::page_language;

struct amount_in_words {
  std::int64_t minor_units;
  const char* currency;
  const char* english;
  const char* chinese;
};

class MoneyText : public testing::TestWithParam<amount_in_words> {};

TEST_P(MoneyText, IsInTheFormOfCurrencyAndLanguage) {
  const amount_in_words& row = GetParam();
  const sr::money amount(row.minor_units, row.currency);
  EXPECT_EQ(money_text(amount, page_language::english), row.english);
  EXPECT_EQ(money_text(amount, page_language::chinese), row.chinese);
}

// As Intl.NumberFormat has it for en-US and zh-CN by CLDR 48, with Stripe's decimals.
INSTANTIATE_TEST_SUITE_P(
    Currencies, MoneyText,
    testing::Values(
        // two decimals
        amount_in_words{300, "cny", "CN¥3.00", "¥3.00"},
        amount_in_words{1200, "usd", "$12.00", "US$12.00"},
        amount_in_words{123456, "eur", "€1,234.56", "€1,234.56"},
        amount_in_words{5, "gbp", "£0.05", "£0.05"},
        amount_in_words{0, "hkd", "HK$0.00", "HK$0.00"},
        amount_in_words{99999999, "inr", "₹999,999.99", "₹999,999.99"},
        amount_in_words{1200, "chf", "CHF\u00a012.00", "CHF\u00a012.00"},
        amount_in_words{1200, "php", "₱12.00", "PHP\u00a012.00"},
        // none
        amount_in_words{500, "jpy", "¥500", "JP¥500"},
        amount_in_words{1000, "krw", "₩1,000", "￦1,000"},
        amount_in_words{1234567, "vnd", "₫1,234,567", "₫1,234,567"},
        amount_in_words{99, "clp", "CLP\u00a099", "CLP\u00a099"},
        amount_in_words{1500, "xof", "F\u202fCFA\u00a01,500", "F\u202fCFA\u00a01,500"},
        // three
        amount_in_words{5120, "kwd", "KWD\u00a05.120", "KWD\u00a05.120"},
        amount_in_words{1234560, "bhd", "BHD\u00a01,234.560", "BHD\u00a01,234.560"},
        // Stripe's special cases: hundredths that are always 00, and decimals that payouts lack
        amount_in_words{500, "isk", "ISK\u00a05", "ISK\u00a05"},
        amount_in_words{123400, "ugx", "UGX\u00a01,234", "UGX\u00a01,234"},
        amount_in_words{1045, "huf", "HUF\u00a010.45", "HUF\u00a010.45"},
        amount_in_words{80045, "twd", "NT$800.45", "NT$800.45"},
        // what a discount takes off
        amount_in_words{-100000, "cny", "-CN¥1,000.00", "-¥1,000.00"},
        amount_in_words{-999, "chf", "-CHF\u00a09.99", "-CHF\u00a09.99"},
        amount_in_words{std::numeric_limits<std::int64_t>::min(), "jpy",
                        "-¥9,223,372,036,854,775,808", "-JP¥9,223,372,036,854,775,808"},
        amount_in_words{1200, "", "12.00", "12.00"}));

} // namespace
