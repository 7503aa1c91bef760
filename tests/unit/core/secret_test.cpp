#include <stripe_return/core/secret.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

namespace sr = stripe_return;

template <class T, class = void> struct is_streamable : std::false_type {};
template <class T>
struct is_streamable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<T>())>>
    : std::true_type {};

// Comparing bytes one by one tells an attacker how many of them are right.
template <class A, class B, class = void> struct is_comparable : std::false_type {};
template <class A, class B>
struct is_comparable<A, B, std::void_t<decltype(std::declval<A>() == std::declval<B>())>>
    : std::true_type {};

static_assert(is_streamable<std::string>::value && is_comparable<std::string, std::string>::value,
              "the traits see what there is to see");
static_assert(!is_streamable<sr::secret>::value && !is_streamable<const sr::secret&>::value);
static_assert(!is_comparable<sr::secret, sr::secret>::value);
static_assert(!is_comparable<sr::secret, std::string>::value);
static_assert(!is_comparable<sr::secret, const char*>::value);
static_assert(!std::is_convertible_v<sr::secret, std::string>);
static_assert(!std::is_convertible_v<sr::secret, std::string_view>);
static_assert(!std::is_convertible_v<sr::secret, const char*>);
static_assert(!std::is_convertible_v<sr::secret, bool>);
static_assert(!std::is_constructible_v<std::string, sr::secret>);
static_assert(!std::is_constructible_v<std::string_view, const sr::secret&>);
static_assert(std::is_nothrow_move_constructible_v<sr::secret>);
static_assert(std::is_nothrow_move_assignable_v<sr::secret>);

// One that fits into the string object itself, one that does not.
constexpr const char* texts[] = {"sk_test_short",
                                 "cs_test_a1b2c3_secret_0123456789abcdefghijklmno"};

bool lies_in(const void* memory, std::size_t size, std::string_view text) {
  return std::string_view(static_cast<const char*>(memory), size).find(text) !=
         std::string_view::npos;
}

TEST(Secret, GivesItsTextOnlyWhenAsked) {
  for (const char* text : texts) {
    const sr::secret given(text);
    const sr::secret moved_in{std::string(text)};
    EXPECT_EQ(given.reveal(), text);
    EXPECT_EQ(moved_in.reveal(), text);
    EXPECT_FALSE(given.empty());
  }
  EXPECT_TRUE(sr::secret().empty());
  EXPECT_TRUE(sr::secret("").empty());
  const char* unset = nullptr;
  EXPECT_TRUE(sr::secret(unset).empty()) << "as std::getenv() gives it";
}

TEST(Secret, CopiesAreIndependent) {
  for (const char* text : texts) {
    sr::secret original(text);
    sr::secret copy(original);
    sr::secret assigned("something else, long enough to need memory of its own");
    assigned = original;
    original = sr::secret("another");
    EXPECT_EQ(copy.reveal(), text);
    EXPECT_EQ(assigned.reveal(), text);
    EXPECT_EQ(original.reveal(), "another");
  }
}

TEST(Secret, IsEmptyAfterItWasMoved) {
  for (const char* text : texts) {
    sr::secret source(text);
    sr::secret target(std::move(source));
    EXPECT_TRUE(source.empty()); // NOLINT(bugprone-use-after-move): that it is empty is promised
    EXPECT_EQ(target.reveal(), text);

    sr::secret assigned("something else");
    assigned = std::move(target);
    EXPECT_TRUE(target.empty()); // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(assigned.reveal(), text);
  }
}

TEST(Secret, SurvivesBeingAssignedToItself) {
  for (const char* text : texts) {
    sr::secret value(text);
    sr::secret& alias = value;
    value = alias;
    EXPECT_EQ(value.reveal(), text);
    value = std::move(alias);
    EXPECT_EQ(value.reveal(), text);
  }
}

// A short text lies in the object, where a plain move would leave all but its first byte behind.
TEST(Secret, LeavesNothingBehindWhereItLay) {
  const std::string_view text = texts[0];
  alignas(sr::secret) unsigned char memory[sizeof(sr::secret)] = {};
  const auto anything_left = [&] { return lies_in(memory, sizeof memory, text.substr(2)); };
  auto* value = new (memory) sr::secret(std::string(text));
  ASSERT_TRUE(anything_left());

  sr::secret constructed(std::move(*value));
  EXPECT_FALSE(anything_left());

  *value = constructed;
  ASSERT_TRUE(anything_left());
  constructed = std::move(*value);
  EXPECT_FALSE(anything_left());

  *value = constructed;
  *value = sr::secret("x");
  EXPECT_FALSE(anything_left());

  *value = constructed;
  *value = sr::secret();
  EXPECT_FALSE(anything_left());
  EXPECT_TRUE(value->empty());

  *value = constructed;
  value->~secret();
  EXPECT_FALSE(anything_left());
}

} // namespace
