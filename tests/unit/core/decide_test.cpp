#include <stripe_return/core/decide.hpp>

#include "data/data_file.hpp"
#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using next = sr::next_step;
using again = sr::pay_again;
using why = sr::reason;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sr::unix_seconds created = session_json::created;
constexpr sr::unix_seconds expires_at = session_json::expires_at;
constexpr sr::unix_seconds far_future = 4102444800; // 2100-01-01

sr::checkout_session recorded(const char* name) {
  auto session = sr::parse_checkout_session(data_file(name));
  EXPECT_TRUE(session) << name;
  return *std::move(session);
}

TEST(Decide, PaidRecordingIsPaidWhateverTheClockSays) {
  const auto session = recorded("paid.json");
  for (const sr::unix_seconds now :
       {sr::unix_seconds{0}, created, expires_at - 1, expires_at, far_future}) {
    const auto outcome = sr::decide_unchecked(observed(session, now));
    EXPECT_EQ(outcome.state(), state::paid);
    EXPECT_TRUE(outcome.final());
    EXPECT_EQ(outcome.out_trade_no(), "1774256382025448500");
    EXPECT_TRUE(outcome.may_fulfill("1774256382025448500"));
    EXPECT_FALSE(outcome.may_fulfill("1774256092603328600"));
    EXPECT_FALSE(outcome.may_release());
    EXPECT_EQ(outcome.pay_again(), again::no);
    EXPECT_EQ(outcome.next_step(), next::fulfill);
    EXPECT_TRUE(outcome.confirmed_by_stripe());
    EXPECT_THAT(outcome.reasons(), ElementsAre(why::not_checked_against_order));
  }
}

TEST(Decide, UnpaidRecordingExpiresAtItsSecond) {
  const auto session = recorded("unpaid.json");
  constexpr sr::unix_seconds end = 1774342496;
  for (const sr::unix_seconds now : {sr::unix_seconds{0}, sr::unix_seconds{1774256096}, end - 1}) {
    const auto outcome = sr::decide_unchecked(observed(session, now));
    EXPECT_EQ(outcome.state(), state::awaiting_payment) << now;
    EXPECT_FALSE(outcome.final());
    EXPECT_FALSE(outcome.may_fulfill("1774256092603328600"));
    EXPECT_FALSE(outcome.may_release());
    EXPECT_EQ(outcome.pay_again(), again::yes);
    EXPECT_EQ(outcome.next_step(), next::resume);
    EXPECT_TRUE(outcome.confirmed_by_stripe());
    EXPECT_THAT(outcome.reasons(), ElementsAre(why::not_checked_against_order));
  }
  for (const sr::unix_seconds now : {end, end + 1, far_future}) {
    const auto outcome = sr::decide_unchecked(observed(session, now));
    EXPECT_EQ(outcome.state(), state::expired) << now;
    EXPECT_FALSE(outcome.final());
    EXPECT_FALSE(outcome.may_fulfill("1774256092603328600"));
    EXPECT_FALSE(outcome.may_release());
    EXPECT_EQ(outcome.pay_again(), again::unknown);
    EXPECT_EQ(outcome.next_step(), next::ask_again);
    EXPECT_FALSE(outcome.confirmed_by_stripe());
    EXPECT_THAT(outcome.reasons(),
                ElementsAre(why::expiry_not_confirmed, why::not_checked_against_order));
  }
}

// A session without any words, as from a Go server that ignored an error: its expires_at of 0 must
// not look like the past, nor its amount of 0 like an order that costs nothing.
TEST(Decide, AnEmptySessionIsUndetermined) {
  const auto empty = sr::parse_checkout_session("{}");
  ASSERT_TRUE(empty);
  for (const sr::checkout_session& session : {*empty, recorded("stripe_go_zero.json")}) {
    for (const sr::unix_seconds now : {sr::unix_seconds{0}, created, far_future}) {
      const auto outcome = sr::decide_unchecked(observed(session, now));
      EXPECT_EQ(outcome.state(), state::undetermined);
      EXPECT_FALSE(outcome.final());
      EXPECT_EQ(outcome.out_trade_no(), "");
      EXPECT_FALSE(outcome.may_fulfill(""));
      EXPECT_FALSE(outcome.may_release());
      EXPECT_EQ(outcome.pay_again(), again::unknown);
      EXPECT_EQ(outcome.next_step(), next::ask_again);
      EXPECT_FALSE(outcome.confirmed_by_stripe());
      EXPECT_THAT(outcome.reasons(),
                  ElementsAre(why::not_checked_against_order, why::session_id_missing,
                              why::unrecognized_mode, why::unrecognized_payment_status,
                              why::unrecognized_status));
    }
  }
}

TEST(Decide, ExpiryIsCountedFromCreatedWhereItIsMissing) {
  constexpr sr::unix_seconds day = 24 * 60 * 60;
  const struct {
    const char* created;
    const char* expires_at;
    sr::unix_seconds end; // 0: never
  } cases[] = {{"1774256386", "1774260000", 1774260000},
               {"1774256386", "null", created + day},
               {"1774256386", "0", created + day},
               {"null", "1774260000", 1774260000},
               {"0", "1774260000", 1774260000},
               {"null", "null", 0},
               {"0", "0", 0},
               {"1", "null", 1 + day},
               {"253402300799", "0", 253402300799 + day}};
  for (const auto& each : cases) {
    SCOPED_TRACE(std::string(each.created) + ' ' + each.expires_at);
    const auto session = session_json()
                             .words("open", "unpaid")
                             .set("created", each.created)
                             .set("expires_at", each.expires_at)
                             .decoded();
    if (each.end == 0) {
      EXPECT_EQ(sr::decide_unchecked(observed(session, INT64_MAX)).state(),
                state::awaiting_payment);
    } else {
      EXPECT_EQ(sr::decide_unchecked(observed(session, each.end - 1)).state(),
                state::awaiting_payment);
      EXPECT_EQ(sr::decide_unchecked(observed(session, each.end)).state(), state::expired);
      EXPECT_EQ(sr::decide_unchecked(observed(session, INT64_MAX)).state(), state::expired);
    }
    EXPECT_EQ(sr::decide_unchecked(observed(session, INT64_MIN)).state(), state::awaiting_payment);
  }
}

// An application may build a session itself, with times that no document may hold.
TEST(Decide, ExpiryOverflowsNowhere) {
  const struct {
    sr::unix_seconds created;
    sr::unix_seconds now;
    state expected;
  } cases[] = {{INT64_MAX, INT64_MAX, state::awaiting_payment},
               {INT64_MAX, INT64_MIN, state::awaiting_payment},
               {INT64_MIN, INT64_MIN, state::awaiting_payment},
               {INT64_MIN, INT64_MAX, state::expired},
               {INT64_MAX - 86400, INT64_MAX, state::expired},
               {INT64_MAX - 86399, INT64_MAX, state::awaiting_payment},
               {-1, 86398, state::awaiting_payment},
               {-1, 86399, state::expired}};
  for (const auto& each : cases) {
    sr::checkout_session session = session_json().words("open", "unpaid").decoded();
    session.expires_at.reset();
    session.created = each.created;
    EXPECT_EQ(sr::decide_unchecked(observed(session, each.now)).state(), each.expected)
        << each.created << each.now;
  }
}

TEST(Decide, ExpiryCountsOnlyWhileOpen) {
  const struct {
    const char* status;
    const char* payment_status;
    state always;
  } cases[] = {{"complete", "paid", state::paid},
               {"complete", "unpaid", state::processing},
               {"expired", "unpaid", state::expired},
               {"open", "paid", state::undetermined},
               {"half_open", "unpaid", state::undetermined}};
  for (const auto& each : cases) {
    const auto session = session_json().words(each.status, each.payment_status).decoded();
    for (const sr::unix_seconds now : {sr::unix_seconds{0}, expires_at, far_future}) {
      const auto outcome = sr::decide_unchecked(observed(session, now));
      EXPECT_EQ(outcome.state(), each.always) << each.status << each.payment_status;
      EXPECT_FALSE(outcome.has(why::expiry_not_confirmed));
      EXPECT_FALSE(outcome.has(why::local_clock));
    }
  }
}

TEST(Decide, SaysWhenItRestsOnTheLocalClock) {
  const auto open = session_json().words("open", "unpaid").decoded();
  const auto by_local_clock = [&](sr::unix_seconds now) {
    return sr::decide_unchecked(observed(open, now, sr::clock_source::local));
  };
  EXPECT_TRUE(by_local_clock(expires_at).has(why::local_clock));
  EXPECT_FALSE(by_local_clock(expires_at - 1).has(why::local_clock));
  EXPECT_EQ(by_local_clock(expires_at).state(), state::expired);
  EXPECT_FALSE(sr::decide_unchecked(observed(open, expires_at)).has(why::local_clock));
  EXPECT_EQ(sr::decide_unchecked(observed(open, expires_at)).state(), state::expired);
  EXPECT_FALSE(sr::decide_unchecked(observed(open, expires_at)).confirmed_by_stripe());
}

// The event is believed unless the PaymentIntent, read later, has a newer word.
TEST(Decide, HearsOfAFailureByTheEvent) {
  const struct {
    const char* intent;
    state expected;
  } cases[] = {{"", state::failed},
               {"requires_action", state::failed},
               {"requires_confirmation", state::failed},
               {"requires_payment_method", state::failed},
               {"canceled", state::failed},
               {"word_of_tomorrow", state::failed},
               {"processing", state::processing},
               {"requires_capture", state::processing},
               {"succeeded", state::processing}};
  for (const auto& each : cases) {
    session_json json;
    json.words("complete", "unpaid");
    if (*each.intent != '\0') json.payment_intent(each.intent);
    sr::observation told = observed(json.decoded(), created);
    told.async_payment_failed = true;
    const auto outcome = sr::decide_unchecked(told);
    const bool failed = each.expected == state::failed;
    SCOPED_TRACE(each.intent);
    EXPECT_EQ(outcome.state(), each.expected);
    EXPECT_EQ(outcome.final(), failed);
    EXPECT_EQ(outcome.pay_again(), failed ? again::yes : again::no);
    EXPECT_EQ(outcome.may_release(), failed);
    EXPECT_EQ(outcome.has(why::async_payment_failed) || outcome.has(why::payment_intent_canceled),
              failed);
    EXPECT_FALSE(outcome.has(why::customer_action_pending));
    EXPECT_FALSE(outcome.may_fulfill("A1"));
  }
}

TEST(Decide, AFailureHeardBeforeDoesNotTouchOtherStates) {
  for (const auto& [status, payment_status] :
       std::vector<std::pair<const char*, const char*>>{{"complete", "paid"},
                                                        {"open", "unpaid"},
                                                        {"expired", "unpaid"},
                                                        {"expired", "paid"},
                                                        {"half_open", "unpaid"}}) {
    const auto session = session_json().words(status, payment_status).decoded();
    sr::observation told = observed(session, created);
    told.async_payment_failed = true;
    const auto heard = sr::decide_unchecked(told);
    const auto unheard = sr::decide_unchecked(observed(session, created));
    EXPECT_EQ(heard.state(), unheard.state()) << status;
    EXPECT_EQ(heard.may_fulfill("A1"), unheard.may_fulfill("A1"));
    EXPECT_EQ(heard.reasons(), unheard.reasons());
  }
}

TEST(Decide, OffersRecoveryWhileItLasts) {
  const struct {
    const char* recovery;
    sr::unix_seconds now;
    next step;
  } cases[] = {
      {R"({"url":"https://buy.stripe.com/r/x","expires_at":2000})", 1999, next::recover},
      {R"({"url":"https://buy.stripe.com/r/x","expires_at":2000})", 2000, next::new_checkout},
      {R"({"url":"https://buy.stripe.com/r/x","expires_at":null})", far_future, next::recover},
      {R"({"url":null,"expires_at":2000})", 1999, next::new_checkout},
      {"null", 1999, next::new_checkout},
  };
  for (const auto& each : cases) {
    const auto session =
        session_json()
            .words("expired", "unpaid")
            .set("after_expiration", std::string(R"({"recovery":)") + each.recovery + '}')
            .decoded();
    const auto outcome = sr::decide_unchecked(observed(session, each.now));
    EXPECT_EQ(outcome.next_step(), each.step) << each.recovery << each.now;
    EXPECT_EQ(outcome.pay_again(), again::yes);
    EXPECT_EQ(outcome.may_release(), each.step == next::new_checkout);
  }
  sr::checkout_session without_url = session_json().words("expired", "unpaid").decoded();
  without_url.recovery.emplace();
  EXPECT_EQ(sr::decide_unchecked(observed(without_url, created)).next_step(), next::new_checkout);
}

// Where money may have moved, no page may lead the customer back to a till.
TEST(Decide, OffersNoRecoveryWhereMoneyMayHaveMoved) {
  for (const char* intent : {"succeeded", "processing", "requires_capture"}) {
    const auto session =
        session_json()
            .words("expired", "unpaid")
            .set("after_expiration", R"({"recovery":{"url":"https://buy.stripe.com/r/x"}})")
            .payment_intent(intent)
            .decoded();
    const auto outcome = sr::decide_unchecked(observed(session, created));
    EXPECT_EQ(outcome.next_step(), next::contact_shop) << intent;
    EXPECT_EQ(outcome.pay_again(), again::no);
    EXPECT_FALSE(outcome.may_release());
  }
}

TEST(Decide, ForgetsNothingOfTheSessionItWasGiven) {
  const auto session = session_json().decoded();
  const auto first = sr::decide_unchecked(observed(session, created));
  const auto second = sr::decide_unchecked(observed(session, created));
  EXPECT_EQ(first.reasons(), second.reasons());
  EXPECT_EQ(session.metadata.get("out_trade_no"), "A1");
  EXPECT_THAT(session_json().decoded().recovered_from, IsEmpty());
}

} // namespace
