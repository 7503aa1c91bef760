// What a person's verdict does: each kind of review item, in each stage in which there can be one.
#include "an_order.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;
using an_order::noon;
using an_order::own;
using an_order::session_seen;
using an_order::test_order;
using word = sr::resolve_result;
using stage = sr::order_stage;
using why = sr::reason;

// An order in that stage, by its own session.
test_order order_in(stage where) {
  test_order it;
  it.issue("cs_own");
  switch (where) {
  case stage::open: break;
  case stage::due: it.observe(session_seen("cs_own", noon + 1).paid()); break;
  case stage::fulfilled: it.observe(session_seen("cs_own", noon + 1).paid()).fulfill(); break;
  case stage::closed:
    it.observe(session_seen("cs_own", noon + 1).expired());
    it.close();
    break;
  case stage::released:
    it.observe(session_seen("cs_own", noon + 1).expired());
    it.close();
    it.release();
    break;
  case stage::canceled:
    it.observe(session_seen("cs_own", noon + 1).expired());
    it.cancel();
    break;
  case stage::unmatched: break;
  }
  return it;
}

struct item_kind {
  const char* name;
  std::function<void(test_order&)> bring;
};

session_seen other() {
  return session_seen("cs_other", noon + 5);
}
session_seen of_live_mode() {
  session_seen live = other();
  live.seen.session.livemode = sr::livemode::live;
  return live;
}
session_seen of_another_account() {
  session_seen foreign = own().paid();
  foreign.seen.session.account = "acct_2";
  foreign.seen.session.of_own_account = false;
  return foreign;
}
session_seen issued_too() {
  session_seen second("cs_second", noon + 5);
  return second.attempt(2);
}

const item_kind livemode{"livemode", [](test_order& it) { it.observe(of_live_mode().paid()); }};
const item_kind disagrees_in{"disagrees, money in",
                             [](test_order& it) { it.observe(other().amount(450).paid()); }};
const item_kind disagrees_open{"disagrees, can still be paid",
                               [](test_order& it) { it.observe(other().amount(450)); }};
const item_kind second_payment{"second payment", [](test_order& it) {
                                 sr::order_record order = it.order();
                                 order.attempts.push_back({2, noon, noon, "", false, 0});
                                 it = test_order(std::move(order));
                                 it.observe(issued_too().paid());
                               }};
const item_kind captured_in_part{
    "captured in part", [](test_order& it) { it.observe(own().paid().intent("succeeded", 300)); }};
const item_kind refunded_in_part{"refunded in part",
                                 [](test_order& it) { it.observe(own().paid().refunded(100)); }};
const item_kind refunded{"refunded",
                         [](test_order& it) { it.observe(own().paid().refunded(400)); }};
const item_kind disputed{"disputed", [](test_order& it) { it.observe(own().paid().disputed()); }};
const item_kind gave_up{"gave up", [](test_order& it) {
                          it.claim();
                          it.finish(sr::task_result::give_up);
                        }};
const item_kind account{"account", [](test_order& it) { it.observe(of_another_account()); }};
const item_kind not_found{"not found", [](test_order& it) {
                            it.take(rules::observe_not_found(it.order(), "cs_own",
                                                             {noon + 9, sr::clock_source::stripe},
                                                             an_order::webhook, an_order::at()));
                          }};

struct after {
  word answer;
  sr::order_stage where;
  std::int64_t to_give_back;
};
bool operator==(const after& a, const after& b) {
  return a.answer == b.answer && a.where == b.where && a.to_give_back == b.to_give_back;
}
std::ostream& operator<<(std::ostream& to, const after& what) {
  return to << static_cast<int>(what.answer) << ", " << to_string(what.where) << ", "
            << what.to_give_back << " to give back";
}

struct row {
  const item_kind* item;
  stage where;
  std::vector<sr::reason> reasons;
  after accepted;
  after rejected;
};

const row table[] = {
    // clang-format off
  {&livemode, stage::open, {why::livemode_mismatch, why::session_not_issued},
   {word::refused, stage::open, 0}, {word::done, stage::open, 0}},
  {&livemode, stage::due, {why::duplicate_payment, why::livemode_mismatch, why::session_not_issued},
   {word::refused, stage::due, 0}, {word::done, stage::due, 0}},
  {&livemode, stage::fulfilled,
   {why::duplicate_payment, why::livemode_mismatch, why::session_not_issued},
   {word::refused, stage::fulfilled, 0}, {word::done, stage::fulfilled, 0}},
  {&livemode, stage::closed,
   {why::livemode_mismatch, why::paid_after_close, why::session_not_issued},
   {word::refused, stage::closed, 0}, {word::done, stage::closed, 0}},
  {&livemode, stage::released,
   {why::livemode_mismatch, why::paid_after_close, why::session_not_issued},
   {word::refused, stage::released, 0}, {word::done, stage::released, 0}},
  {&livemode, stage::canceled,
   {why::livemode_mismatch, why::paid_after_close, why::session_not_issued},
   {word::refused, stage::canceled, 0}, {word::done, stage::canceled, 0}},

  {&disagrees_in, stage::open, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::open, 450}},
  {&disagrees_in, stage::due,
   {why::amount_mismatch, why::duplicate_payment, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::due, 450}},
  {&disagrees_in, stage::fulfilled,
   {why::amount_mismatch, why::duplicate_payment, why::session_not_issued},
   {word::done, stage::fulfilled, 0}, {word::done, stage::fulfilled, 450}},
  {&disagrees_in, stage::closed,
   {why::amount_mismatch, why::paid_after_close, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::closed, 450}},
  {&disagrees_in, stage::released,
   {why::amount_mismatch, why::paid_after_close, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::released, 450}},
  {&disagrees_in, stage::canceled,
   {why::amount_mismatch, why::paid_after_close, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 450}},

  {&disagrees_open, stage::open, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::open, 0}, {word::done, stage::open, 0}},
  {&disagrees_open, stage::due, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::due, 0}, {word::done, stage::due, 0}},
  {&disagrees_open, stage::fulfilled, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::fulfilled, 0}, {word::done, stage::fulfilled, 0}},
  {&disagrees_open, stage::closed, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::closed, 0}, {word::done, stage::closed, 0}},
  {&disagrees_open, stage::released, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::released, 0}, {word::done, stage::released, 0}},
  {&disagrees_open, stage::canceled, {why::amount_mismatch, why::session_not_issued},
   {word::done, stage::canceled, 0}, {word::done, stage::canceled, 0}},

  {&second_payment, stage::due, {why::duplicate_payment},
   {word::done, stage::due, 0}, {word::done, stage::due, 400}},
  {&second_payment, stage::fulfilled, {why::duplicate_payment},
   {word::done, stage::fulfilled, 0}, {word::done, stage::fulfilled, 400}},
  {&second_payment, stage::closed, {why::paid_after_close},
   {word::done, stage::due, 0}, {word::done, stage::closed, 400}},
  {&second_payment, stage::released, {why::paid_after_close},
   {word::done, stage::due, 0}, {word::done, stage::released, 400}},
  {&second_payment, stage::canceled, {why::paid_after_close},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 400}},

  {&captured_in_part, stage::open, {why::partially_captured},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 300}},
  {&captured_in_part, stage::due, {why::partially_captured},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 300}},
  {&captured_in_part, stage::fulfilled, {why::partially_captured},
   {word::done, stage::fulfilled, 0}, {word::done, stage::fulfilled, 300}},

  {&refunded_in_part, stage::open, {why::payment_refunded},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 300}},
  {&refunded_in_part, stage::due, {why::payment_refunded},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 300}},
  {&refunded, stage::open, {why::payment_refunded},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 0}},
  {&refunded, stage::due, {why::payment_refunded},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 0}},

  {&disputed, stage::open, {why::payment_disputed},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 400}},
  {&disputed, stage::due, {why::payment_disputed},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 400}},
  {&disputed, stage::fulfilled, {why::payment_disputed},
   {word::done, stage::fulfilled, 0}, {word::done, stage::fulfilled, 400}},

  {&gave_up, stage::due, {why::fulfill_gave_up},
   {word::done, stage::due, 0}, {word::done, stage::canceled, 400}},
  {&gave_up, stage::closed, {why::release_gave_up},
   {word::done, stage::closed, 0}, {word::done, stage::released, 0}},
  {&gave_up, stage::canceled, {why::release_gave_up},
   {word::done, stage::canceled, 0}, {word::done, stage::released, 0}},

  {&account, stage::open, {why::account_mismatch},
   {word::refused, stage::open, 0}, {word::done, stage::open, 400}},
  {&account, stage::closed,
   {why::account_mismatch, why::expired_but_paid, why::paid_after_close},
   {word::refused, stage::closed, 0}, {word::done, stage::closed, 400}},

  {&not_found, stage::open, {why::session_not_found},
   {word::done, stage::open, 0}, {word::refused, stage::open, 0}},
    // clang-format on
};

class ReviewTable : public testing::TestWithParam<row> {};
INSTANTIATE_TEST_SUITE_P(, ReviewTable, testing::ValuesIn(table), [](const auto& each) {
  std::string name =
      std::string(each.param.item->name) + "_" + std::string(to_string(each.param.where));
  for (char& c : name)
    if (c == ' ' || c == ',') c = '_';
  return name;
});

TEST_P(ReviewTable, Holds) {
  test_order begun = order_in(GetParam().where);
  ASSERT_EQ(begun->stage, GetParam().where);
  GetParam().item->bring(begun);
  ASSERT_NE(begun.open_item(), nullptr);
  EXPECT_EQ(begun.open_reasons(), GetParam().reasons);

  test_order accepted = begun;
  const after when_accepted{accepted.accept(), accepted->stage, accepted.to_give_back()};
  EXPECT_EQ(when_accepted, GetParam().accepted);
  test_order rejected = begun;
  const after when_rejected{rejected.reject(), rejected->stage, rejected.to_give_back()};
  EXPECT_EQ(when_rejected, GetParam().rejected);
  EXPECT_EQ(accepted.open_reasons().empty(), when_accepted.answer == word::done);
  EXPECT_EQ(rejected.open_reasons().empty(), when_rejected.answer == word::done);
  // A worker can go on wherever a task is left and nobody has to decide any more. Stock is kept
  // while the session that was accepted can be paid.
  if (when_accepted.answer != word::done) return;
  const std::optional<sr::task_kind> left = rules::task_of(accepted.order());
  const bool kept = left == sr::task_kind::release && GetParam().item->name == disagrees_open.name;
  EXPECT_EQ(accepted.claim(), left.has_value() && !kept);
}

} // namespace
