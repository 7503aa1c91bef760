#include <stripe_return/core/money.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace sr = stripe_return;

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

// https://docs.stripe.com/currencies, copied from there and not from the code.
TEST(Money, MinorUnitDigitsAreStripes) {
  for (const char* zero : {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf",
                           "vnd", "vuv", "xaf", "xof", "xpf"}) {
    EXPECT_EQ(sr::minor_unit_digits(zero), 0) << zero;
  }
  for (const char* three : {"bhd", "jod", "kwd", "omr", "tnd"})
    EXPECT_EQ(sr::minor_unit_digits(three), 3) << three;
  // UGX and ISK have no minor unit, HUF and TWD none in payouts: charges are sent in hundredths.
  for (const char* two : {"isk", "ugx", "huf", "twd", "cny", "usd", "eur", "gbp", "hkd", "idr",
                          "zzz", "", "jp", "jpyx"}) {
    EXPECT_EQ(sr::minor_unit_digits(two), 2) << two;
  }
}

TEST(Money, ShowsAmountsAsPeopleWriteThem) {
  const struct {
    std::int64_t minor_units;
    const char* currency;
    const char* shown;
  } cases[] = {
      {400, "cny", "4.00 CNY"},
      {0, "cny", "0.00 CNY"},
      {1, "cny", "0.01 CNY"},
      {99, "usd", "0.99 USD"},
      {100, "usd", "1.00 USD"},
      {-1, "usd", "-0.01 USD"},
      {-100, "usd", "-1.00 USD"},
      {123456789, "eur", "1234567.89 EUR"},
      {400, "jpy", "400 JPY"},
      {0, "jpy", "0 JPY"},
      {-5, "krw", "-5 KRW"},
      {1050, "kwd", "1.050 KWD"},
      {-1050, "kwd", "-1.050 KWD"},
      {1, "bhd", "0.001 BHD"},
      {999, "tnd", "0.999 TND"},
      {1000, "isk", "10 ISK"},
      {0, "isk", "0 ISK"},
      {-1000, "ugx", "-10 UGX"},
      {100000, "ugx", "1000 UGX"},
      {1001, "isk", "10.01 ISK"}, // not what Stripe sends; nothing may get lost all the same
      {1010, "isk", "10.10 ISK"},
      {1000, "huf", "10.00 HUF"},
      {400, "CNY", "4.00 CNY"},
      {400, "Jpy", "400 JPY"},
      {400, "", "4.00"},
      {most, "usd", "92233720368547758.07 USD"},
      {least, "usd", "-92233720368547758.08 USD"},
      {most, "jpy", "9223372036854775807 JPY"},
      {least, "jpy", "-9223372036854775808 JPY"},
      {most, "kwd", "9223372036854775.807 KWD"},
      {least, "kwd", "-9223372036854775.808 KWD"},
      {most, "isk", "92233720368547758.07 ISK"},
  };
  for (const auto& each : cases)
    EXPECT_EQ(to_string(sr::money(each.minor_units, each.currency)), each.shown);
}

TEST(Money, TakesACurrencyInAnyLetterCase) {
  const sr::money amount(400, "CnY");
  EXPECT_EQ(amount.currency(), "cny");
  EXPECT_EQ(amount.minor_units(), 400);
  EXPECT_EQ(amount, sr::money(400, "cny"));
}

TEST(Money, ChangesNothingButLetters) {
  EXPECT_EQ(sr::money(1, "@[`{\xC3\x84").currency(), "@[`{\xC3\x84");
  EXPECT_EQ(sr::money(1, "AZ").currency(), "az");
  EXPECT_EQ(to_string(sr::money(1, "az@[`{")), "0.01 AZ@[`{");
}

TEST(Money, IsEqualOnlyInBoth) {
  EXPECT_TRUE(sr::money(400, "cny") == sr::money(400, "cny"));
  EXPECT_FALSE(sr::money(400, "cny") != sr::money(400, "CNY"));
  EXPECT_TRUE(sr::money(400, "cny") != sr::money(401, "cny"));
  EXPECT_TRUE(sr::money(400, "cny") != sr::money(400, "jpy"));
  EXPECT_FALSE(sr::money(least, "cny") == sr::money(most, "cny"));
}

} // namespace
