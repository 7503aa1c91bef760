#include <stripe_return/core/expected_order.hpp>

#include <stripe_return/core/decide.hpp>

#include "data/data_file.hpp"
#include "error_code_of.hpp"
#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using why = sr::reason;
using testing::ElementsAre;
using testing::IsEmpty;

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

TEST(ExpectedOrder, ThatAgreesIsFulfilled) {
  const auto outcome = decide(session_json().decoded(), order());
  EXPECT_EQ(outcome.state(), state::paid);
  EXPECT_TRUE(outcome.may_fulfill("A1"));
  EXPECT_THAT(outcome.reasons(), IsEmpty());
}

TEST(ExpectedOrder, OfTheRecordingAgrees) {
  const auto session = sr::parse_checkout_session(data_file("paid.json"));
  ASSERT_TRUE(session);
  sr::expected_order wanted = order();
  wanted.out_trade_no = "1774256382025448500";
  wanted.session_ids = {"cs_test_www"};
  EXPECT_TRUE(decide(*session, wanted).may_fulfill("1774256382025448500"));
  wanted.out_trade_no = "1774256092603328600";
  EXPECT_THAT(decide(*session, wanted).reasons(), ElementsAre(why::out_trade_no_mismatch));
}

struct mismatch {
  const char* name;
  void (*change)(sr::checkout_session&, sr::expected_order&);
  why reason;
};

using found_session = sr::checkout_session;
using wanted_order = sr::expected_order;

const mismatch mismatches[] = {
    {"another order", [](found_session&, wanted_order& e) { e.out_trade_no = "A2"; },
     why::out_trade_no_mismatch},
    {"a longer number", [](found_session&, wanted_order& e) { e.out_trade_no = "A11"; },
     why::out_trade_no_mismatch},
    {"no number expected", [](found_session&, wanted_order& e) { e.out_trade_no.clear(); },
     why::out_trade_no_mismatch},
    {"a cent less", [](found_session& s, wanted_order&) { s.amount_total = 399; },
     why::amount_mismatch},
    {"a cent more", [](found_session& s, wanted_order&) { s.amount_total = 401; },
     why::amount_mismatch},
    {"no amount", [](found_session& s, wanted_order&) { s.amount_total.reset(); },
     why::amount_mismatch},
    {"the other sign", [](found_session& s, wanted_order&) { s.amount_total = -400; },
     why::amount_mismatch},
    {"no amount allowed", [](found_session&, wanted_order& e) { e.amounts.clear(); },
     why::amount_mismatch},
    {"another currency", [](found_session& s, wanted_order&) { s.currency = "jpy"; },
     why::currency_mismatch},
    {"no currency", [](found_session& s, wanted_order&) { s.currency.clear(); },
     why::currency_mismatch},
    // Stripe sends lower case alone; what looks different is not taken for the same.
    {"upper case", [](found_session& s, wanted_order&) { s.currency = "CNY"; },
     why::currency_mismatch},
    {"another mode",
     [](found_session&, wanted_order& e) { e.mode = sr::session_mode::subscription; },
     why::mode_mismatch},
    {"a test payment", [](found_session&, wanted_order& e) { e.livemode = sr::livemode::live; },
     why::livemode_mismatch},
    {"livemode missing", [](found_session& s, wanted_order&) { s.livemode.reset(); },
     why::livemode_mismatch},
    {"not a connected account's", [](found_session&, wanted_order& e) { e.account = "acct_1"; },
     why::account_mismatch},
    {"another account",
     [](found_session& s, wanted_order& e) {
       s.account = "acct_2";
       e.account = "acct_1";
     },
     why::account_mismatch},
    {"a connected account's", [](found_session& s, wanted_order&) { s.account = "acct_2"; },
     why::account_mismatch},
    {"one's own, where another is named",
     [](found_session& s, wanted_order& e) {
       s.account = "acct_2";
       s.of_own_account = true;
       e.account = "acct_1";
     },
     why::account_mismatch},
    {"another session", [](found_session& s, wanted_order&) { s.id = "cs_test_a2"; },
     why::session_not_issued},
    {"recovered from another",
     [](found_session& s, wanted_order&) {
       s.id = "cs_test_a2";
       s.recovered_from = "cs_test_a3";
     },
     why::session_not_issued},
    {"recovered from nothing",
     [](found_session& s, wanted_order& e) {
       s.id = "cs_test_a2";
       e.session_ids = {""};
     },
     why::session_not_issued},
};

TEST(ExpectedOrder, EachMismatchHasAReasonOfItsOwn) {
  for (const mismatch& each : mismatches) {
    SCOPED_TRACE(each.name);
    found_session found = session_json().decoded();
    wanted_order wanted = order();
    each.change(found, wanted);
    const auto outcome = decide(found, wanted);
    EXPECT_EQ(outcome.state(), state::needs_review);
    EXPECT_THAT(outcome.reasons(), ElementsAre(each.reason));
    EXPECT_TRUE(outcome.final());
    EXPECT_TRUE(outcome.confirmed_by_stripe());
    EXPECT_EQ(outcome.next_step(), sr::next_step::contact_shop);
    EXPECT_EQ(outcome.pay_again(), sr::pay_again::no);
    EXPECT_FALSE(outcome.may_release());
    EXPECT_FALSE(outcome.may_fulfill("A1"));
    EXPECT_FALSE(outcome.may_fulfill(wanted.out_trade_no));
    EXPECT_EQ(outcome.out_trade_no(), "A1") << "the page shows what the session names";
  }
}

struct base {
  const char* status;
  const char* payment_status;
  const char* amount;
  const char* intent;
  bool final;
  sr::pay_again pay_again; // of the mismatch
};

// A mismatch is never "failed" and never the customer's invitation to pay, in any state.
TEST(ExpectedOrder, EachMismatchIsReviewedInEveryState) {
  const base bases[] = {
      {"complete", "paid", "400", "", true, sr::pay_again::no},
      {"complete", "unpaid", "400", "", false, sr::pay_again::no},
      {"complete", "unpaid", "400", "canceled", true, sr::pay_again::unknown},
      {"complete", "no_payment_required", "400", "", true, sr::pay_again::no},
      {"open", "unpaid", "400", "", false, sr::pay_again::unknown},
      {"open", "unpaid", "400", "succeeded", false, sr::pay_again::no},
      {"expired", "unpaid", "400", "", true, sr::pay_again::unknown},
      {"expired", "paid", "400", "", false, sr::pay_again::no},
  };
  for (const base& from : bases) {
    for (const mismatch& each : mismatches) {
      SCOPED_TRACE(std::string(from.status) + ' ' + from.payment_status + ": " + each.name);
      session_json json;
      json.words(from.status, from.payment_status).set("amount_total", from.amount);
      if (*from.intent != '\0') json.payment_intent(from.intent);
      found_session found = json.decoded();
      wanted_order wanted = order();
      each.change(found, wanted);
      const auto outcome = decide(found, wanted);
      EXPECT_EQ(outcome.state(), state::needs_review);
      EXPECT_TRUE(outcome.has(each.reason));
      EXPECT_EQ(outcome.final(), from.final);
      EXPECT_EQ(outcome.pay_again(), from.pay_again);
      EXPECT_EQ(outcome.next_step(), sr::next_step::contact_shop);
      EXPECT_TRUE(outcome.confirmed_by_stripe());
      EXPECT_FALSE(outcome.may_release());
      EXPECT_FALSE(outcome.may_fulfill("A1"));
    }
  }
}

TEST(ExpectedOrder, SeveralMismatchesAreAllNamed) {
  found_session found = session_json().decoded();
  wanted_order wanted = order();
  found.amount_total = 1;
  found.id = "cs_test_b";
  wanted.livemode = sr::livemode::live;
  wanted.account = "acct_1";
  wanted.out_trade_no = "A2";
  wanted.mode = sr::session_mode::setup;
  EXPECT_THAT(decide(found, wanted).reasons(),
              ElementsAre(why::account_mismatch, why::amount_mismatch, why::livemode_mismatch,
                          why::mode_mismatch, why::out_trade_no_mismatch, why::session_not_issued));
}

TEST(ExpectedOrder, FieldsThatAreNotSetAreNotChecked) {
  found_session found = session_json().decoded();
  wanted_order wanted = order();
  wanted.livemode.reset();
  wanted.session_ids.clear();
  wanted.mode = sr::session_mode::absent;
  for (const std::optional<sr::livemode> livemode :
       {std::optional<sr::livemode>(sr::livemode::live),
        std::optional<sr::livemode>(sr::livemode::test), std::optional<sr::livemode>()}) {
    found.livemode = livemode;
    found.id = "cs_test_unheard_of";
    EXPECT_TRUE(decide(found, wanted).may_fulfill("A1"));
    EXPECT_THAT(decide(found, wanted).reasons(), IsEmpty());
  }
}

TEST(ExpectedOrder, MeansTheClientsOwnAccountWhereItNamesNone) {
  found_session found = session_json().decoded();
  found.account = "acct_1";
  found.of_own_account = true;
  EXPECT_TRUE(decide(found, order()).may_fulfill("A1"));
}

TEST(ExpectedOrder, HoldsItsOwnAccountAndMode) {
  found_session found = session_json().set("mode", quoted("subscription")).decoded();
  wanted_order wanted = order();
  wanted.mode = sr::session_mode::subscription;
  wanted.account = found.account = "acct_1";
  wanted.livemode = sr::livemode::live;
  found.livemode = sr::livemode::live;
  EXPECT_TRUE(decide(found, wanted).may_fulfill("A1"));
}

// A recovered session is a new one under the same order.
TEST(ExpectedOrder, HoldsASessionRecoveredFromItsOwn) {
  found_session found = session_json().decoded();
  found.id = "cs_test_new";
  found.recovered_from = "cs_test_a0";
  EXPECT_TRUE(decide(found, order()).may_fulfill("A1"));
  found.id = "cs_test_a0";
  found.recovered_from = "cs_test_foreign";
  EXPECT_TRUE(decide(found, order()).may_fulfill("A1"));
}

TEST(ExpectedOrder, OfASetupIsFulfilledWithoutAnAmount) {
  const auto found = session_json()
                         .words("complete", "no_payment_required")
                         .set("mode", quoted("setup"))
                         .set("amount_total", "null")
                         .set("currency", "null")
                         .decoded();
  wanted_order wanted = order();
  wanted.mode = sr::session_mode::setup;
  EXPECT_TRUE(decide(found, wanted).may_fulfill("A1"));
  EXPECT_THAT(decide(found, wanted).reasons(), IsEmpty());

  wanted.mode = sr::session_mode::payment;
  EXPECT_EQ(decide(found, wanted).state(), state::needs_review);
  EXPECT_TRUE(decide(found, wanted).has(why::mode_mismatch));
  EXPECT_FALSE(decide(found, wanted).may_fulfill("A1"));

  wanted.mode = sr::session_mode::absent;
  EXPECT_EQ(decide(found, wanted).state(), state::no_payment_required);
  EXPECT_EQ(decide(found, wanted).next_step(), sr::next_step::none);
  EXPECT_THAT(decide(found, wanted).reasons(), ElementsAre(why::setup_not_expected));
  EXPECT_FALSE(decide(found, wanted).may_fulfill("A1"));
}

TEST(ExpectedOrder, IsNotTakenForGrantedWhereTheSessionNamesNone) {
  const auto paid = session_json().drop("metadata").decoded();
  EXPECT_THAT(decide(paid, order()).reasons(), ElementsAre(why::out_trade_no_missing));
  EXPECT_EQ(decide(paid, order()).state(), state::needs_review);
  const auto open = session_json().words("open", "unpaid").drop("metadata").decoded();
  EXPECT_EQ(decide(open, order()).state(), state::awaiting_payment);

  wanted_order nameless = order();
  nameless.out_trade_no.clear();
  EXPECT_FALSE(decide(paid, nameless).may_fulfill(""));
}

// An expired session without a number may be another order's: its end frees no stock of this one.
TEST(ExpectedOrder, ReleasesNoStockForASessionThatNamesNone) {
  session_json expired;
  expired.words("expired", "unpaid");
  EXPECT_TRUE(decide(expired.decoded(), order()).may_release());
  EXPECT_FALSE(decide(expired.drop("metadata").decoded(), order()).may_release());
  EXPECT_EQ(decide(expired.decoded(), order()).state(), state::expired);

  session_json failed;
  failed.words("complete", "unpaid").payment_intent("canceled");
  EXPECT_TRUE(decide(failed.decoded(), order()).may_release());
  EXPECT_FALSE(decide(failed.drop("metadata").decoded(), order()).may_release());
}

// Nothing is said yet that could disagree: asking again is better than a person's time.
TEST(ExpectedOrder, DoesNotDisagreeWithASessionThatSaysNothing) {
  for (const std::optional<sr::livemode> livemode :
       {std::optional<sr::livemode>(sr::livemode::live),
        std::optional<sr::livemode>(sr::livemode::test), std::optional<sr::livemode>()}) {
    wanted_order wanted = order();
    wanted.livemode = livemode;
    const auto nothing = sr::parse_checkout_session("{}");
    ASSERT_TRUE(nothing);
    EXPECT_EQ(decide(*nothing, wanted).state(), state::undetermined);
  }
  const auto zero = sr::parse_checkout_session(data_file("stripe_go_zero.json"));
  ASSERT_TRUE(zero);
  EXPECT_EQ(decide(*zero, order()).state(), state::undetermined);
}

// DESIGN: the all-zero session is undetermined. Its livemode false is no word of Stripe's.
TEST(ExpectedOrder, DoesNotDisagreeWithTheZeroSessionOfStripeGoInLiveMode) {
  wanted_order wanted = order();
  wanted.livemode = sr::livemode::live;
  const auto zero = sr::parse_checkout_session(data_file("stripe_go_zero.json"));
  ASSERT_TRUE(zero);
  EXPECT_EQ(decide(*zero, wanted).state(), state::undetermined);
}

// What an undetermined session does say is held against the order.
TEST(ExpectedOrder, DisagreesWithWhatAnUndeterminedSessionDoesSay) {
  for (const mismatch& each : mismatches) {
    found_session found = session_json().words("half_open", "unpaid").decoded();
    const found_session before = found;
    wanted_order wanted = order();
    each.change(found, wanted);
    const bool only_missing = (found.id.empty() && !before.id.empty()) ||
                              (found.currency.empty() && !before.currency.empty()) ||
                              !found.amount_total || !found.livemode;
    const auto outcome = decide(found, wanted);
    SCOPED_TRACE(each.name);
    EXPECT_EQ(outcome.state(), only_missing ? state::undetermined : state::needs_review);
    EXPECT_EQ(outcome.has(each.reason), !only_missing);
    EXPECT_FALSE(outcome.final());
    EXPECT_FALSE(outcome.may_fulfill("A1"));
  }
}

// A mode that Stripe invents tomorrow is no other mode than expected: it may be a newer word for
// it.
TEST(ExpectedOrder, DoesNotDisagreeWithAModeThatIsNotKnown) {
  wanted_order wanted = order();
  wanted.mode = sr::session_mode::payment;
  for (const char* mode : {"rent", ""}) {
    SCOPED_TRACE(mode);
    const auto outcome = decide(session_json().set("mode", quoted(mode)).decoded(), wanted);
    EXPECT_EQ(outcome.state(), state::undetermined);
    EXPECT_TRUE(outcome.has(sr::reason::unrecognized_mode));
    EXPECT_FALSE(outcome.has(sr::reason::mode_mismatch));
  }
}

TEST(ExpectedOrder, IsCheckedBeforeAnythingIsHeldAgainstIt) {
  const auto refused = [](auto change) {
    wanted_order wanted = order();
    change(wanted);
    return error_code_of(sr::check(wanted)) == sr::error_code::invalid_option;
  };
  EXPECT_FALSE(refused([](wanted_order&) {}));
  EXPECT_TRUE(refused([](wanted_order& w) { w.out_trade_no.clear(); }));
  EXPECT_TRUE(refused([](wanted_order& w) { w.amounts.clear(); }));
  for (const sr::money& each : std::vector<sr::money>{
           {-1, "cny"}, {400, ""}, {400, "cn"}, {400, "yuan"}, {400, "c y"}, {400, "cn\xc3"}})
    EXPECT_TRUE(refused([&](wanted_order& w) { w.amounts.push_back(each); })) << to_string(each);
  EXPECT_FALSE(refused([](wanted_order& w) { w.amounts = {{0, "CNY"}}; }));
  const auto no_amount_in = [&](sr::session_mode mode, sr::amount_rule rule) {
    return refused([&](wanted_order& w) {
      w.amounts.clear();
      w.mode = mode;
      w.amount_rule = rule;
    });
  };
  EXPECT_FALSE(no_amount_in(sr::session_mode::setup, sr::amount_rule::total_exact));
  EXPECT_FALSE(no_amount_in(sr::session_mode::payment, sr::amount_rule::unchecked));
  EXPECT_TRUE(no_amount_in(sr::session_mode::subscription, sr::amount_rule::total_at_least));
  EXPECT_TRUE(no_amount_in(sr::session_mode::absent, sr::amount_rule::subtotal_exact));
}

// The customer can still pay by the recovery URL.
TEST(ExpectedOrder, ReleasesNoStockWhileTheSessionCanBeRecovered) {
  auto found = session_json().words("expired", "unpaid").decoded();
  EXPECT_TRUE(decide(found, order()).may_release());
  found.recovery = sr::session_recovery{sr::secret("https://buy.stripe.com/r/1"), now + 1};
  EXPECT_FALSE(decide(found, order()).may_release());
  EXPECT_EQ(decide(found, order()).next_step(), sr::next_step::recover);
  found.recovery->expires_at = now;
  EXPECT_TRUE(decide(found, order()).may_release());
}

} // namespace
