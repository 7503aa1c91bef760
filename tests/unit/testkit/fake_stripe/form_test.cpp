#include "testkit/fake_stripe/form.hpp"

#include "testkit/fake_stripe/api_error.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>

namespace {

using namespace stripe_return::fake;

// a{b=1,c{d=2}}
std::string text_of(const form_value& value) {
  std::string text;
  for (const auto& each : value.members()) {
    text += (text.empty() ? "" : ",") + each.first;
    text +=
        each.second.members().empty() ? "=" + each.second.text : "{" + text_of(each.second) + "}";
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

// The largest body that the fake takes has room for so many.
constexpr int many = 60000;

form_value repeated(const std::function<std::string(int)>& pair) {
  std::string encoded;
  for (int i = 0; i < many; ++i)
    encoded += pair(i) + "&";
  return decode_form(encoded);
}

TEST(Form, FindsEachOfManyKeys) {
  const form_value form =
      repeated([](int i) { return "k" + std::to_string(i) + "=" + std::to_string(i); });
  ASSERT_EQ(form.members().size(), std::size_t{many});
  for (int i = 0; i < many; ++i) {
    const std::string key = "k" + std::to_string(i);
    const form_value* found = form.find(key);
    ASSERT_NE(found, nullptr) << key;
    ASSERT_EQ(found->text, std::to_string(i));
    ASSERT_EQ(form.members()[static_cast<std::size_t>(i)].first, key); // in the order they came in
  }
  EXPECT_EQ(form.find("k60000"), nullptr);
}

TEST(Form, TakesTheLastOfAKeyThatComesManyTimes) {
  const form_value form = repeated([](int i) { return "a=" + std::to_string(i); });
  EXPECT_EQ(text_of(form), "a=59999");
}

TEST(Form, CountsManyElements) {
  for (const form_value& form :
       {repeated([](int i) { return "a[]=" + std::to_string(i); }),
        repeated([](int i) { return "a[" + std::to_string(i) + "]=" + std::to_string(i); })}) {
    const form_value* list = form.find("a");
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(list->members().size(), std::size_t{many});
    EXPECT_EQ(list->members().back().first, "59999");
    EXPECT_EQ(list->members().back().second.text, "59999");
  }
}

TEST(Form, KeepsManyKeysInOneElement) {
  const form_value form = repeated([](int i) { return "a[][k" + std::to_string(i) + "]=1"; });
  EXPECT_EQ(form.find("a")->members().size(), 1u);
  EXPECT_EQ(form.find("a")->find("0")->members().size(), std::size_t{many});
}

TEST(Form, KeepsManyKeysDeepInside) {
  const form_value form =
      repeated([](int i) { return "a[b][c][d][e][f][g][k" + std::to_string(i) + "]=1"; });
  const form_value* inside = &form;
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g"}) {
    ASSERT_EQ(inside->members().size(), 1u);
    inside = inside->find(key);
    ASSERT_NE(inside, nullptr);
  }
  EXPECT_EQ(inside->members().size(), std::size_t{many});
}

TEST(Form, RefusesANameOfManyLevels) {
  std::string name = "a";
  for (int i = 0; i < many; ++i)
    name += "[a]";
  EXPECT_THROW(decode_form(name + "=1"), api_error);
}

} // namespace
