#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/open_enum.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;

template <class Enum> struct enum_names;

template <> struct enum_names<sr::session_status> {
  using w = sr::session_status;
  static std::vector<std::pair<std::string, w>> words() {
    return {{"open", w::open}, {"complete", w::complete}, {"expired", w::expired}};
  }
};
template <> struct enum_names<sr::session_payment_status> {
  using w = sr::session_payment_status;
  static std::vector<std::pair<std::string, w>> words() {
    return {
        {"paid", w::paid}, {"unpaid", w::unpaid}, {"no_payment_required", w::no_payment_required}};
  }
};
template <> struct enum_names<sr::session_mode> {
  using w = sr::session_mode;
  static std::vector<std::pair<std::string, w>> words() {
    return {{"payment", w::payment}, {"setup", w::setup}, {"subscription", w::subscription}};
  }
};
template <> struct enum_names<sr::payment_intent_status> {
  using w = sr::payment_intent_status;
  static std::vector<std::pair<std::string, w>> words() {
    return {{"canceled", w::canceled},
            {"processing", w::processing},
            {"requires_action", w::requires_action},
            {"requires_capture", w::requires_capture},
            {"requires_confirmation", w::requires_confirmation},
            {"requires_payment_method", w::requires_payment_method},
            {"succeeded", w::succeeded}};
  }
};

template <class Enum> class OpenEnum : public testing::Test {};

using Words = testing::Types<sr::session_status, sr::session_payment_status, sr::session_mode,
                             sr::payment_intent_status>;
TYPED_TEST_SUITE(OpenEnum, Words);

TYPED_TEST(OpenEnum, KnowsStripesWords) {
  for (const auto& [raw, word] : enum_names<TypeParam>::words()) {
    const sr::open_enum<TypeParam> read{raw};
    EXPECT_EQ(read.known(), word) << raw;
    EXPECT_EQ(read.raw(), raw);
    EXPECT_TRUE(read == word);
    EXPECT_FALSE(read != word);
    EXPECT_TRUE(read != TypeParam::unrecognized);
  }
}

// A word that is almost one we know must not pass for it.
TYPED_TEST(OpenEnum, KeepsAWordThatIsNew) {
  for (const auto& known : enum_names<TypeParam>::words()) {
    std::string upper = known.first;
    upper.front() = static_cast<char>(upper.front() - 32);
    for (const std::string& raw :
         {upper, ' ' + known.first, known.first + ' ', known.first + '\n', known.first + '\0',
          known.first + 's', known.first.substr(1), std::string("absent"),
          std::string("unrecognized"), std::string("word_of_tomorrow"), std::string(1, '\0')}) {
      const sr::open_enum<TypeParam> read{raw};
      EXPECT_EQ(read.known(), TypeParam::unrecognized) << raw;
      EXPECT_EQ(read.raw(), raw);
    }
  }
}

TYPED_TEST(OpenEnum, IsAbsentWhenEmptyOrMadeOfNothing) {
  EXPECT_EQ(sr::open_enum<TypeParam>{}.known(), TypeParam::absent);
  EXPECT_EQ(sr::open_enum<TypeParam>{}.raw(), "");
  EXPECT_EQ(sr::open_enum<TypeParam>{std::string()}.known(), TypeParam::absent);
}

TYPED_TEST(OpenEnum, IsNotMadeFromTextByAccident) {
  static_assert(!std::is_convertible_v<std::string, sr::open_enum<TypeParam>>);
  static_assert(!std::is_convertible_v<sr::open_enum<TypeParam>, std::string>);
}

} // namespace
