#include <stripe_return/core/result.hpp>

#include "printing.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

namespace sr = stripe_return;

const sr::error failure{sr::error_code::timed_out_waiting, "No answer came in time."};

static_assert(!std::is_convertible_v<sr::result<int>, bool>, "if (r) yes, int n = r no");
static_assert(!std::is_constructible_v<sr::result<std::string>, std::unique_ptr<int>>);
static_assert(!std::is_copy_constructible_v<sr::result<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<sr::result<std::string>>);
static_assert(std::is_same_v<sr::result<int>::value_type, int>);
static_assert(std::is_same_v<sr::result<int>::error_type, sr::error>);
static_assert(std::is_same_v<sr::result<void>::value_type, void>);
static_assert(std::is_same_v<sr::result<void>::error_type, sr::error>);
static_assert(!std::is_convertible_v<sr::result<void>, bool>);
static_assert(std::is_nothrow_move_constructible_v<sr::result<void>>);
static_assert(std::is_same_v<decltype(*std::declval<const sr::result<int>&>()), const int&>);
static_assert(std::is_same_v<decltype(*std::declval<sr::result<int>&&>()), int&&>);

TEST(Result, HoldsAValue) {
  sr::result<std::string> r = "text";
  EXPECT_TRUE(r.has_value());
  EXPECT_TRUE(r);
  EXPECT_EQ(*r, "text");
  EXPECT_EQ(r->size(), 4U);
  EXPECT_EQ(r.value(), "text");
  r->push_back('!');
  *r += '?';
  r.value() += '.';
  EXPECT_EQ(std::as_const(r).value(), "text!?.");
  EXPECT_EQ(*std::as_const(r), "text!?.");
  EXPECT_EQ(std::as_const(r)->front(), 't');
}

TEST(Result, HoldsAnError) {
  sr::result<std::string> r = failure;
  EXPECT_FALSE(r.has_value());
  EXPECT_FALSE(r);
  EXPECT_EQ(r.error().code, failure.code);
  EXPECT_EQ(std::as_const(r).error().message, failure.message);
  const sr::error taken = std::move(r).error();
  EXPECT_EQ(taken.message, failure.message);
}

TEST(Result, ThrowsWhenAnErrorIsAskedForItsValue) {
  sr::result<std::string> r = failure;
  EXPECT_THROW(r.value(), sr::bad_result_access);
  EXPECT_THROW(std::as_const(r).value(), sr::bad_result_access);
  EXPECT_THROW(std::move(r).value(), sr::bad_result_access);
  EXPECT_EQ(std::string_view(sr::bad_result_access().what()),
            "stripe_return: result::value() was called on an error");
}

TEST(Result, OfNothingIsASuccessUnlessItHoldsAnError) {
  sr::result<void> r;
  EXPECT_TRUE(r.has_value());
  EXPECT_TRUE(r);
  EXPECT_NO_THROW(r.value());
  r = failure;
  EXPECT_FALSE(r.has_value());
  EXPECT_FALSE(r);
  EXPECT_EQ(r.error().code, failure.code);
  EXPECT_EQ(std::as_const(r).error().message, failure.message);
  EXPECT_THROW(r.value(), sr::bad_result_access);
  const sr::error taken = std::move(r).error();
  EXPECT_EQ(taken.message, failure.message);
  r = sr::result<void>();
  EXPECT_TRUE(r);
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  sr::result<std::unique_ptr<int>> r = std::make_unique<int>(7);
  sr::result<std::unique_ptr<int>> moved = std::move(r);
  EXPECT_EQ(**moved, 7);
  const std::unique_ptr<int> taken = *std::move(moved);
  EXPECT_EQ(*taken, 7);
  const std::unique_ptr<int> also =
      sr::result<std::unique_ptr<int>>(std::make_unique<int>(8)).value();
  EXPECT_EQ(*also, 8);
}

TEST(Result, ChangesFromOneToTheOther) {
  sr::result<int> r = 1;
  r = failure;
  EXPECT_EQ(r.error().code, failure.code);
  r = 2;
  EXPECT_EQ(*r, 2);
  const sr::result<int> copy = r;
  r = failure;
  EXPECT_EQ(*copy, 2);
}

// An error's address is not a true result.
TEST(Result, OfBoolIsNotMistakenForItsSuccess) {
  const sr::result<bool> no = false;
  EXPECT_TRUE(no.has_value());
  EXPECT_FALSE(*no);
  const sr::result<bool> failed = failure;
  EXPECT_FALSE(failed.has_value());
}

} // namespace
