// Every step of an order, and every step that it does not take.
#include "an_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using sr::fulfil_result;
using sr::order_stage;
using sr::order_state;
using sr::reason;
using sr::review_verdict;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const seconds lease = minutes(5);

class OrderSteps : public testing::Test {
protected:
  sr::order_record order_ = order_a1();

  // Takes the step if there is one, and says whether there was.
  bool take(sr::order_step step) {
    if (!step) return false;
    EXPECT_EQ(step->record.version, order_.version + 1);
    EXPECT_EQ(step->record.out_trade_no, "A1");
    last_ = step->entry;
    order_ = step->record;
    return true;
  }
  bool hear(const std::string& id, const std::string& status, const std::string& payment_status) {
    return take(sr::hear(order_, word_of(order_, session_of(id, status, payment_status))));
  }
  bool hear(const session_json& session) {
    return take(sr::hear(order_, word_of(order_, session)));
  }
  bool pay(const std::string& id = "cs_test_a1") { return hear(id, "complete", "paid"); }
  bool claim(sr::unix_seconds now = noon) { return take(sr::claim(order_, "worker", now, lease)); }
  bool finish(fulfil_result result, sr::unix_seconds now = noon) {
    return take(sr::finish(order_, "worker", order_.token, result, now));
  }
  bool resolve(review_verdict verdict) {
    return take(sr::resolve(order_, verdict, "Ann", "called the customer", noon));
  }

  sr::history_entry last_;
};

TEST_F(OrderSteps, APaymentMakesItDueAndItIsFulfilledOnce) {
  EXPECT_TRUE(pay());
  EXPECT_EQ(order_.stage, order_stage::due);
  EXPECT_EQ(order_.paid_session, "cs_test_a1");
  EXPECT_EQ(last_.who, "webhook");
  EXPECT_EQ(last_.what, "paid");
  EXPECT_EQ(last_.session_id, "cs_test_a1");
  EXPECT_TRUE(claim());
  EXPECT_EQ(order_.token, 1u);
  EXPECT_TRUE(finish(fulfil_result::done));
  EXPECT_EQ(order_.stage, order_stage::fulfilled);
  EXPECT_EQ(last_.what, "fulfilled");
  EXPECT_FALSE(claim());
  EXPECT_FALSE(finish(fulfil_result::done));
}

TEST_F(OrderSteps, TheSameWordAgainChangesNothing) {
  EXPECT_TRUE(pay());
  EXPECT_FALSE(pay());
  EXPECT_TRUE(claim());
  EXPECT_FALSE(pay());
  EXPECT_TRUE(finish(fulfil_result::done));
  EXPECT_FALSE(pay());
  EXPECT_EQ(order_.stage, order_stage::fulfilled);
  EXPECT_THAT(order_.review, IsEmpty());
}

// Events come in any order, and later than what was asked for.
TEST_F(OrderSteps, AnEarlierWordIsNoStepBack) {
  EXPECT_TRUE(hear("cs_test_a1", "complete", "unpaid"));
  EXPECT_EQ(order_.sessions.at(0).state, order_state::processing);
  EXPECT_FALSE(hear("cs_test_a1", "open", "unpaid"));
  EXPECT_EQ(order_.sessions.at(0).state, order_state::processing);
  EXPECT_TRUE(pay());
  EXPECT_FALSE(hear("cs_test_a1", "complete", "unpaid"));
  EXPECT_FALSE(hear("cs_test_a1", "expired", "unpaid"));
  EXPECT_EQ(order_.stage, order_stage::due);
}

TEST_F(OrderSteps, PaidCountsWheneverItComes) {
  EXPECT_TRUE(hear("cs_test_a1", "expired", "unpaid"));
  EXPECT_TRUE(pay());
  EXPECT_EQ(order_.stage, order_stage::due);
}

// A session is not the order.
TEST_F(OrderSteps, AnExpiredSessionFailsNoOrder) {
  EXPECT_TRUE(hear("cs_test_a1", "expired", "unpaid"));
  EXPECT_EQ(order_.stage, order_stage::awaiting);
  EXPECT_TRUE(pay("cs_test_b1"));
  EXPECT_EQ(order_.stage, order_stage::due);
  EXPECT_EQ(order_.paid_session, "cs_test_b1");
}

TEST_F(OrderSteps, AnExpiryByAClockAloneIsNotStripesWord) {
  const session_json open = session_of("cs_test_a1", "open", "unpaid");
  auto word = word_of(order_, open, "return", session_json::expires_at + 1);
  EXPECT_TRUE(take(sr::hear(order_, word)));
  EXPECT_FALSE(order_.sessions.at(0).final);
  EXPECT_TRUE(hear("cs_test_a1", "expired", "unpaid"));
  EXPECT_TRUE(order_.sessions.at(0).final);
}

TEST_F(OrderSteps, AWordThatIsNewMovesNothing) {
  EXPECT_TRUE(hear("cs_test_a1", "complete", "partially_paid")); // that there is such a session
  EXPECT_EQ(order_.sessions.at(0).state, order_state::undetermined);
  EXPECT_FALSE(hear("cs_test_a1", "complete", "partially_paid"));
  EXPECT_EQ(order_.stage, order_stage::awaiting);
  EXPECT_TRUE(pay());
}

TEST_F(OrderSteps, ASecondPaymentIsForAPersonAndFulfilsNothing) {
  pay();
  EXPECT_TRUE(pay("cs_test_b1"));
  EXPECT_THAT(order_.review, ElementsAre(reason::duplicate_payment));
  EXPECT_EQ(order_.paid_session, "cs_test_a1");
  EXPECT_FALSE(pay("cs_test_b1"));
  // The first one is not held up by it.
  EXPECT_TRUE(claim());
  EXPECT_TRUE(finish(fulfil_result::done));
  EXPECT_TRUE(resolve(review_verdict::reject)); // and refunded
  EXPECT_EQ(order_.stage, order_stage::fulfilled);
  EXPECT_FALSE(pay("cs_test_b1"));
  EXPECT_TRUE(pay("cs_test_c1"));
  EXPECT_THAT(order_.review, ElementsAre(reason::duplicate_payment));
}

TEST_F(OrderSteps, WhatDoesNotAgreeIsForAPerson) {
  const session_json cheap = session_of("cs_test_a1", "complete", "paid").set("amount_total", "1");
  EXPECT_TRUE(hear(cheap));
  EXPECT_EQ(order_.stage, order_stage::awaiting);
  EXPECT_THAT(order_.review, ElementsAre(reason::amount_mismatch));
  EXPECT_FALSE(claim());
  EXPECT_FALSE(hear(cheap));

  const sr::order_record before = order_;
  EXPECT_TRUE(resolve(review_verdict::accept));
  EXPECT_EQ(order_.stage, order_stage::due);
  EXPECT_EQ(order_.paid_session, "cs_test_a1");
  EXPECT_THAT(order_.review, IsEmpty());
  EXPECT_EQ(last_.who, "Ann");
  EXPECT_EQ(last_.what, "accepted");
  EXPECT_EQ(last_.note, "called the customer");
  EXPECT_THAT(last_.reasons, ElementsAre(reason::amount_mismatch));
  EXPECT_FALSE(hear(cheap));
  EXPECT_TRUE(claim());

  order_ = before;
  EXPECT_TRUE(resolve(review_verdict::reject));
  EXPECT_EQ(order_.stage, order_stage::awaiting); // of the order, another session may still be paid
  EXPECT_FALSE(hear(cheap));
  EXPECT_TRUE(pay("cs_test_b1"));
  EXPECT_EQ(order_.stage, order_stage::due);
}

// A review is about what was paid by then. What is paid later is looked at anew.
TEST_F(OrderSteps, ASessionThatWasOpenDuringAReviewIsNotReviewed) {
  hear("cs_test_b1", "open", "unpaid");
  hear(session_of("cs_test_a1", "complete", "paid").set("amount_total", "1"));
  EXPECT_TRUE(resolve(review_verdict::accept));
  EXPECT_EQ(order_.paid_session, "cs_test_a1");
  EXPECT_TRUE(pay("cs_test_b1"));
  EXPECT_THAT(order_.review, ElementsAre(reason::duplicate_payment));
}

TEST_F(OrderSteps, WithoutAReviewThereIsNothingToResolve) {
  EXPECT_FALSE(resolve(review_verdict::accept));
  pay();
  EXPECT_FALSE(resolve(review_verdict::reject));
  EXPECT_EQ(order_.stage, order_stage::due);
}

TEST_F(OrderSteps, NobodyElseClaimsItWhileTheLeaseHolds) {
  pay();
  EXPECT_TRUE(claim(noon));
  EXPECT_EQ(order_.lease, noon + lease.count());
  EXPECT_FALSE(claim(noon + lease.count() - 1));
  EXPECT_TRUE(claim(noon + lease.count()));
  EXPECT_EQ(order_.token, 2u);
}

// A worker that slept through its lease: its effect may have happened, its word counts no more.
TEST_F(OrderSteps, AClaimThatWasTakenOverIsTooLate) {
  pay();
  claim(noon);
  claim(noon + lease.count());
  for (const auto result :
       {fulfil_result::done, fulfil_result::retry_later, fulfil_result::give_up})
    EXPECT_FALSE(take(sr::finish(order_, "worker", 1, result, noon + lease.count())));
  EXPECT_TRUE(take(sr::finish(order_, "worker", 2, fulfil_result::done, noon + lease.count())));
}

// Nobody has claimed it since: what was done is done.
TEST_F(OrderSteps, ALeaseThatRanOutDoesNotUndoTheWork) {
  pay();
  claim(noon);
  EXPECT_TRUE(finish(fulfil_result::done, noon + 10 * lease.count()));
  EXPECT_EQ(order_.stage, order_stage::fulfilled);
}

TEST_F(OrderSteps, IsTriedAgainLaterAndLater) {
  pay();
  sr::unix_seconds now = noon;
  for (const seconds wait : {minutes(1), minutes(2), minutes(4), minutes(8)}) {
    EXPECT_TRUE(claim(now));
    EXPECT_TRUE(finish(fulfil_result::retry_later, now));
    EXPECT_FALSE(claim(now + wait.count() - 1));
    now += wait.count();
  }
  EXPECT_EQ(order_.tries, 4);
  EXPECT_TRUE(claim(now));
  for (const int tries : {12, 1000, 2147483647})
    EXPECT_EQ(sr::retry_after(tries), std::chrono::hours(24)) << tries;
}

TEST_F(OrderSteps, WhatTheHostCannotFulfilIsHeldForAPerson) {
  pay();
  claim();
  EXPECT_TRUE(finish(fulfil_result::give_up));
  EXPECT_THAT(order_.review, ElementsAre(reason::fulfill_gave_up));
  EXPECT_FALSE(claim(noon + 1000000));
  const sr::order_record before = order_;
  EXPECT_TRUE(resolve(review_verdict::accept));
  EXPECT_TRUE(claim());
  order_ = before;
  EXPECT_TRUE(resolve(review_verdict::reject));
  EXPECT_EQ(order_.stage, order_stage::rejected);
  EXPECT_FALSE(claim(noon + 1000000));
}

TEST_F(OrderSteps, IsClosedOnlyWhenNoSessionCanBePaidAnyMore) {
  EXPECT_TRUE(take(sr::begin_attempt(order_, noon)));
  EXPECT_EQ(order_.attempts, 1);
  EXPECT_FALSE(take(sr::close(order_, noon))); // the session of that attempt may exist
  EXPECT_TRUE(take(sr::attach(order_, 1, "cs_test_a1", noon)));
  EXPECT_FALSE(take(sr::attach(order_, 1, "cs_test_a1", noon)));
  EXPECT_THAT(order_.expected->session_ids, ElementsAre("cs_test_a1"));
  EXPECT_FALSE(take(sr::close(order_, noon)));
  hear("cs_test_a1", "open", "unpaid");
  EXPECT_FALSE(take(sr::close(order_, noon)));
  hear("cs_test_a1", "complete", "unpaid");
  EXPECT_FALSE(take(sr::close(order_, noon)));
  order_.sessions.clear();
  take(sr::attach(order_, 1, "cs_test_a1", noon));
  hear("cs_test_a1", "expired", "unpaid");
  EXPECT_TRUE(take(sr::close(order_, noon)));
  EXPECT_EQ(order_.stage, order_stage::closed);
  EXPECT_FALSE(take(sr::begin_attempt(order_, noon)));
  EXPECT_FALSE(take(sr::close(order_, noon)));
}

TEST_F(OrderSteps, APaymentAfterTheHostClosedItIsHeldForAPerson) {
  EXPECT_TRUE(take(sr::close(order_, noon)));
  EXPECT_TRUE(pay());
  EXPECT_THAT(order_.review, ElementsAre(reason::paid_after_close));
  EXPECT_FALSE(claim());
  const sr::order_record before = order_;
  EXPECT_TRUE(resolve(review_verdict::accept));
  EXPECT_TRUE(claim());
  order_ = before;
  EXPECT_TRUE(resolve(review_verdict::reject));
  EXPECT_EQ(order_.stage, order_stage::rejected);
}

TEST_F(OrderSteps, IsNotBegunOrClosedOncePaid) {
  pay();
  EXPECT_FALSE(take(sr::begin_attempt(order_, noon)));
  EXPECT_FALSE(take(sr::close(order_, noon)));
}

// The webhook may be there before the host has stored its order.
TEST_F(OrderSteps, NothingIsFulfilledBeforeTheHostSaysWhatItExpects) {
  order_.expected.reset();
  EXPECT_TRUE(pay());
  EXPECT_EQ(order_.stage, order_stage::awaiting);
  EXPECT_EQ(order_.sessions.at(0).state, order_state::undetermined);
  EXPECT_FALSE(pay());
  EXPECT_TRUE(take(sr::expect(order_, expected_order_a1(), noon)));
  EXPECT_FALSE(take(sr::expect(order_, expected_order_a1(), noon)));
  EXPECT_TRUE(pay());
  EXPECT_EQ(order_.stage, order_stage::due);
}

TEST(OrderStage, HasAWord) {
  EXPECT_EQ(to_string(order_stage::awaiting), "awaiting");
  EXPECT_EQ(to_string(order_stage::closed), "closed");
  EXPECT_EQ(to_string(order_stage::due), "due");
  EXPECT_EQ(to_string(order_stage::fulfilled), "fulfilled");
  EXPECT_EQ(to_string(order_stage::rejected), "rejected");
}

} // namespace
