// Which order a session names: https://docs.stripe.com/metadata.
#include <stripe_return/core/decide.hpp>

#include "error_code_of.hpp"
#include "observed.hpp"
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

struct named_in {
  const char* metadata;
  const char* intent_metadata;
  const char* client_reference_id;
  bool asked_for_reference;
  const char* named; // null: two that disagree
};

sr::checkout_session named_by(const named_in& each, const char* status,
                              const char* payment_status) {
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

sr::order_naming with_reference(bool counts) {
  sr::order_naming naming;
  naming.client_reference_id = counts;
  return naming;
}

constexpr const char* none = "{}";
constexpr const char* a1 = R"({"out_trade_no":"A1","order_id":"X"})";
constexpr const char* b2 = R"({"out_trade_no":"B2"})";
constexpr const char* empty = R"({"out_trade_no":""})";

TEST(OrderNumber, FindsTheOrderNumber) {
  const named_in namings[] = {
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
  for (const named_in& each : namings) {
    SCOPED_TRACE(std::string(each.metadata) + each.intent_metadata + each.client_reference_id);
    const auto outcome = sr::decide_unchecked(observed(named_by(each, "complete", "paid"), created),
                                              with_reference(each.asked_for_reference));
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
  EXPECT_EQ(sr::decide_unchecked(observed(session, created)).out_trade_no(), "A1");
}

TEST(OrderNumber, ReadsTheOrderNumberUnderTheApplicationsOwnKey) {
  sr::order_naming naming;
  naming.order_key = "order_id";
  const auto session = named_by({a1, none, "", false, ""}, "complete", "paid");
  EXPECT_EQ(sr::decide_unchecked(observed(session, created), naming).out_trade_no(), "X");
  const auto expanded = named_by({none, a1, "", false, ""}, "complete", "paid");
  EXPECT_EQ(sr::decide_unchecked(observed(expanded, created), naming).out_trade_no(), "X");
  naming.order_key = "Order_id";
  EXPECT_EQ(sr::decide_unchecked(observed(session, created), naming).state(), state::needs_review);
  naming.order_key = "";
  EXPECT_EQ(sr::decide_unchecked(observed(session, created), naming).state(), state::needs_review);
}

// A bare id in stripe-go's form has metadata that was never Stripe's.
TEST(OrderNumber, TakesNoOrderNumberFromAPaymentIntentThatIsOnlyAnId) {
  const auto session =
      session_json()
          .set("metadata", "null")
          .set("payment_intent",
               R"({"id":"pi_1","object":"","status":"","metadata":{"out_trade_no":"A1"}})")
          .decoded();
  EXPECT_EQ(sr::decide_unchecked(observed(session, created)).out_trade_no(), "");
}

// Where money moved, a person must look; elsewhere the state stands and nobody may fulfill.
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
    const auto outcome = sr::decide_unchecked(observed(session, created));
    SCOPED_TRACE(std::string(each.status) + ' ' + each.payment_status);
    EXPECT_EQ(outcome.state(), each.expected);
    EXPECT_EQ(outcome.next_step(), each.step);
    EXPECT_EQ(outcome.has(why::out_trade_no_missing), each.expected != state::undetermined);
    for (const char* any : {"", "A1"})
      EXPECT_FALSE(outcome.may_fulfill(any));
  }
}

TEST(OrderNumber, AnOrderNumberConflictIsReviewedInEveryState) {
  const named_in two{a1, b2, "", false, nullptr};
  for (const char* status : {"open", "complete", "expired", "half_open"}) {
    for (const char* payment_status : {"paid", "unpaid", "no_payment_required", "half_paid"}) {
      const auto outcome =
          sr::decide_unchecked(observed(named_by(two, status, payment_status), created));
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

TEST(OrderNumber, IsToBeHadWithoutADecision) {
  const auto session = named_by({a1, b2, "C3", false, nullptr}, "complete", "paid");
  EXPECT_EQ(sr::order_number_of(session), "A1");
  EXPECT_EQ(sr::order_number_of(named_by({none, b2, "C3", false, nullptr}, "open", "unpaid")),
            "B2");
  const auto reference = named_by({none, none, "C3", false, nullptr}, "open", "unpaid");
  EXPECT_EQ(sr::order_number_of(reference), "");
  EXPECT_EQ(sr::order_number_of(reference, with_reference(true)), "C3");
  EXPECT_EQ(sr::order_number_of(sr::checkout_session()), "");
}

TEST(OrderNaming, IsCheckedBeforeItIsUsed) {
  EXPECT_TRUE(sr::check(sr::order_naming()));
  const auto refused = [](auto change) {
    sr::order_naming naming;
    change(naming);
    return error_code_of(sr::check(naming)) == sr::error_code::invalid_option;
  };
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.order_key.clear(); }));
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.shop_key.clear(); }));
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.order_key = "a[b]"; }));
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.shop_key = std::string(41, 'k'); }));
  EXPECT_FALSE(refused([](sr::order_naming& n) { n.shop_key = std::string(40, 'k'); }));
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.shop_key = n.order_key; }));
  EXPECT_TRUE(refused([](sr::order_naming& n) { n.shop = std::string(501, 's'); }));
  EXPECT_FALSE(refused([](sr::order_naming& n) { n.shop = std::string(500, 's'); }));
}

sr::order_naming of_shop(const char* shop) {
  sr::order_naming naming;
  naming.shop = shop;
  return naming;
}

// Two shops in one Stripe account use the same numbers at the same prices.
TEST(Shop, OfAnotherOneTheSessionIsForeign) {
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  const struct {
    const char* metadata;
    const char* intent_metadata;
    bool own;
  } rows[] = {
      {R"({"out_trade_no":"A1","shop":"north"})", none, true},
      {R"({"out_trade_no":"A1","shop":"south"})", none, false},
      {R"({"out_trade_no":"A1"})", none, false},
      {R"({"out_trade_no":"A1"})", R"({"shop":"north"})", true},
      {R"({"out_trade_no":"A1","shop":"south"})", R"({"shop":"north"})", false},
      {R"({"out_trade_no":"A1","shop":"North"})", none, false},
      {R"({"out_trade_no":"A2","shop":"south"})", none, false},
  };
  for (const auto& each : rows) {
    for (const auto& [status, payment_status] :
         {std::pair{"complete", "paid"}, {"open", "unpaid"}, {"expired", "unpaid"}}) {
      SCOPED_TRACE(std::string(each.metadata) + each.intent_metadata + status);
      const auto seen = observed(
          named_by({each.metadata, each.intent_metadata, "", false, ""}, status, payment_status),
          created);
      for (const auto& outcome : {sr::decide(seen, order, of_shop("north")),
                                  sr::decide_unchecked(seen, of_shop("north"))}) {
        EXPECT_EQ(outcome.state() == state::foreign, !each.own);
        EXPECT_EQ(outcome.has(why::shop_mismatch), !each.own);
        if (each.own) continue;
        EXPECT_FALSE(outcome.may_fulfill("A1"));
        EXPECT_FALSE(outcome.may_release());
        EXPECT_EQ(outcome.pay_again(), again::unknown);
        EXPECT_EQ(outcome.next_step(), next::none);
      }
      EXPECT_NE(sr::decide(seen, order, of_shop("")).state(), state::foreign);
    }
  }
}

// A shop that names itself from today on has sessions of before.
TEST(Shop, OfASessionMadeForTheOrderIsNotAsked) {
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  order.session_ids = {"cs_test_a1"};
  auto seen = observed(named_by({a1, none, "", false, "A1"}, "complete", "paid"), created);
  EXPECT_TRUE(sr::decide(seen, order, of_shop("north")).may_fulfill("A1"));
  seen.session.recovered_from = "cs_test_a1";
  seen.session.id = "cs_test_b";
  EXPECT_TRUE(sr::decide(seen, order, of_shop("north")).may_fulfill("A1"));
  seen.session.recovered_from = "cs_test_c";
  EXPECT_EQ(sr::decide(seen, order, of_shop("north")).state(), state::foreign);
}

} // namespace
