// Which order a session names: https://docs.stripe.com/metadata.
#include <stripe_return/core/decide.hpp>

#include "printing.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using next = sr::next_step;
using again = sr::pay_again;
using why = sr::reason;

constexpr sr::unix_seconds created = session_json::created;

sr::decide_options by_stripes_clock() {
  sr::decide_options options;
  options.clock = sr::clock_source::stripe;
  return options;
}

struct naming {
  const char* metadata;
  const char* intent_metadata;
  const char* client_reference_id;
  bool asked_for_reference;
  const char* named; // null: two that disagree
};

sr::checkout_session named_by(const naming& each, const char* status, const char* payment_status) {
  return session_json()
      .words(status, payment_status)
      .set("metadata", each.metadata)
      .set(
          "payment_intent",
          std::string(R"({"id":"pi_1","object":"payment_intent","status":"canceled","metadata":)") +
              each.intent_metadata + '}')
      .set("client_reference_id", quoted(each.client_reference_id))
      .decoded();
}

sr::decide_options asking(bool for_reference) {
  sr::decide_options options = by_stripes_clock();
  options.order_in_client_reference_id = for_reference;
  return options;
}

constexpr const char* none = "{}";
constexpr const char* a1 = R"({"out_trade_no":"A1","order_id":"X"})";
constexpr const char* b2 = R"({"out_trade_no":"B2"})";
constexpr const char* empty = R"({"out_trade_no":""})";

TEST(OrderNumber, FindsTheOrderNumber) {
  const naming namings[] = {
      {a1, none, "", false, "A1"},     {none, a1, "", false, "A1"},
      {empty, a1, "", false, "A1"},    {"null", a1, "", false, "A1"},
      {a1, a1, "", false, "A1"},       {a1, a1, "A1", true, "A1"},
      {a1, none, "C3", false, "A1"},   {a1, none, "A1", true, "A1"},
      {none, none, "C3", true, "C3"},  {none, none, "C3", false, ""},
      {none, none, "", true, ""},      {empty, empty, "", true, ""},
      {"null", "null", "", true, ""},  {a1, "null", "", true, "A1"},
      {a1, b2, "", false, nullptr},    {a1, b2, "A1", true, nullptr},
      {a1, none, "C3", true, nullptr}, {none, b2, "C3", true, nullptr},
      {a1, a1, "C3", true, nullptr},
  };
  for (const naming& each : namings) {
    SCOPED_TRACE(std::string(each.metadata) + each.intent_metadata + each.client_reference_id);
    const auto outcome =
        sr::decide(named_by(each, "complete", "paid"), created, asking(each.asked_for_reference));
    const bool one = each.named != nullptr && *each.named != '\0';
    EXPECT_EQ(outcome.state(), one ? state::paid : state::needs_review);
    EXPECT_EQ(outcome.has(why::out_trade_no_conflict), each.named == nullptr);
    EXPECT_EQ(outcome.has(why::out_trade_no_missing), each.named != nullptr && !one);
    if (each.named != nullptr) {
      EXPECT_EQ(outcome.out_trade_no(), each.named);
    }
    for (const char* any : {"A1", "B2", "C3", ""}) {
      EXPECT_EQ(outcome.may_fulfill(any), one && outcome.out_trade_no() == any);
    }
  }
}

// A person who looks at it has to find it by some number.
TEST(OrderNumber, NamesTheOneInItsOwnMetadataWhereTheSessionNamesTwo) {
  const auto session = named_by({a1, b2, "", false, nullptr}, "complete", "paid");
  EXPECT_EQ(sr::decide(session, created).out_trade_no(), "A1");
}

TEST(OrderNumber, ReadsTheOrderNumberUnderTheHostsOwnKey) {
  sr::decide_options options;
  options.order_key = "order_id";
  const auto session = named_by({a1, none, "", false, ""}, "complete", "paid");
  EXPECT_EQ(sr::decide(session, created, options).out_trade_no(), "X");
  const auto expanded = named_by({none, a1, "", false, ""}, "complete", "paid");
  EXPECT_EQ(sr::decide(expanded, created, options).out_trade_no(), "X");
  options.order_key = "Order_id";
  EXPECT_EQ(sr::decide(session, created, options).state(), state::needs_review);
  options.order_key = "";
  EXPECT_EQ(sr::decide(session, created, options).state(), state::needs_review);
}

// A bare id in stripe-go's form has metadata that was never Stripe's.
TEST(OrderNumber, TakesNoOrderNumberFromAPaymentIntentThatIsOnlyAnId) {
  const auto session =
      session_json()
          .set("metadata", "null")
          .set("payment_intent",
               R"({"id":"pi_1","object":"","status":"","metadata":{"out_trade_no":"A1"}})")
          .decoded();
  EXPECT_EQ(sr::decide(session, created).out_trade_no(), "");
}

// Where money moved, a person must look; elsewhere the state stands and nobody may fulfil.
TEST(OrderNumber, AMissingOrderNumberStopsOnlyWhatWouldFulfil) {
  const struct {
    const char* status;
    const char* payment_status;
    const char* amount;
    state expected;
    next step;
  } cases[] = {
      {"complete", "paid", "400", state::needs_review, next::contact_shop},
      {"complete", "no_payment_required", "0", state::no_payment_required, next::contact_shop},
      {"complete", "unpaid", "400", state::processing, next::wait},
      {"open", "unpaid", "400", state::awaiting_payment, next::resume},
      {"expired", "unpaid", "400", state::expired, next::new_checkout},
      {"open", "paid", "400", state::undetermined, next::ask_again},
      {"null", "unpaid", "400", state::undetermined, next::ask_again},
  };
  for (const auto& each : cases) {
    const auto session = session_json()
                             .words(each.status, each.payment_status)
                             .set("amount_total", each.amount)
                             .drop("metadata")
                             .decoded();
    const auto outcome = sr::decide(session, created, by_stripes_clock());
    SCOPED_TRACE(std::string(each.status) + ' ' + each.payment_status);
    EXPECT_EQ(outcome.state(), each.expected);
    EXPECT_EQ(outcome.next_step(), each.step);
    EXPECT_EQ(outcome.has(why::out_trade_no_missing), each.expected != state::undetermined);
    for (const char* any : {"", "A1"})
      EXPECT_FALSE(outcome.may_fulfill(any));
  }
}

TEST(OrderNumber, AnOrderNumberConflictIsReviewedInEveryState) {
  const naming two{a1, b2, "", false, nullptr};
  for (const char* status : {"open", "complete", "expired", "half_open"}) {
    for (const char* payment_status : {"paid", "unpaid", "no_payment_required", "half_paid"}) {
      const auto outcome = sr::decide(named_by(two, status, payment_status), created);
      SCOPED_TRACE(std::string(status) + ' ' + payment_status);
      EXPECT_EQ(outcome.state(), state::needs_review);
      EXPECT_TRUE(outcome.has(why::out_trade_no_conflict));
      EXPECT_EQ(outcome.next_step(), next::contact_shop);
      EXPECT_NE(outcome.pay_again(), again::yes);
      EXPECT_FALSE(outcome.may_release());
      EXPECT_FALSE(outcome.may_fulfill("A1") || outcome.may_fulfill("B2"));
    }
  }
}

} // namespace
