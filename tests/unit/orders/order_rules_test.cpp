#include "an_order.hpp"
#include "laws.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;
using an_order::at;
using an_order::expected;
using an_order::hour;
using an_order::noon;
using an_order::own;
using an_order::session_seen;
using an_order::test_order;
using rules::checkout_choice;
using rules::session_money;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;
using stage = sr::order_stage;
using why = sr::reason;

session_money money_of(const test_order& it, std::size_t session = 0) {
  return conclude(it.order(), at(it.now)).at(session).money;
}
test_order issued() {
  test_order it;
  it.issue("cs_own");
  return it;
}

// Where the money of a session is.

struct money_case {
  const char* name;
  session_seen what;
  session_money money;
};
const money_case money_cases[] = {
    {"open", own(), session_money::can_still_come},
    {"open_and_paid", own().words("open", "paid"), session_money::unknown},
    {"open_and_authorized", own().intent("requires_capture", 0), session_money::authorized},
    {"processing", own().processing(), session_money::on_its_way},
    {"authorized", own().words("complete", "unpaid").intent("requires_capture", 0),
     session_money::authorized},
    {"failed", own().words("complete", "unpaid").intent("requires_payment_method", 0),
     session_money::none},
    {"canceled", own().words("complete", "unpaid").intent("canceled", 0), session_money::none},
    {"paid", own().paid(), session_money::in},
    {"free", own().amount(0).words("complete", "no_payment_required"), session_money::in},
    {"refunded_in_part", own().paid().refunded(399), session_money::in},
    {"refunded", own().paid().refunded(400), session_money::gone_back},
    {"disputed", own().paid().disputed(), session_money::in},
    {"expired", own().expired(), session_money::none},
    {"expired_and_recoverable", own().expired().recoverable(noon + hour),
     session_money::can_still_come},
    {"no_longer_recoverable", own().expired().recoverable(noon), session_money::none},
    {"expired_and_processing", own().expired().intent("processing", 0), session_money::on_its_way},
    {"expired_and_succeeded", own().expired().intent("succeeded", 400), session_money::in},
    {"unknown_status", own().words("halted", "unpaid"), session_money::unknown},
    {"unknown_payment_status", own().words("complete", "settled"), session_money::unknown},
};
class SessionMoney : public testing::TestWithParam<money_case> {};
INSTANTIATE_TEST_SUITE_P(, SessionMoney, testing::ValuesIn(money_cases),
                         [](const auto& each) { return each.param.name; });

TEST_P(SessionMoney, Is) {
  test_order it;
  it.observe(GetParam().what);
  EXPECT_EQ(money_of(it), GetParam().money);
}

// An expectation that leaves nothing to pay for, and one that nobody has heard of.
TEST(OrderRules, MoneyIsUnknownWhereNothingWasObserved) {
  sr::expected_order order = expected();
  order.session_ids = {"cs_made_elsewhere"};
  const test_order it{order};
  EXPECT_EQ(money_of(it), session_money::unknown);
  EXPECT_EQ(it.pay_again(), sr::pay_again::unknown);
  EXPECT_EQ(it->waits_for, sr::waits_for::stripe);
}

// The findings of the first edition, one by one.

TEST(OrderRules, AcceptingAnUnpaidSessionWaivesAndShipsNothing) {
  test_order it;
  it.observe(session_seen("cs_other").amount(450));
  it.accept();
  EXPECT_EQ(it->stage, stage::open);
  EXPECT_FALSE(it.claim());
  it.observe(session_seen("cs_other", noon + 5).amount(450).paid());
  EXPECT_EQ(it->stage, stage::due);
  EXPECT_EQ(it->paid_session, "cs_other");
}

TEST(OrderRules, AcceptingMoneyThatIsOnItsWayShipsNothingYet) {
  test_order it;
  it.close();
  it.observe(session_seen("cs_other").amount(450).processing());
  it.accept();
  EXPECT_EQ(it->stage, stage::closed);
  it.observe(session_seen("cs_other", noon + 5).amount(450).paid());
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::amount_mismatch, why::paid_after_close));
  it.accept();
  EXPECT_EQ(it->stage, stage::due);
}

TEST(OrderRules, AWaiverHoldsAtItsValuesAlone) {
  test_order it;
  it.observe(session_seen("cs_other").amount(450));
  it.accept();
  it.observe(session_seen("cs_other", noon + 5).amount(460).paid());
  EXPECT_EQ(it->stage, stage::open);
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::amount_mismatch));
}

TEST(OrderRules, APaymentAfterARejectionIsAnItemOfItsOwn) {
  test_order it;
  it.observe(session_seen("cs_other").amount(450));
  const std::string unpaid = it.open_item()->id;
  it.reject();
  it.observe(session_seen("cs_other", noon + 5).amount(450).paid());
  ASSERT_NE(it.open_item(), nullptr);
  EXPECT_NE(it.open_item()->id, unpaid);
  EXPECT_EQ(it.pay_again(), sr::pay_again::no);
}

TEST(OrderRules, APaymentWhileAPersonLooksIsAnItemOfItsOwn) {
  test_order it;
  it.observe(session_seen("cs_1").amount(450).paid());
  const std::string first = it.open_item()->id;
  it.observe(session_seen("cs_2").amount(460).paid());
  it.resolve(first, sr::review_verdict::accept);
  EXPECT_EQ(it->paid_session, "cs_1");
  EXPECT_THAT(it.open_reasons(),
              UnorderedElementsAre(why::amount_mismatch, why::duplicate_payment));
}

TEST(OrderRules, AnOpenSessionsItemClosesItselfWhenItIsOver) {
  test_order it;
  it.observe(session_seen("cs_other").amount(450));
  const std::string item = it.open_item()->id;
  it.observe(session_seen("cs_other", noon + 5).amount(450).expired());
  EXPECT_EQ(it.open_item(), nullptr);
  EXPECT_EQ(it.resolve(item, sr::review_verdict::accept), sr::resolve_result::changed_meanwhile);
  EXPECT_EQ(it.close(), sr::close_result::closed);
}

TEST(OrderRules, TheCustomerIsToldTheMoreCautious) {
  test_order it = issued();
  it.observe(own().words("open", "paid"));
  EXPECT_EQ(it.pay_again(), sr::pay_again::unknown);
  EXPECT_EQ(plan_checkout(it.order(), at()).choice, checkout_choice::ask);
  it.observe(own(6).words("complete", "settled"));
  EXPECT_NE(it.pay_again(), sr::pay_again::yes);
}

TEST(OrderRules, AContradictionIsNotPaidAgain) {
  test_order it = issued();
  it.observe(own().expired()).observe(own(6).paid());
  EXPECT_EQ(it->stage, stage::open);
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::expired_but_paid));
  EXPECT_EQ(it.pay_again(), sr::pay_again::no);
}

TEST(OrderRules, SessionsThatAreNamedLaterAreAdded) {
  sr::expected_order order = expected();
  order.session_ids = {"cs_1"};
  test_order it{order};
  it.observe(session_seen("cs_1").expired());
  EXPECT_TRUE(it.take(rules::add_sessions(it.order(), {"cs_1", "cs_2"}, at())));
  EXPECT_FALSE(it.take(rules::add_sessions(it.order(), {"cs_1", "cs_2"}, at())));
  it.observe(session_seen("cs_2").paid());
  EXPECT_EQ(it->stage, stage::due);
}

TEST(OrderRules, ClosesOnlyWhatNobodyCanPay) {
  test_order it = issued();
  EXPECT_EQ(it.close(), sr::close_result::not_yet);
  it.observe(own().expired().recoverable(noon + hour));
  EXPECT_EQ(it.close(), sr::close_result::not_yet);
  EXPECT_EQ(rules::close(it.order(), "", at()).until, noon + hour);
  it.now = noon + 2 * hour;
  EXPECT_EQ(it.close(), sr::close_result::not_yet); // by our clock alone it is over
  it.observe(own(2 * hour).expired().recoverable(noon + hour));
  EXPECT_EQ(it.close(), sr::close_result::closed);
  EXPECT_EQ(it.close(), sr::close_result::closed);
  // Another one turns up.
  it.observe(session_seen("cs_other").amount(450));
  EXPECT_EQ(it.close(), sr::close_result::not_yet);
}

TEST(OrderRules, ASecondRefundIsLookedAtAsWell) {
  test_order it = issued();
  it.observe(own().paid().refunded(100));
  it.accept();
  it.observe(own(6).paid().refunded(400));
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::payment_refunded));
  EXPECT_FALSE(it.claim());
}

TEST(OrderRules, TheFirstPaymentIsStillLookedAtAfterADuplicate) {
  test_order it;
  it.observe(session_seen("cs_1").paid()).observe(session_seen("cs_2").paid());
  it.reject();
  EXPECT_EQ(it.to_give_back(), 400);
  it.observe(session_seen("cs_1", noon + 5).paid().refunded(400));
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::payment_refunded));
}

TEST(OrderRules, WhereTheFirstPaymentIsGoneASecondCounts) {
  test_order it;
  it.observe(session_seen("cs_1").paid()).observe(session_seen("cs_2").paid());
  it.observe(session_seen("cs_1", noon + 5).paid().refunded(400));
  EXPECT_EQ(it->paid_session, "cs_2");
  EXPECT_EQ(it.open_item(), nullptr);
  EXPECT_TRUE(it.claim());
}

TEST(OrderRules, WhatWasClaimedStaysPinned) {
  test_order it;
  it.observe(session_seen("cs_1").paid());
  ASSERT_TRUE(it.claim());
  it.observe(session_seen("cs_2").paid())
      .observe(session_seen("cs_1", noon + 5).paid().refunded(400));
  EXPECT_EQ(it->paid_session, "cs_1");
  EXPECT_TRUE(it.finish(sr::task_result::done)) << "no observation revokes a lease";
  EXPECT_EQ(it->stage, stage::fulfilled);
  EXPECT_THAT(it.open_reasons(),
              UnorderedElementsAre(why::payment_refunded, why::duplicate_payment));
}

TEST(OrderRules, ADueOrderIsCanceledOrMarked) {
  test_order canceled = issued();
  canceled.observe(own().paid());
  EXPECT_EQ(canceled.cancel(), sr::cancel_result::canceled);
  EXPECT_EQ(canceled.to_give_back(), 400);
  EXPECT_EQ(canceled->waits_for, sr::waits_for::release);

  test_order marked = issued();
  marked.observe(own().paid());
  EXPECT_EQ(marked.mark(sr::fulfilled_by::session, "cs_own"), sr::mark_result::marked);
  EXPECT_EQ(marked.mark(sr::fulfilled_by::unknown), sr::mark_result::already_fulfilled);
  EXPECT_EQ(marked.open_item(), nullptr);
}

TEST(OrderRules, MarkedAsPaidElsewhereEveryPaymentIsOneTooMany) {
  test_order it = issued();
  it.mark(sr::fulfilled_by::elsewhere);
  it.observe(own().paid());
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::duplicate_payment));
}

TEST(OrderRules, MarkedByOneWhoDoesNotKnowTheFirstPaymentIsItsOwn) {
  test_order it = issued();
  it.mark(sr::fulfilled_by::unknown);
  it.observe(own().paid());
  EXPECT_EQ(it.open_item(), nullptr);
  EXPECT_EQ(it->paid_session, "cs_own");
  it.observe(session_seen("cs_other").paid());
  EXPECT_THAT(it.open_reasons(),
              UnorderedElementsAre(why::duplicate_payment, why::session_not_issued));
}

TEST(OrderRules, ALongChainOfRecoveriesIsTheOrders) {
  test_order it = issued();
  it.observe(own().expired());
  for (int i = 1; i != 6; ++i) {
    session_seen next("cs_recovered_" + std::to_string(i));
    next.seen.session.recovered_from = i == 1 ? "cs_own" : "cs_recovered_" + std::to_string(i - 1);
    it.observe(i == 5 ? next.paid() : next.expired());
  }
  EXPECT_EQ(it->stage, stage::due);
  EXPECT_EQ(it->paid_session, "cs_recovered_5");
}

TEST(OrderRules, AnotherNumberSeenLaterStaysWithItsOwner) {
  test_order it = issued();
  it.observe(own().number("A2").paid());
  EXPECT_EQ(it->stage, stage::open);
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::out_trade_no_mismatch));
}

TEST(OrderRules, UnderALeaseNobodyDecides) {
  test_order it = issued();
  it.observe(own().paid());
  it.claim();
  EXPECT_EQ(it.cancel(), sr::cancel_result::claimed);
  EXPECT_EQ(it.mark(sr::fulfilled_by::elsewhere), sr::mark_result::claimed);
  it.observe(own(6).paid().disputed());
  EXPECT_EQ(it.reject(), sr::resolve_result::claimed);
}

TEST(OrderRules, MoneyToGiveBackEndsWithTheRefundOrAPersonsWord) {
  test_order it = issued();
  it.observe(own().paid());
  it.cancel();
  test_order by_stripe = it;
  by_stripe.observe(own(6).paid().refunded(400));
  EXPECT_EQ(by_stripe.to_give_back(), 0);
  test_order by_person = it;
  EXPECT_TRUE(by_person.take(rules::mark_refunded(it.order(), "cs_own", "Ann", at())));
  EXPECT_EQ(by_person.to_give_back(), 0);
  EXPECT_FALSE(by_person.take(rules::mark_refunded(by_person.order(), "cs_own", "Ann", at())));
  EXPECT_EQ(an_order::fault_of(by_person.order()), "");
}

// Two shops' sessions, accounts and modes.

TEST(OrderRules, WhatTheOrderKnowsIsNeverAnotherShops) {
  test_order it = issued();
  rules::circumstances with_shop = at();
  with_shop.naming.shop = "north";
  it.take(rules::observe(it.order(), own().paid().seen, an_order::webhook, with_shop));
  EXPECT_EQ(it->stage, stage::due);
}

TEST(OrderRules, AnAccountIsAcceptedByItsNameAlone) {
  session_seen foreign = own().paid();
  foreign.seen.session.account = "acct_2";
  foreign.seen.session.of_own_account = false;
  test_order it = issued();
  it.observe(foreign);
  EXPECT_EQ(it.resolve(sr::review_verdict::accept, "acct_1"), sr::resolve_result::refused);
  EXPECT_EQ(it.resolve(sr::review_verdict::accept, "acct_2"), sr::resolve_result::done);
  EXPECT_EQ(it->stage, stage::due);
}

// A session that Stripe does not have any more.

TEST(OrderRules, AMissingSessionIsGivenUpOnlyWhereNothingCanBeLost) {
  const auto missing = [](test_order it) {
    it.take(rules::observe_not_found(it.order(), "cs_own",
                                     {noon + 30 * hour, sr::clock_source::stripe},
                                     an_order::webhook, at(noon + 30 * hour)));
    return it;
  };
  const auto late = at(noon + 30 * hour);
  const test_order open = missing(issued());
  EXPECT_TRUE(may_give_up(open.order(), "cs_own", late));
  EXPECT_FALSE(may_give_up(open.order(), "cs_own", at())) << "it may still be paid";
  EXPECT_FALSE(may_give_up(issued().order(), "cs_own", late)) << "it is there";
  EXPECT_FALSE(may_give_up(missing(issued().observe(own().paid())).order(), "cs_own", late));
  EXPECT_FALSE(may_give_up(missing(issued().observe(own().recoverable(noon + 90 * hour))).order(),
                           "cs_own", late));

  test_order over = open;
  over.now = noon + 30 * hour;
  EXPECT_EQ(over.close(), sr::close_result::unknown);
  over.take(give_up_session(over.order(), "cs_own", late));
  EXPECT_EQ(over.close(), sr::close_result::closed);
}

TEST(OrderRules, AMissingSessionThatComesBackIsThereAgain) {
  test_order it = issued();
  it.take(rules::observe_not_found(it.order(), "cs_own", {noon + 5, sr::clock_source::stripe},
                                   an_order::webhook, at()));
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::session_not_found));
  it.accept();
  EXPECT_EQ(it.pay_again(), sr::pay_again::yes);
  it.observe(own(6).paid());
  EXPECT_EQ(it->stage, stage::due);
}

TEST(OrderRules, AWrongClockHidesNoSession) {
  test_order it = issued();
  const sr::unix_seconds in_a_year = noon + 365 * 24 * hour;
  it.take(rules::observe_not_found(it.order(), "cs_own", {in_a_year, sr::clock_source::local},
                                   an_order::webhook, at(in_a_year)));
  EXPECT_EQ(money_of(it), session_money::unknown);
  it.observe(own(6));
  EXPECT_EQ(money_of(it), session_money::can_still_come);
}

// Checkouts.

TEST(OrderRules, ADoubleClickWaitsForTheFirst) {
  test_order it;
  ASSERT_EQ(plan_checkout(it.order(), at()).choice, checkout_choice::begin);
  it.take(rules::begin_attempt(it.order(), noon + 80, at()));
  const rules::checkout_plan second = plan_checkout(it.order(), at());
  EXPECT_EQ(second.choice, checkout_choice::wait);
  EXPECT_EQ(second.until, noon + 110);
  EXPECT_EQ(it.pay_again(), sr::pay_again::unknown);
  it.take(rules::issue_session(it.order(), 1, own().seen, at()));
  EXPECT_EQ(plan_checkout(it.order(), at()).choice, checkout_choice::reuse);
  EXPECT_EQ(plan_checkout(it.order(), at()).session_id, "cs_own");
}

TEST(OrderRules, ALostCreateIsLookedForBeforeTheNext) {
  test_order it;
  it.take(rules::begin_attempt(it.order(), noon + 80, at()));
  it.now = noon + 110;
  EXPECT_EQ(plan_checkout(it.order(), at(it.now)).choice, checkout_choice::look);
  EXPECT_EQ(it.close(), sr::close_result::not_yet);
  it.take(rules::give_up_attempt(it.order(), 1, at(it.now)));
  EXPECT_EQ(plan_checkout(it.order(), at(it.now)).choice, checkout_choice::begin);
  it.issue("cs_2");
  EXPECT_EQ(it->attempts.back().number, 2);
}

TEST(OrderRules, NoOtherSessionIsReusedWhileACreateIsLost) {
  test_order it;
  it.take(rules::begin_attempt(it.order(), noon + 80, at()));
  it.observe(session_seen("cs_beside"));
  it.accept();
  EXPECT_EQ(plan_checkout(it.order(), at()).choice, checkout_choice::wait);
  EXPECT_EQ(plan_checkout(it.order(), at(noon + 110)).choice, checkout_choice::look);
}

TEST(OrderRules, TheSessionOfALostCreateIsRecognizedByItsAttempt) {
  test_order it;
  it.take(rules::begin_attempt(it.order(), noon + 80, at()));
  it.observe(session_seen("cs_beside").paid());
  EXPECT_EQ(it->stage, stage::open) << "it does not name the attempt";
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::session_not_issued));
  it.observe(session_seen("cs_lost").attempt(1).paid());
  EXPECT_EQ(it->stage, stage::due);
  EXPECT_EQ(it->attempts.front().session_id, "cs_lost");
}

TEST(OrderRules, ASessionIsHeldAgainstTheTermsOfItsAttempt) {
  test_order it = issued();
  it.observe(own().expired());
  it.take(rules::reprice(it.order(), expected(500), at()));
  it.issue("cs_2");
  it.observe(session_seen("cs_2", noon + 1).attempt(2).amount(500));
  test_order first = it, second = it;
  first.observe(own(6).paid());
  EXPECT_THAT(first.open_reasons(), Contains(why::expired_but_paid));
  EXPECT_THAT(first.open_reasons(), Not(Contains(why::amount_mismatch)));
  second.observe(session_seen("cs_2", noon + 6).attempt(2).amount(500).paid());
  EXPECT_EQ(second->stage, stage::due);
}

TEST(OrderRules, NoCheckoutIsBegunForWhatIsPaidOrMayBe) {
  EXPECT_EQ(plan_checkout(issued().observe(own().processing()).order(), at()).choice,
            checkout_choice::none);
  EXPECT_EQ(plan_checkout(issued().observe(own().paid()).order(), at()).choice,
            checkout_choice::none);
  EXPECT_EQ(plan_checkout(issued().observe(own().expired().recoverable(noon + hour)).order(), at())
                .choice,
            checkout_choice::recover);
  EXPECT_EQ(plan_checkout(test_order().observe(session_seen("cs_other").amount(450)).order(), at())
                .choice,
            checkout_choice::none)
      << "a session that disagrees is nobody's page";
  test_order late{rules::expect(expected(), noon, "application", at(noon - 1)).order};
  EXPECT_EQ(plan_checkout(late.order(), at(noon - 1)).choice, checkout_choice::begin);
  EXPECT_EQ(plan_checkout(late.order(), at(noon)).choice, checkout_choice::none);
}

// Workers.

TEST(OrderRules, ALeaseThatRanOutWasATry) {
  test_order it = issued();
  it.observe(own().paid());
  ASSERT_TRUE(it.claim(2));
  EXPECT_FALSE(it.claim(2)) << "somebody is at it";
  const std::uint64_t first = it->fencing_token;
  it.now += 300;
  ASSERT_TRUE(it.claim(2));
  EXPECT_EQ(it->retry_count, 1);
  EXPECT_GT(it->fencing_token, first);
  EXPECT_FALSE(it.take(rules::finish(it.order(), first, sr::task_result::done, {}, "", at())));
  it.now += 300;
  EXPECT_FALSE(it.claim(2)) << "a person is asked";
  EXPECT_THAT(it.open_reasons(), ElementsAre(why::fulfill_gave_up));
  it.accept();
  EXPECT_EQ(it->retry_count, 0);
  EXPECT_TRUE(it.claim(2));
}

TEST(OrderRules, ALeaseIsExtendedByItsHolderAlone) {
  test_order it = issued();
  it.observe(own().paid());
  it.claim();
  const auto extend = [&](std::uint64_t token) {
    return it.take(rules::extend(it.order(), token, std::chrono::hours(1), at(noon + 200)));
  };
  EXPECT_FALSE(extend(it->fencing_token - 1));
  EXPECT_TRUE(extend(it->fencing_token));
  it.now = noon + 400;
  EXPECT_FALSE(it.claim());
}

TEST(OrderRules, AClaimThatIsGivenUpWasNoTry) {
  test_order it = issued();
  it.observe(own().paid());
  it.claim();
  const auto give_up = [&](std::uint64_t fencing_token) {
    return rules::give_up_claim(it.order(), fencing_token, std::chrono::minutes(1), "", at(it.now));
  };
  EXPECT_FALSE(give_up(it->fencing_token - 1));
  const std::uint64_t news = it->news_version;
  EXPECT_TRUE(it.take(give_up(it->fencing_token)));
  EXPECT_EQ(it->retry_count, 0);
  EXPECT_EQ(it->waits_for, sr::waits_for::worker);
  EXPECT_EQ(it->news_version, news) << "it is no news to the application";
  EXPECT_FALSE(give_up(it->fencing_token));
  EXPECT_FALSE(it.claim());
  it.now += 60;
  EXPECT_TRUE(it.claim());
}

TEST(OrderRules, TriesWaitLongerAndLonger) {
  test_order it = issued();
  it.observe(own().paid());
  it.claim();
  it.finish(sr::task_result::retry_later);
  EXPECT_EQ(it->next_try_at, noon + 60);
  EXPECT_EQ(it->waits_for, sr::waits_for::retry);
  EXPECT_FALSE(it.claim());
  it.now += 60;
  it.claim();
  it.finish(sr::task_result::retry_later);
  EXPECT_EQ(it->next_try_at, it.now + 120);
}

TEST(OrderRules, ATimeThatNobodySetsIsVoid) {
  test_order it = issued();
  it.observe(own().paid());
  it.now = noon + 365 * 24 * hour; // a clock that is a year ahead
  it.claim();
  it.now = noon;
  EXPECT_TRUE(it.claim()) << "its lease is void";
  it.now = noon + 365 * 24 * hour;
  it.finish(sr::task_result::retry_later);
  it.now = noon;
  EXPECT_TRUE(it.claim()) << "so is the time of the next try";
}

TEST(OrderRules, StockIsGivenBackOnceAndNotWhileAPaymentIsLookedAt) {
  test_order it = issued();
  it.observe(own().expired());
  it.close();
  test_order paid_late = it;
  paid_late.observe(session_seen("cs_other").paid());
  EXPECT_FALSE(paid_late.claim());
  it.release();
  EXPECT_EQ(it->stage, stage::released);
  EXPECT_FALSE(it.claim());
  it.observe(session_seen("cs_other").paid());
  it.accept();
  EXPECT_EQ(it->stage, stage::due);
  EXPECT_NE(it->released_at, 0) << "the worker is told that it was released before";
}

// Polling.

TEST(OrderRules, PollsBackOffForAMonth) {
  test_order it = issued();
  EXPECT_EQ(it->next_poll_at, noon + hour);
  int polls = 0;
  while (it->next_poll_at != 0) {
    it.now = it->next_poll_at;
    it.take(rules::polled(it.order(), at(it.now)));
    ++polls;
  }
  EXPECT_EQ(polls, rules::most_polls);
  EXPECT_NEAR(static_cast<double>(it.now - noon) / (24 * hour), 31, 1);
  it.observe(own(6).processing());
  EXPECT_NE(it->next_poll_at, 0) << "something new was said";
}

TEST(OrderRules, NothingIsPolledThatCannotChange) {
  EXPECT_EQ(issued().observe(own().paid())->next_poll_at, 0);
  EXPECT_EQ(issued().observe(own().expired())->next_poll_at, 0);
  EXPECT_NE(issued().observe(own().expired().recoverable(noon + hour))->next_poll_at, 0);
}

TEST(OrderRules, AnswersOfOneMomentThatDifferAreAskedAboutAgain) {
  test_order it = issued();
  it.observe(own(5).processing());
  it.observe(own(6).words("complete", "paid"));
  test_order apart = issued();
  apart.observe(own(5).processing())
      .observe(own(8).words("complete", "unpaid").intent("processing", 1));
  EXPECT_EQ(apart->next_poll_at, noon + hour);
  test_order same = issued();
  same.observe(own(0).words("complete", "unpaid"));
  EXPECT_EQ(same->next_poll_at, noon + 2);
}

TEST(OrderRules, ThatItIsStillSoIsNoNews) {
  test_order it = issued();
  it.take(rules::notify(it.order(), it->version, at()));
  EXPECT_FALSE(row_of(it.order()).index.time(sr::order_list::changed));
  it.observe(own(7));
  EXPECT_FALSE(row_of(it.order()).index.time(sr::order_list::changed));
  it.observe(own(8).processing());
  EXPECT_TRUE(row_of(it.order()).index.time(sr::order_list::changed));
}

// Payments that belong to no order.

TEST(OrderRules, APaymentWithoutAnOrderWaitsForItOrForAPerson) {
  const auto unmatched = [](const session_seen& what) {
    return test_order(rules::keep_unmatched(what.seen, an_order::webhook, at()).order);
  };
  const test_order named = unmatched(session_seen("cs_1").number("A9").paid());
  EXPECT_EQ(named->waits_for, sr::waits_for::expectation);
  EXPECT_THAT(named.open_reasons(), ElementsAre(why::order_not_expected));
  const test_order nameless = unmatched(session_seen("cs_1").number("").paid());
  EXPECT_EQ(nameless->waits_for, sr::waits_for::person);
  EXPECT_THAT(nameless.open_reasons(), ElementsAre(why::out_trade_no_missing));
  test_order rejected = nameless;
  rejected.reject();
  EXPECT_EQ(rejected.to_give_back(), 400);
  EXPECT_EQ(rejected->waits_for, sr::waits_for::refund);
  test_order matched = named;
  matched.take(rules::end_unmatched(named.order(), "A9", at()));
  EXPECT_EQ(matched.open_item(), nullptr);
  EXPECT_EQ(matched->waits_for, sr::waits_for::nothing);
  const rules::step made =
      rules::keep_unmatched(session_seen("cs_1").paid().seen, an_order::webhook, at());
  EXPECT_THAT(change_of(made, {}).new_ids, IsEmpty()) << "it may yet be an order's";
  EXPECT_EQ(change_of(made, {}).row.key, "session:cs_1");
}

TEST(OrderRules, ASessionAndItsPaymentIntentBecomeTheOrders) {
  const test_order before = issued();
  const auto paid = rules::observe(before.order(), own().paid().seen, an_order::webhook, at());
  EXPECT_THAT(change_of(*paid, before.order()).new_ids, ElementsAre("pi_cs_own"));
  EXPECT_THAT(change_of(*paid, {}).new_ids, ElementsAre("cs_own", "pi_cs_own"));
}

TEST(OrderRules, TheSameObservationTwiceChangesNothing) {
  const test_order it = issued().observe(own().paid());
  EXPECT_FALSE(rules::observe(it.order(), own().paid().seen, an_order::webhook, at()));
}

// What a customer sees.

TEST(CustomerView, SaysNoMoreThanIsSure) {
  const auto view = [](const test_order& it) { return view_of(it.order(), at(it.now)); };
  EXPECT_EQ(view(test_order()).next_step, sr::next_step::new_checkout);
  EXPECT_EQ(view(issued()).next_step, sr::next_step::resume);
  EXPECT_EQ(view(issued()).pay_again, sr::pay_again::yes);
  EXPECT_EQ(view(issued().observe(own().processing())).state, sr::order_state::processing);
  EXPECT_EQ(view(issued().observe(own().processing())).pay_again, sr::pay_again::no);
  EXPECT_EQ(view(issued().observe(own().paid())).state, sr::order_state::paid);
  EXPECT_EQ(view(issued().observe(own().paid().disputed())).state, sr::order_state::needs_review);
  EXPECT_EQ(view(issued().observe(own().expired())).next_step, sr::next_step::new_checkout);
  test_order canceled = issued().observe(own().expired());
  canceled.cancel();
  EXPECT_EQ(view(canceled).pay_again, sr::pay_again::no);
  EXPECT_EQ(view(canceled).stage, stage::canceled);
  // One failed, another one is paid.
  test_order both = issued();
  both.observe(own().words("complete", "unpaid").intent("canceled", 0));
  EXPECT_EQ(view(both).next_step, sr::next_step::new_checkout);
  both.observe(session_seen("cs_other").amount(450).paid());
  EXPECT_EQ(view(both).state, sr::order_state::needs_review);
  EXPECT_EQ(view(both).pay_again, sr::pay_again::no);
}

TEST(OrderRules, KeepsStockWhileMoneyIsOnItsWay) {
  for (const bool authorized : {false, true}) {
    session_seen pays = own();
    pays.processing();
    if (authorized) pays.intent("requires_capture", 0);
    test_order closed, canceled = issued();
    closed.close();
    pays.seen.session.id = "cs_elsewhere";
    pays.seen.session.metadata = an_order::named("A1");
    closed.observe(pays);
    pays.seen.session.id = "cs_own";
    canceled.observe(pays);
    EXPECT_EQ(canceled.cancel(), sr::cancel_result::canceled);
    for (test_order* each : {&closed, &canceled}) {
      EXPECT_EQ((*each)->waits_for, sr::waits_for::stripe);
      EXPECT_FALSE(each->claim());
      EXPECT_FALSE(may_release(each->order(), at()));
      pays.seen.session.id = (*each)->sessions.front().facts.id;
      pays.seen.time += 5;
      session_seen failed = pays;
      each->observe(failed.intent("requires_payment_method", 0));
      EXPECT_TRUE(may_release(each->order(), at()));
      EXPECT_TRUE(each->claim());
    }
  }
}

TEST(OrderRules, ReleasesStockOfMoneyThatIsToBeGivenBack) {
  test_order it = issued().observe(own().paid());
  it.cancel();
  EXPECT_EQ(it.to_give_back(), 400);
  EXPECT_TRUE(may_release(it.order(), at()));
  EXPECT_TRUE(it.claim());
}

TEST(OrderRules, ReleasesStockOnce) {
  test_order it;
  it.close();
  it.release();
  it.observe(session_seen("cs_1").paid());
  it.accept();
  EXPECT_EQ(it->stage, stage::due);
  EXPECT_TRUE(it.claim());
  it.finish(sr::task_result::give_up);
  it.reject();
  EXPECT_EQ(it->stage, stage::released);
  EXPECT_EQ(it.to_give_back(), 400);
  EXPECT_NE(it->canceled_at, 0);
  EXPECT_FALSE(it.claim());
}

TEST(OrderRules, AWrongClockOfOursMakesNothingNewer) {
  test_order it = issued();
  session_seen listed("cs_own", noon + 100);
  listed.seen.clock = sr::clock_source::local;
  it.observe(listed.paid());
  it.observe(own(20).expired()).observe(own(10).words("halted", "unpaid"));
  sr::order_record order = it.order();
  order.sessions.front().facts.checkout->status = sr::open_enum<sr::session_status>("open");
  EXPECT_FALSE(conclude(order, at()).front().unclear) << "Stripe said more after the unknown word";
  order.sessions.front().facts.not_found = sr::observed_at{noon + 30, sr::clock_source::stripe};
  EXPECT_TRUE(conclude(order, at()).front().missing);
}

} // namespace
