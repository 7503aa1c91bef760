#include "fake_stripe/form.hpp"

#include "fake_stripe/api_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace stripe_return::fake;

// a{b=1,c{d=2}}
std::string text_of(const form_value& value) {
  std::string text;
  for (const auto& each : value.members) {
    text += (text.empty() ? "" : ",") + each.first;
    text += each.second.members.empty() ? "=" + each.second.text : "{" + text_of(each.second) + "}";
  }
  return text;
}

std::string decoded(const std::string& encoded) {
  return text_of(decode_form(encoded));
}

TEST(Form, DecodesNestedKeysAsTheClientsEncodeThem) {
  EXPECT_EQ(
      decoded("mode=payment&line_items[0][price_data][unit_amount]=200&line_items[0][quantity]="
              "2&line_items[1][quantity]=1"),
      "mode=payment,line_items{0{price_data{unit_amount=200},quantity=2},1{quantity=1}}");
  EXPECT_EQ(decoded("line_items%5B0%5D%5Bquantity%5D=2"), "line_items{0{quantity=2}}");
  EXPECT_EQ(decoded("created[gte]=5&created[lt]=9"), "created{gte=5,lt=9}");
}

TEST(Form, CountsElementsWithoutAnIndex) {
  EXPECT_EQ(decoded("expand[]=a&expand[]=b"), "expand{0=a,1=b}");
  EXPECT_EQ(decoded("i[][a]=1&i[][b]=2&i[][a]=3"), "i{0{a=1,b=2},1{a=3}}");
}

TEST(Form, DecodesPercentAndPlus) {
  EXPECT_EQ(decoded("name=a+b%20c%2Bd%26e&u=%E4%BD%A0"), "name=a b c+d&e,u=\xE4\xBD\xA0");
  EXPECT_EQ(percent_decode("/a+b%20c"), "/a+b c");
}

TEST(Form, TakesTheLastOfAKeyThatComesTwice) {
  EXPECT_EQ(decoded("a=1&a=2"), "a=2");
}

TEST(Form, TakesEmptyParts) {
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("&&a=1&"), "a=1");
  EXPECT_EQ(decoded("a"), "a=");
  EXPECT_EQ(decoded("a="), "a=");
  EXPECT_EQ(decoded("a=b=c"), "a=b=c");
}

TEST(Form, RefusesWhatHasNoMeaning) {
  for (const char* each : {"a=%", "a=%4", "a=%zz", "%g0=1", "[a]=1", "a[b=1", "a[b]c=1", "=1",
                           "a=1&a[b]=2", "a[b]=2&a=1", "a[b][c][d][e][f][g][h][i]=1"}) {
    EXPECT_THROW(decode_form(each), api_error) << each;
  }
}

} // namespace
