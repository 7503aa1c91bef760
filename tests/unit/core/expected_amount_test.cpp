// What an order costs, held against what was paid.
#include <stripe_return/core/decide.hpp>

#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using why = sr::reason;
using testing::ElementsAre;
using testing::IsEmpty;
using rule = sr::amount_rule;
using found_session = sr::checkout_session;
using wanted_order = sr::expected_order;

constexpr sr::unix_seconds now = session_json::created;

sr::expected_order order() {
  sr::expected_order wanted;
  wanted.out_trade_no = "A1";
  wanted.amounts = {{400, "cny"}};
  wanted.livemode = sr::livemode::test;
  wanted.session_ids = {"cs_test_a0", "cs_test_a1"};
  return wanted;
}

sr::order_outcome decide(const sr::checkout_session& session, const sr::expected_order& wanted) {
  return sr::decide(observed(session, now), wanted);
}

TEST(ExpectedAmount, ComparesTheAmountByItsRule) {
  using optional_amount = std::optional<std::int64_t>;
  const struct {
    sr::amount_rule rule;
    optional_amount subtotal;
    optional_amount total;
    bool agrees;
  } cases[] = {
      {rule::total_exact, 500, 400, true},
      {rule::total_exact, 400, 500, false},
      {rule::total_exact, {}, 400, true},
      {rule::total_exact, 400, {}, false},
      {rule::total_exact, 400, 0, false},
      {rule::subtotal_exact, 400, 300, true},
      {rule::subtotal_exact, 400, {}, true},
      {rule::subtotal_exact, 300, 400, false},
      {rule::subtotal_exact, 401, 400, false},
      {rule::subtotal_exact, {}, 400, false},
      {rule::total_at_least, 400, 400, true},
      {rule::total_at_least, 0, 401, true},
      {rule::total_at_least, {}, INT64_MAX, true},
      {rule::total_at_least, 400, 399, false},
      {rule::total_at_least, 400, INT64_MIN, false},
      {rule::total_at_least, 400, {}, false},
      {rule::unchecked, {}, {}, true},
      {rule::unchecked, 0, 1, true},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(static_cast<int>(each.rule));
    found_session found = session_json().decoded();
    wanted_order wanted = order();
    found.amount_subtotal = each.subtotal;
    found.amount_total = each.total;
    wanted.amount_rule = each.rule;
    const auto outcome = decide(found, wanted);
    EXPECT_EQ(outcome.may_fulfill("A1"), each.agrees);
    EXPECT_EQ(outcome.has(why::amount_mismatch), !each.agrees);
    EXPECT_EQ(outcome.has(why::amount_not_checked), each.rule == rule::unchecked);
    EXPECT_FALSE(outcome.has(why::currency_mismatch));
  }
}

// Each currency has a price of its own: 400 yen must not buy what costs 400 yuan.
TEST(ExpectedAmount, MayBePaidInSeveralCurrencies) {
  wanted_order wanted = order();
  wanted.amounts = {{400, "cny"}, {60, "USD"}, {8000, "jpy"}, {500, "cny"}};
  const struct {
    std::int64_t amount;
    const char* currency;
    std::optional<why> reason;
  } cases[] = {
      {400, "cny", {}},
      {500, "cny", {}},
      {60, "usd", {}},
      {8000, "jpy", {}},
      {450, "cny", why::amount_mismatch},
      {60, "cny", why::amount_mismatch},
      {400, "usd", why::amount_mismatch},
      {60, "eur", why::currency_mismatch},
      {60, "", why::currency_mismatch},
  };
  for (const auto& each : cases) {
    found_session found = session_json().decoded();
    found.amount_total = each.amount;
    found.currency = each.currency;
    const auto outcome = decide(found, wanted);
    SCOPED_TRACE(std::to_string(each.amount) + each.currency);
    EXPECT_EQ(outcome.may_fulfill("A1"), !each.reason);
    EXPECT_THAT(outcome.reasons(),
                each.reason ? testing::Matcher<std::vector<why>>(ElementsAre(*each.reason))
                            : testing::Matcher<std::vector<why>>(IsEmpty()));
  }
}

// Before 2025-03-31 the session's own amount was the customer's, the shop's stood beside it.
TEST(ExpectedAmount, IsComparedWithTheShopsOwnCurrency) {
  const struct {
    const char* conversion;
    std::int64_t amount;
    const char* currency;
    sr::amount_rule rule;
    bool agrees;
  } cases[] = {
      {R"({"amount_total":400,"source_currency":"cny"})", 400, "cny", rule::total_exact, true},
      {R"({"amount_total":400,"source_currency":"cny"})", 60, "usd", rule::total_exact, false},
      {R"({"amount_total":60,"source_currency":"cny"})", 60, "usd", rule::total_exact, false},
      {R"({"amount_total":399,"source_currency":"cny"})", 400, "cny", rule::total_exact, false},
      {R"({"amount_total":400})", 400, "cny", rule::total_exact, false},
      {R"({"source_currency":"cny"})", 400, "cny", rule::total_exact, false},
      {"{}", 60, "usd", rule::total_exact, false},
      {"null", 60, "usd", rule::total_exact, true},
      {R"({"amount_total":500,"source_currency":"cny"})", 400, "cny", rule::total_at_least, true},
      {R"({"amount_total":1,"amount_subtotal":400,"source_currency":"cny"})", 400, "cny",
       rule::subtotal_exact, true},
      {R"({"amount_total":400,"amount_subtotal":1,"source_currency":"cny"})", 400, "cny",
       rule::subtotal_exact, false},
  };
  for (const auto& each : cases) {
    wanted_order wanted = order();
    wanted.amounts = {{each.amount, each.currency}};
    wanted.amount_rule = each.rule;
    const auto found = session_json()
                           .set("amount_total", "60")
                           .set("amount_subtotal", "60")
                           .set("currency", quoted("usd"))
                           .set("currency_conversion", each.conversion)
                           .set("presentment_details",
                                R"({"presentment_amount":400,"presentment_currency":"cny"})")
                           .decoded();
    EXPECT_EQ(decide(found, wanted).may_fulfill("A1"), each.agrees) << each.conversion;
  }
}

// What the customer saw is no amount of the order's.
TEST(ExpectedAmount, IsNeverComparedWithPresentmentDetails) {
  const auto found =
      session_json()
          .set("amount_total", "60")
          .set("currency", quoted("usd"))
          .set("presentment_details", R"({"presentment_amount":400,"presentment_currency":"cny"})")
          .decoded();
  EXPECT_THAT(decide(found, order()).reasons(), ElementsAre(why::currency_mismatch));
}

TEST(ExpectedAmount, ThatCostsNothingIsFulfilledForNothing) {
  const auto found =
      session_json().words("complete", "no_payment_required").set("amount_total", "0").decoded();
  wanted_order wanted = order();
  EXPECT_THAT(decide(found, wanted).reasons(), ElementsAre(why::amount_mismatch));
  wanted.amounts = {{0, "cny"}};
  EXPECT_EQ(decide(found, wanted).state(), state::no_payment_required);
  EXPECT_TRUE(decide(found, wanted).may_fulfill("A1"));
}

} // namespace
