// Lives of orders, with whatever Stripe may say and whatever persons and workers may do.
#include "laws.hpp"

#include "unit/any_observation.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h> // after GoogleTest, which it does not include

#include <algorithm>
#include <string>
#include <utility>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;
namespace gen = rc::gen;
using an_order::test_order;
using stage = sr::order_stage;

// Often as an order's session is, and at times as nobody has ever seen one.
sr::observation any_said() {
  const std::string id = *gen::element<std::string>("cs_1", "cs_2", "cs_beside");
  const sr::unix_seconds time = an_order::noon + *gen::inRange(0, 4);
  if (*gen::inRange(0, 4) == 0) {
    sr::checkout_session session = any::any_session();
    session.id = id;
    sr::observation seen = any::any_observation_of(std::move(session));
    seen.time = time;
    return seen;
  }
  an_order::session_seen what(id, time);
  if (id == "cs_beside") what.amount(450);
  if (id == "cs_2") what.attempt(2);
  switch (*gen::inRange(0, 7)) {
  case 0: break;
  case 1: what.processing(); break;
  case 2: what.paid(); break;
  case 3: what.paid().refunded(*gen::element(100, 400, 450)); break;
  case 4: what.paid().disputed(); break;
  case 5: what.expired(); break;
  case 6: what.expired().recoverable(an_order::noon + an_order::hour); break;
  }
  return what.seen;
}

std::string any_open_item(const test_order& it) {
  std::vector<std::string> open;
  for (const sr::review_item& each : it->review_items)
    if (each.state == sr::review_state::open) open.push_back(each.id);
  return open.empty() ? std::string() : *gen::elementOf(open);
}

void live(test_order& it) {
  switch (*gen::inRange(0, 16)) {
  case 0:
    if (rules::plan_checkout(it.order(), an_order::at(it.now)).choice ==
            rules::checkout_choice::begin &&
        it->attempts.size() < 2)
      it.issue("cs_" + std::to_string(it->attempts.size() + 1));
    break;
  case 1: it.claim(2); break;
  case 2: it.finish(sr::task_result::done, 2); break;
  case 3: it.finish(sr::task_result::retry_later, 2); break;
  case 4: it.finish(sr::task_result::give_up, 2); break;
  case 5: it.now += *gen::element(60, 400, 7200); break;
  case 6: it.close(); break;
  case 7: it.cancel(); break;
  case 8: it.mark(*gen::element(sr::fulfilled_by::elsewhere, sr::fulfilled_by::unknown)); break;
  case 9:
  case 10: {
    const sr::order_record before = it.order();
    const std::string item = any_open_item(it);
    it.resolve(item, *gen::element(sr::review_verdict::accept, sr::review_verdict::reject));
    RC_ASSERT(an_order::fault_of_verdict(before, it.order(), item) == "");
    break;
  }
  case 11:
    it.take(rules::mark_refunded(it.order(), *gen::element<std::string>("cs_1", "cs_2"), "Ann",
                                 an_order::at(it.now)));
    break;
  case 12: it.take(rules::polled(it.order(), an_order::at(it.now))); break;
  default: it.take(rules::observe(it.order(), any_said(), an_order::webhook, an_order::at(it.now)));
  }
}

RC_GTEST_PROP(AnyLife, IsLawful, ()) {
  test_order it;
  int fulfilled = 0;
  for (int steps = *gen::inRange(1, 30); steps > 0; --steps) {
    const stage before = it->stage;
    const std::uint64_t version_before = it->version;
    live(it);
    fulfilled += it->stage == stage::fulfilled && before != stage::fulfilled ? 1 : 0;
    const std::string fault =
        an_order::fault_of(it.order(), an_order::at(it.now), it->version != version_before);
    if (!fault.empty()) RC_LOG() << to_text(it.order());
    RC_ASSERT(fault == "");
    RC_ASSERT(fulfilled <= 1);
    RC_ASSERT(before != stage::fulfilled || it->stage == stage::fulfilled);
  }
}

// What is observed is the same in any order, so what a person did before mutes nothing of it.
RC_GTEST_PROP(AnyLife, NoOrderOfObservationsChangesTheFacts, ()) {
  const auto all = *gen::container<std::vector<int>>(gen::inRange(0, 1000));
  std::vector<sr::observation> said;
  for (std::size_t i = 0; i != all.size() && i != 6; ++i)
    said.push_back(any_said());
  test_order one, other;
  for (const sr::observation& each : said)
    one.take(rules::observe(one.order(), each, an_order::webhook, an_order::at()));
  std::reverse(said.begin(), said.end());
  for (const sr::observation& each : said)
    other.take(rules::observe(other.order(), each, an_order::webhook, an_order::at()));
  for (const sr::order_session& each : one->sessions) {
    const sr::order_session* there = rules::find_session(other.order(), each.facts.id);
    RC_ASSERT(there != nullptr && there->facts == each.facts);
  }
}

} // namespace
