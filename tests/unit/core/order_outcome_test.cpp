#include <stripe_return/core/order_outcome.hpp>

#include <stripe_return/core/decide.hpp>

#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sr = stripe_return;

template <class Word> struct enum_name_entry {
  Word value;
  const char* word;
};

// Scripts match the words, so each is written down once more here.
template <class Word, std::size_t N>
void expect_spelled(const enum_name_entry<Word> (&spellings)[N], Word last) {
  std::set<std::string_view> words;
  std::size_t index = 0;
  for (const auto& each : spellings) {
    EXPECT_EQ(static_cast<std::size_t>(each.value), index++) << each.word;
    EXPECT_EQ(to_string(each.value), each.word);
    EXPECT_TRUE(words.insert(each.word).second) << each.word;
  }
  EXPECT_EQ(index, static_cast<std::size_t>(last) + 1);
}

#define STATE(name)                                                                                \
  { sr::order_state::name, #name }
#define REASON(name)                                                                               \
  { sr::reason::name, #name }
#define STEP(name)                                                                                 \
  { sr::next_step::name, #name }
#define ANSWER(name)                                                                               \
  { sr::pay_again::name, #name }

constexpr enum_name_entry<sr::reason> reasons[] = {
    REASON(account_mismatch),
    REASON(amount_mismatch),
    REASON(amount_not_checked),
    REASON(amount_not_zero),
    REASON(ask_again),
    REASON(async_payment_failed),
    REASON(capture_required),
    REASON(currency_mismatch),
    REASON(customer_action_pending),
    REASON(duplicate_payment),
    REASON(expired_but_paid),
    REASON(expiry_not_confirmed),
    REASON(fulfill_gave_up),
    REASON(livemode_mismatch),
    REASON(local_clock),
    REASON(mode_mismatch),
    REASON(money_may_have_moved),
    REASON(not_checked_against_order),
    REASON(order_not_expected),
    REASON(out_trade_no_conflict),
    REASON(out_trade_no_mismatch),
    REASON(out_trade_no_missing),
    REASON(paid_after_close),
    REASON(partially_captured),
    REASON(payment_disputed),
    REASON(payment_intent_canceled),
    REASON(payment_intent_not_permitted),
    REASON(payment_refunded),
    REASON(release_gave_up),
    REASON(session_id_missing),
    REASON(session_not_found),
    REASON(session_not_issued),
    REASON(setup_not_expected),
    REASON(setup_paid),
    REASON(shop_mismatch),
    REASON(unrecognized_mode),
    REASON(unrecognized_payment_status),
    REASON(unrecognized_status),
};

TEST(OrderOutcome, WordsAreUniqueAndSpelledAsTheEnumerators) {
  constexpr enum_name_entry<sr::order_state> states[] = {
      STATE(paid),         STATE(no_payment_required), STATE(processing),
      STATE(failed),       STATE(awaiting_payment),    STATE(expired),
      STATE(undetermined), STATE(needs_review),        STATE(foreign)};
  constexpr enum_name_entry<sr::next_step> steps[] = {
      STEP(fulfill),      STEP(wait),    STEP(ask_again),    STEP(resume),
      STEP(new_checkout), STEP(recover), STEP(contact_shop), STEP(none)};
  constexpr enum_name_entry<sr::pay_again> answers[] = {ANSWER(yes), ANSWER(no), ANSWER(unknown)};
  expect_spelled(states, sr::order_state::foreign);
  expect_spelled(steps, sr::next_step::none);
  expect_spelled(answers, sr::pay_again::unknown);
  expect_spelled(reasons, sr::reason::unrecognized_status);
  EXPECT_EQ(to_string(static_cast<sr::reason>(std::size(reasons))), "unknown")
      << "the table of reasons ends too early";
}

sr::order_outcome paid() {
  return sr::decide_unchecked(observed(session_json().decoded(), session_json::created));
}

TEST(OrderOutcome, ReasonsAreSortedByTheirWordsAndUnique) {
  sr::order_outcome outcome = paid();
  for (auto each = std::rbegin(reasons); each != std::rend(reasons); ++each)
    outcome = outcome.with(each->value).with(each->value);
  std::vector<std::string> words;
  for (const sr::reason why : outcome.reasons())
    words.emplace_back(to_string(why));
  EXPECT_EQ(words.size(), std::size(reasons));
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), words.size());
}

TEST(OrderOutcome, WithAddsOneReasonAndNothingElse) {
  const sr::order_outcome before = paid();
  for (const auto& each : reasons) {
    const sr::order_outcome after = before.with(each.value);
    EXPECT_TRUE(after.has(each.value)) << each.word;
    EXPECT_EQ(before.has(each.value), each.value == sr::reason::not_checked_against_order);
    EXPECT_EQ(after.reasons().size(), before.has(each.value) ? 1U : 2U) << each.word;
    EXPECT_EQ(after.state(), before.state());
    EXPECT_EQ(after.final(), before.final());
    EXPECT_EQ(after.out_trade_no(), before.out_trade_no());
    EXPECT_TRUE(after.may_fulfill("A1"));
    EXPECT_EQ(after.may_release(), before.may_release());
    EXPECT_EQ(after.pay_again(), before.pay_again());
    EXPECT_EQ(after.next_step(), before.next_step());
    EXPECT_EQ(after.confirmed_by_stripe(), before.confirmed_by_stripe());
  }
}

TEST(OrderOutcome, MayFulfillNoOrderButTheOneTheSessionNames) {
  const sr::order_outcome outcome = paid();
  EXPECT_TRUE(outcome.may_fulfill("A1"));
  for (const std::string& other :
       {std::string(), std::string("A"), std::string("A11"), std::string("a1"), std::string("A1 "),
        std::string(" A1"), std::string("A1\0", 3), std::string("A2"), std::string("*")}) {
    EXPECT_FALSE(outcome.may_fulfill(other)) << other;
  }
}

} // namespace
