// `--expect`: a session held against what is known of its order.
#include "output_contract.hpp"
#include "session_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using nlohmann::json;
using ::testing::HasSubstr;

program_run decide(const json& session, const std::vector<std::string>& expectations) {
  program_call call({"decide", "-"});
  for (const std::string& each : expectations)
    call.with({"--expect", each});
  return call.input(session.dump()).run();
}

json outcome_of(const std::vector<std::string>& expectations,
                const json& session = session_document()) {
  SCOPED_TRACE(::testing::PrintToString(expectations));
  return expect_outcome(decide(session, expectations));
}

void expect_agrees(const std::vector<std::string>& expectations,
                   const json& session = session_document()) {
  SCOPED_TRACE(::testing::PrintToString(expectations));
  const json outcome = outcome_of(expectations, session);
  EXPECT_EQ(outcome["state"], "paid");
  EXPECT_EQ(outcome["may_fulfill"], true);
  EXPECT_FALSE(has_reason(outcome, "not_checked_against_order"));
}

void expect_disagrees(const std::vector<std::string>& expectations, const std::string& reason,
                      const json& session = session_document()) {
  SCOPED_TRACE(::testing::PrintToString(expectations));
  const json outcome = outcome_of(expectations, session);
  EXPECT_EQ(outcome["state"], "needs_review");
  EXPECT_EQ(outcome["may_fulfill"], false);
  EXPECT_EQ(outcome["may_release"], false);
  EXPECT_EQ(outcome["pay_again"], "no");
  EXPECT_EQ(outcome["next_step"], "contact_shop");
  EXPECT_TRUE(has_reason(outcome, reason)) << outcome["reasons"];
}

void expect_usage_error(const std::vector<std::string>& expectations) {
  SCOPED_TRACE(::testing::PrintToString(expectations));
  const program_run run = decide(session_document(), expectations);
  expect_usage(run);
  EXPECT_THAT(run.errors, HasSubstr("--expect"));
}

TEST(Expect, TheShop) {
  json named = session_document();
  named["metadata"]["shop"] = "north";
  expect_agrees({"shop=north"}, named);
  for (const json& other : {outcome_of({"shop=south"}, named), outcome_of({"shop=north"})}) {
    EXPECT_EQ(other["state"], "foreign");
    EXPECT_EQ(other["may_fulfill"], false);
    EXPECT_EQ(other["pay_again"], "unknown");
    EXPECT_TRUE(has_reason(other, "shop_mismatch"));
  }
  expect_usage_error({"shop="});
}

// No document says of which account it is.
TEST(Expect, TheAccount) {
  expect_disagrees({"account=acct_1"}, "account_mismatch");
  expect_usage_error({"account="});
}

TEST(Expect, TheOrderNumber) {
  expect_agrees({"out_trade_no=A1"});
  for (const char* other : {"out_trade_no=A2", "out_trade_no=a1", "out_trade_no=A1 "})
    expect_disagrees({other}, "out_trade_no_mismatch");
}

TEST(Expect, IsSplitAtTheFirstEqualsSign) {
  const json session = session_document({{"metadata", {{"out_trade_no", "A=1="}}}});
  expect_agrees({"out_trade_no=A=1="}, session);
  expect_disagrees({"out_trade_no=A"}, "out_trade_no_mismatch", session);
  expect_disagrees({"out_trade_no=A=1"}, "out_trade_no_mismatch", session);
}

TEST(Expect, BracketsAndCommasBelongToTheValue) {
  for (const char* number : {"[A1]", "[A,1]", "A,1", "\"A1\"", "A 1", "-", "--now"}) {
    const json session = session_document({{"metadata", {{"out_trade_no", number}}}});
    expect_agrees({std::string("out_trade_no=") + number}, session);
  }
}

TEST(Expect, TheAmount) {
  expect_agrees({"amount=400"});
  for (const char* other : {"amount=399", "amount=401", "amount=0", "amount=-400"})
    expect_disagrees({other}, "amount_mismatch");
}

TEST(Expect, TheCurrencyInAnyLetterCase) {
  for (const char* same : {"currency=cny", "currency=CNY"})
    expect_agrees({same});
  expect_disagrees({"currency=usd"}, "currency_mismatch");
  expect_disagrees({"amount=400", "currency=usd"}, "currency_mismatch");
  expect_disagrees({"amount=500", "currency=cny"}, "amount_mismatch");
}

TEST(Expect, TheAmountRule) {
  const json discounted = session_document({{"amount_subtotal", 500}});
  expect_agrees({"amount_rule=total_exact", "amount=400"}, discounted);
  expect_disagrees({"amount_rule=total_exact", "amount=500"}, "amount_mismatch", discounted);
  expect_agrees({"amount_rule=subtotal_exact", "amount=500"}, discounted);
  expect_disagrees({"amount_rule=subtotal_exact", "amount=400"}, "amount_mismatch", discounted);
  for (const char* amount : {"amount=1", "amount=400"})
    expect_agrees({"amount_rule=total_at_least", amount}, discounted);
  expect_disagrees({"amount_rule=total_at_least", "amount=401"}, "amount_mismatch", discounted);
  const json outcome = outcome_of({"amount_rule=unchecked"}, discounted);
  EXPECT_EQ(outcome["state"], "paid");
  EXPECT_EQ(outcome["reasons"], json({"amount_not_checked"}));
}

TEST(Expect, TheRuleMayStandBeforeOrAfterTheAmount) {
  const json discounted = session_document({{"amount_subtotal", 500}});
  expect_agrees({"amount_rule=subtotal_exact", "amount=500"}, discounted);
  expect_agrees({"amount=500", "amount_rule=subtotal_exact"}, discounted);
}

TEST(Expect, AConvertedAmountIsTheShopsOwn) {
  const json session = session_document({{"amount_total", 55},
                                         {"currency", "usd"},
                                         {"currency_conversion",
                                          {{"amount_subtotal", 400},
                                           {"amount_total", 400},
                                           {"fx_rate", "0.1375"},
                                           {"source_currency", "cny"}}}});
  expect_agrees({"amount=400", "currency=cny"}, session);
  expect_agrees({"amount=400"}, session);
  expect_disagrees({"amount=55", "currency=usd"}, "currency_mismatch", session);
}

TEST(Expect, TheMode) {
  expect_agrees({"mode=payment"});
  for (const char* other : {"mode=setup", "mode=subscription"})
    expect_disagrees({other}, "mode_mismatch");
}

TEST(Expect, ASetupWhereOneIsExpected) {
  const json setup = session_document({{"mode", "setup"},
                                       {"payment_status", "no_payment_required"},
                                       {"payment_intent", nullptr},
                                       {"amount_total", nullptr},
                                       {"currency", nullptr}});
  EXPECT_EQ(outcome_of({"mode=setup"}, setup)["may_fulfill"], true);
  const json not_asked_for = outcome_of({"out_trade_no=A1"}, setup);
  EXPECT_EQ(not_asked_for["may_fulfill"], false);
  EXPECT_TRUE(has_reason(not_asked_for, "setup_not_expected"));
}

TEST(Expect, Livemode) {
  expect_agrees({"livemode=false"});
  expect_disagrees({"livemode=true"}, "livemode_mismatch");
  const json live = session_document({{"livemode", true}});
  expect_agrees({"livemode=true"}, live);
  expect_disagrees({"livemode=false"}, "livemode_mismatch", live);
}

TEST(Expect, OnlyWhatIsGivenIsCompared) {
  const json session = session_document(
      {{"mode", "subscription"}, {"livemode", true}, {"amount_total", 7}, {"currency", "usd"}});
  expect_agrees({"out_trade_no=A1"}, session);
  expect_agrees({"mode=subscription"}, session);
  expect_agrees({"currency=usd"}, session);
}

TEST(Expect, EveryMismatchHasItsReason) {
  const json outcome = outcome_of({"out_trade_no=B", "amount=1", "currency=usd", "mode=setup",
                                   "livemode=true", "amount_rule=total_exact"});
  EXPECT_EQ(outcome["reasons"], json({"currency_mismatch", "livemode_mismatch", "mode_mismatch",
                                      "out_trade_no_mismatch"}));
}

TEST(Expect, AMismatchOfAnUnpaidSessionReleasesNothing) {
  const json expired = session_document({{"status", "expired"}, {"payment_status", "unpaid"}});
  EXPECT_EQ(outcome_of({"out_trade_no=A1"}, expired)["may_release"], true);
  const json other = outcome_of({"out_trade_no=B"}, expired);
  EXPECT_EQ(other["state"], "needs_review");
  EXPECT_EQ(other["may_release"], false);
  EXPECT_EQ(other["pay_again"], "unknown");
}

TEST(ExpectUsage, AnUnknownKeyOrNone) {
  for (const char* wrong : {"", "=", "=A1", "out_trade_no", "amount", "order=A1", "Amount=400",
                            " amount=400", "accounts=acct_1", "out_trade_no:A1"}) {
    expect_usage_error({wrong});
  }
}

TEST(ExpectUsage, AValueThatIsNone) {
  for (const char* wrong : {"out_trade_no=", "amount=", "amount=4.00", "amount=4,00", "amount= 400",
                            "amount=400 ", "amount=0x10", "amount=9223372036854775808",
                            "currency=", "amount_rule=", "amount_rule=exact",
                            "amount_rule=TOTAL_EXACT", "mode=", "mode=Payment", "mode=donation",
                            "livemode=", "livemode=1", "livemode=yes", "livemode=True"}) {
    expect_usage_error({wrong});
  }
}

TEST(ExpectUsage, AKeyGivenTwice) {
  for (const char* each : {"out_trade_no=A1", "amount=400", "currency=cny", "amount_rule=unchecked",
                           "mode=payment", "livemode=false"}) {
    expect_usage_error({each, each});
  }
  expect_usage_error({"out_trade_no=A1", "amount=400", "out_trade_no=A2"});
}

TEST(ExpectUsage, ARuleWithoutTheAmountItComparesWith) {
  for (const char* rule :
       {"amount_rule=total_exact", "amount_rule=subtotal_exact", "amount_rule=total_at_least"}) {
    expect_usage_error({rule});
  }
}

} // namespace
