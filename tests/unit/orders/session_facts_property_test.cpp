// Which facts are kept depends on what was observed, not on the order in which it came.
#include <stripe_return/orders/session_facts.hpp>

#include "sanitized.hpp"
#include "unit/any_observation.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h> // after GoogleTest, which it does not include

#include <cstdlib>

namespace {

namespace sr = stripe_return;
namespace gen = rc::gen;

const int configured = setenv("RC_PARAMS",
                              sanitized ? "max_success=300 max_discard_ratio=100"
                                        : "max_success=1500 max_discard_ratio=100",
                              0);

// Of one session, and often at the same time as another one.
sr::session_facts any_facts(const sr::order_naming& naming) {
  const auto one = [&] {
    if (*gen::inRange(0, 8) == 0) {
      return sr::not_found_facts(
          "cs_1", {*gen::element<sr::unix_seconds>(999, 1000),
                   *gen::element(sr::clock_source::local, sr::clock_source::stripe)});
    }
    sr::checkout_session session = any::any_session();
    session.id = "cs_1";
    if (session.payment_intent) session.payment_intent->id = *gen::element("pi_1", "pi_1", "pi_2");
    sr::observation seen = any::any_observation_of(std::move(session));
    if (*gen::arbitrary<bool>()) seen.time = 1000;
    return sr::facts_of(seen, naming);
  };
  sr::session_facts facts = one();
  for (int more = *gen::inRange(0, 3); more > 0; --more)
    facts = join(facts, one());
  return facts;
}

RC_GTEST_PROP(SessionFactsProperty, JoinIsCommutative, ()) {
  const sr::order_naming naming = any::any_naming();
  const sr::session_facts a = any_facts(naming), b = any_facts(naming);
  RC_ASSERT(join(a, b) == join(b, a));
}

RC_GTEST_PROP(SessionFactsProperty, JoinIsAssociative, ()) {
  const sr::order_naming naming = any::any_naming();
  const sr::session_facts a = any_facts(naming), b = any_facts(naming), c = any_facts(naming);
  RC_ASSERT(join(join(a, b), c) == join(a, join(b, c)));
}

RC_GTEST_PROP(SessionFactsProperty, JoinIsIdempotent, ()) {
  const sr::order_naming naming = any::any_naming();
  const sr::session_facts a = any_facts(naming), b = any_facts(naming);
  RC_ASSERT(join(a, a) == a);
  RC_ASSERT(join(join(a, b), b) == join(a, b));
}

bool same(const sr::order_outcome& a, const sr::order_outcome& b) {
  return a.state() == b.state() && a.final() == b.final() && a.out_trade_no() == b.out_trade_no() &&
         a.may_fulfill("A1") == b.may_fulfill("A1") && a.may_fulfill("A2") == b.may_fulfill("A2") &&
         a.may_release() == b.may_release() && a.pay_again() == b.pay_again() &&
         a.next_step() == b.next_step() && a.confirmed_by_stripe() == b.confirmed_by_stripe() &&
         a.reasons() == b.reasons();
}

RC_GTEST_PROP(SessionFactsProperty, TheFactsOfOneObservationDecideAsItDoes, ()) {
  const sr::observation seen = any::any_observation();
  const sr::order_naming naming = any::any_naming();
  const sr::expected_order order = any::any_order_for(seen.session);
  const sr::observation again = observation_of(facts_of(seen, naming), naming);
  RC_ASSERT(same(decide(again, order, naming), decide(seen, order, naming)));
  RC_ASSERT(same(decide_unchecked(again, naming), decide_unchecked(seen, naming)));
}

sr::session_facts facts_with(const char* status, const char* payment_status,
                             const sr::order_naming& naming) {
  sr::checkout_session session = any::any_session();
  session.id = "cs_1";
  session.status = sr::open_enum<sr::session_status>(status);
  session.payment_status = sr::open_enum<sr::session_payment_status>(payment_status);
  session.mode = sr::open_enum<sr::session_mode>("payment");
  return facts_of(any::any_observation_of(std::move(session)), naming);
}

RC_GTEST_PROP(SessionFactsProperty, NothingTakesAPaymentBack, ()) {
  const sr::order_naming naming = any::any_naming();
  const sr::session_facts paid = facts_with("complete", "paid", naming);
  const sr::session_facts both = join(paid, any_facts(naming));
  const sr::observation seen = observation_of(both, naming);
  RC_ASSERT(seen.session.status == sr::session_status::complete);
  RC_ASSERT(seen.session.payment_status == sr::session_payment_status::paid ||
            seen.session.payment_status == sr::session_payment_status::no_payment_required);
}

RC_GTEST_PROP(SessionFactsProperty, AnUnknownWordMovesNothing, ()) {
  const sr::order_naming naming = any::any_naming();
  const sr::session_facts facts = any_facts(naming);
  const bool of_status = *gen::arbitrary<bool>();
  const sr::session_facts unknown =
      facts_with(of_status ? "halted" : "complete", of_status ? "paid" : "settled", naming);
  const sr::observation before = observation_of(facts, naming);
  const sr::observation after = observation_of(join(facts, unknown), naming);
  if (after.session.status == before.session.status &&
      after.session.payment_status == before.session.payment_status)
    return;
  const sr::order_outcome outcome = decide_unchecked(after, naming);
  RC_ASSERT(!outcome.final() && !outcome.may_release());
  RC_ASSERT(!outcome.may_fulfill("A1") && outcome.pay_again() != sr::pay_again::yes);
}

} // namespace
