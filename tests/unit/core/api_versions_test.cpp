// A session of each API version means the same whether it comes from Stripe or from a Go server
// that marshalled it again: https://docs.stripe.com/changelog.
#include <stripe_return/core/decide.hpp>

#include "data/data_file.hpp"
#include "observed.hpp"
#include "printing.hpp"
#include "stripe_go_form.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using again = sr::pay_again;

constexpr sr::unix_seconds now = 1774300000; // before their expires_at

const std::set<std::string> since_2021 = {
    "after_expiration", "created", "expires_at",   "payment_status",  "recovered_from",
    "status",           "url",     "amount_total", "amount_subtotal", "currency",
    "customer_details"};
const std::set<std::string> since_2022_09 = {"created", "custom_fields", "invoice",
                                             "ui_mode", "client_secret", "currency_conversion"};
const std::set<std::string> since_2023_03 = {"ui_mode", "client_secret", "return_url",
                                             "redirect_on_completion", "currency_conversion"};
const std::set<std::string> since_2024_11 = {"adaptive_pricing", "collected_information",
                                             "discounts", "presentment_details"};
const std::set<std::string> since_2025_03 = {"presentment_details", "permissions", "optional_items",
                                             "branding_settings"};
const std::set<std::string> since_2026_03 = {"customer_account", "integration_identifier",
                                             "managed_payments"};
const std::set<std::string> gone_2025_03 = {"shipping_details", "shipping", "shipping_rate",
                                            "display_items"};

struct version {
  const char* name;
  stripe_go_sdk sdk;
  sr::order_state state;
  sr::pay_again pay_again;
  bool may_fulfill;
};

const version versions[] = {
    {"2020-03-02", {"v71.48", false, since_2021}, state::undetermined, again::unknown, false},
    {"2020-08-27", {"v72.122", false, since_2022_09}, state::paid, again::no, true},
    {"2022-08-01", {"v72.122", false, since_2022_09}, state::awaiting_payment, again::yes, false},
    {"2022-11-15", {"v74.30", false, since_2023_03}, state::no_payment_required, again::no, false},
    {"2023-08-16", {"v76.25", false, since_2024_11}, state::no_payment_required, again::no, true},
    {"2023-10-16", {"v76.25", false, since_2024_11}, state::awaiting_payment, again::yes, false},
    {"2024-11-20.acacia", {"v80.2", false, since_2024_11}, state::paid, again::no, true},
    {"2025-02-24.acacia", {"v81.4", false, since_2025_03}, state::expired, again::yes, false},
    {"2025-03-31.basil", {"v82.5", false, gone_2025_03}, state::paid, again::no, true},
    {"2025-09-30.clover", {"v84.4", false, since_2026_03}, state::processing, again::no, false},
    {"2026-03-25.dahlia",
     {"v85.0", true, gone_2025_03},
     state::awaiting_payment,
     again::yes,
     false},
    {"2026-04-22.dahlia", {"v86.2", true, gone_2025_03}, state::failed, again::yes, false},
    {"2026-09-30.endive", {"v86.2", true, gone_2025_03}, state::paid, again::no, true},
};

std::string raw_form(const version& each) {
  return data_file(std::string("api/") + each.name + ".json");
}

sr::checkout_session decoded(const std::string& json) {
  auto session = sr::parse_checkout_session(json);
  EXPECT_TRUE(session) << session.error().message << json;
  return session ? *std::move(session) : sr::checkout_session{};
}

// stripe-go cannot write an amount that is null.
std::int64_t or_zero(const std::optional<std::int64_t>& amount) {
  return amount.value_or(0);
}

void expect_same_session(const sr::checkout_session& raw, const sr::checkout_session& go,
                         const stripe_go_sdk& sdk) {
  const auto expect_same = [&](const char* field, const auto& a, const auto& b) {
    if (sdk.without.count(field) == 0) {
      EXPECT_EQ(a, b) << field;
    }
  };
  EXPECT_EQ(raw.id, go.id);
  EXPECT_EQ(raw.mode.raw(), go.mode.raw());
  EXPECT_EQ(raw.livemode, go.livemode);
  EXPECT_EQ(raw.client_reference_id, go.client_reference_id);
  EXPECT_EQ(raw.metadata.entries(), go.metadata.entries());
  EXPECT_EQ(raw.setup_intent, go.setup_intent);
  EXPECT_EQ(raw.subscription, go.subscription);
  ASSERT_EQ(raw.payment_intent.has_value(), go.payment_intent.has_value());
  if (raw.payment_intent) {
    EXPECT_EQ(raw.payment_intent->id, go.payment_intent->id);
    EXPECT_EQ(raw.payment_intent->status.raw(), go.payment_intent->status.raw());
    EXPECT_EQ(raw.payment_intent->metadata.entries(), go.payment_intent->metadata.entries());
  }
  expect_same("status", raw.status.raw(), go.status.raw());
  expect_same("payment_status", raw.payment_status.raw(), go.payment_status.raw());
  expect_same("created", raw.created, go.created);
  expect_same("expires_at", raw.expires_at, go.expires_at);
  expect_same("amount_total", or_zero(raw.amount_total), or_zero(go.amount_total));
  expect_same("amount_subtotal", or_zero(raw.amount_subtotal), or_zero(go.amount_subtotal));
  expect_same("currency", raw.currency, go.currency);
  expect_same("recovered_from", raw.recovered_from, go.recovered_from);
  expect_same("url", raw.url.reveal(), go.url.reveal());
  expect_same("client_secret", raw.client_secret.reveal(), go.client_secret.reveal());
  expect_same("currency_conversion", raw.currency_conversion.has_value(),
              go.currency_conversion.has_value());
  expect_same("after_expiration", raw.recovery.has_value(), go.recovery.has_value());
}

void expect_same_outcome(const sr::order_outcome& raw, const sr::order_outcome& go) {
  EXPECT_EQ(raw.state(), go.state());
  EXPECT_EQ(raw.final(), go.final());
  EXPECT_EQ(raw.out_trade_no(), go.out_trade_no());
  EXPECT_EQ(raw.may_fulfill("A1"), go.may_fulfill("A1"));
  EXPECT_EQ(raw.may_release(), go.may_release());
  EXPECT_EQ(raw.pay_again(), go.pay_again());
  EXPECT_EQ(raw.next_step(), go.next_step());
  EXPECT_EQ(raw.confirmed_by_stripe(), go.confirmed_by_stripe());
  EXPECT_EQ(raw.reasons(), go.reasons());
}

TEST(ApiVersions, MeanWhatStripeSays) {
  for (const version& each : versions) {
    SCOPED_TRACE(each.name);
    const auto outcome = sr::decide_unchecked(observed(decoded(raw_form(each)), now));
    EXPECT_EQ(outcome.state(), each.state);
    EXPECT_EQ(outcome.pay_again(), each.pay_again);
    EXPECT_EQ(outcome.out_trade_no(), "A1");
    EXPECT_EQ(outcome.may_fulfill("A1"), each.may_fulfill);
  }
}

TEST(ApiVersions, MeanTheSameInStripeGosForm) {
  for (const version& each : versions) {
    SCOPED_TRACE(std::string(each.name) + " by stripe-go " + each.sdk.version);
    const sr::checkout_session raw = decoded(raw_form(each));
    const sr::checkout_session go = decoded(stripe_go_form(raw_form(each), each.sdk));
    expect_same_session(raw, go, each.sdk);
    expect_same_outcome(sr::decide_unchecked(observed(raw, now)),
                        sr::decide_unchecked(observed(go, now)));
  }
}

// The same order, held against each: no version may slip through a comparison.
TEST(ApiVersions, AreHeldAgainstTheOrderAlikeInBothForms) {
  sr::expected_order wanted;
  wanted.out_trade_no = "A1";
  wanted.amounts = {{400, "cny"}};
  wanted.livemode = sr::livemode::test;
  for (const version& each : versions) {
    SCOPED_TRACE(each.name);
    for (const sr::amount_rule rule :
         {sr::amount_rule::total_exact, sr::amount_rule::subtotal_exact,
          sr::amount_rule::total_at_least, sr::amount_rule::unchecked}) {
      wanted.amount_rule = rule;
      expect_same_outcome(
          sr::decide(observed(decoded(raw_form(each)), now), wanted),
          sr::decide(observed(decoded(stripe_go_form(raw_form(each), each.sdk)), now), wanted));
    }
  }
}

// A struct that is too old has no status: nothing may be concluded from what remains.
TEST(ApiVersions, AnSdkOlderThanTheStatusDecidesNothing) {
  const stripe_go_sdk old{"v71.48", false, since_2021};
  for (const version& each : versions) {
    const auto outcome =
        sr::decide_unchecked(observed(decoded(stripe_go_form(raw_form(each), old)), now));
    EXPECT_EQ(outcome.state(), state::undetermined) << each.name;
    EXPECT_FALSE(outcome.may_fulfill("A1")) << each.name;
    EXPECT_FALSE(outcome.may_release()) << each.name;
    EXPECT_NE(outcome.pay_again(), again::yes) << each.name;
  }
}

// Adaptive Pricing before 2025-03-31 had the customer's amount in amount_total, since then the
// shop's: the order's amount must be found in both.
TEST(ApiVersions, FindTheShopsAmountUnderAdaptivePricing) {
  sr::expected_order wanted;
  wanted.out_trade_no = "A1";
  wanted.amounts = {{400, "cny"}};
  for (const char* name : {"2023-10-16", "2025-03-31.basil"}) {
    const auto session = decoded(data_file(std::string("api/") + name + ".json"));
    EXPECT_NE(sr::decide(observed(session, now), wanted).state(), state::needs_review) << name;
    sr::expected_order in_dollars = wanted;
    in_dollars.amounts = {{57, "usd"}};
    EXPECT_TRUE(sr::decide(observed(session, now), in_dollars).has(sr::reason::currency_mismatch))
        << name;
  }
}

} // namespace
