// Every cell of mode x status x payment_status x PaymentIntent status x amount against a table
// written by hand after https://docs.stripe.com/checkout/fulfillment. Each cell must be covered by
// exactly one row, and each row by a cell.
#include <stripe_return/core/decide.hpp>

#include "observed.hpp"
#include "printing.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sr = stripe_return;
using state = sr::order_state;
using next = sr::next_step;
using again = sr::pay_again;
using why = sr::reason;

constexpr const char* modes[] = {"payment", "setup", "subscription", "unheard_of", "null"};
// "overdue" is open, asked about when expires_at has come.
constexpr const char* statuses[] = {"open", "overdue", "complete", "expired", "unheard_of", "null"};
constexpr const char* payment_statuses[] = {"paid", "unpaid", "no_payment_required", "unheard_of",
                                            "null"};
constexpr const char* intents[] = {"absent",
                                   "canceled",
                                   "processing",
                                   "requires_action",
                                   "requires_capture",
                                   "requires_confirmation",
                                   "requires_payment_method",
                                   "succeeded",
                                   "unheard_of"};
constexpr const char* amounts[] = {"400", "0", "null"};

// What the patterns below are made of: words separated by spaces, "*" for any.
#define KNOWN_MODE "payment setup subscription"
#define KNOWN_STATUS "open overdue complete expired"
#define STRANGE "unheard_of null"
#define NOTHING_PAID "unpaid no_payment_required"
#define NOT_PAID "unpaid no_payment_required unheard_of null"
#define NOT_COMPLETE "open overdue expired unheard_of null"
#define MONEY "succeeded processing requires_capture"
#define NO_MONEY_KNOWN                                                                             \
  "absent canceled requires_action requires_confirmation requires_payment_method"
#define NO_MONEY NO_MONEY_KNOWN " unheard_of"

struct row {
  const char* mode;
  const char* status;
  const char* payment_status;
  const char* intent;
  const char* amount;
  sr::order_state state;
  bool final;
  bool may_fulfill;
  bool may_release;
  sr::pay_again pay_again;
  sr::next_step next_step;
  bool confirmed;
  std::vector<why> reasons; // without the unrecognized_ ones
};

// For an expected order of the session's mode whose amount is not checked.
// clang-format off
const row rows[] = {
    // a word is missing or new: ask again, and let nobody pay where money may have moved
    {STRANGE, "complete", "*", "*", "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {STRANGE, NOT_COMPLETE, "paid", "*", "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {STRANGE, NOT_COMPLETE, NOT_PAID, MONEY, "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {STRANGE, NOT_COMPLETE, NOT_PAID, NO_MONEY, "*", state::undetermined, false, false, false, again::unknown, next::ask_again, false, {}},
    {KNOWN_MODE, STRANGE, "paid", "*", "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {KNOWN_MODE, STRANGE, NOT_PAID, MONEY, "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {KNOWN_MODE, STRANGE, NOT_PAID, NO_MONEY, "*", state::undetermined, false, false, false, again::unknown, next::ask_again, false, {}},
    {KNOWN_MODE, "complete", STRANGE, "*", "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {KNOWN_MODE, "open overdue expired", STRANGE, MONEY, "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {}},
    {KNOWN_MODE, "open overdue expired", STRANGE, NO_MONEY, "*", state::undetermined, false, false, false, again::unknown, next::ask_again, false, {}},

    // complete
    {"payment subscription", "complete", "paid", "*", "*", state::paid, true, true, false, again::no, next::fulfill, true, {}},
    {"setup", "complete", "paid", "*", "*", state::needs_review, true, false, false, again::no, next::contact_shop, true, {why::setup_paid}},
    {"payment", "complete", "no_payment_required", "*", "0", state::no_payment_required, true, true, false, again::no, next::fulfill, true, {}},
    {"payment", "complete", "no_payment_required", "*", "400 null", state::needs_review, true, false, false, again::no, next::contact_shop, true, {why::amount_not_zero}},
    {"subscription setup", "complete", "no_payment_required", "*", "*", state::no_payment_required, true, true, false, again::no, next::fulfill, true, {}},
    {KNOWN_MODE, "complete", "unpaid", "absent processing requires_confirmation unheard_of", "*", state::processing, false, false, false, again::no, next::wait, true, {}},
    {KNOWN_MODE, "complete", "unpaid", "requires_action", "*", state::processing, false, false, false, again::no, next::wait, true, {why::customer_action_pending}},
    {KNOWN_MODE, "complete", "unpaid", "requires_capture", "*", state::processing, false, false, false, again::no, next::wait, true, {why::capture_required}},
    {KNOWN_MODE, "complete", "unpaid", "succeeded", "*", state::processing, false, false, false, again::no, next::ask_again, true, {why::ask_again}},
    {KNOWN_MODE, "complete", "unpaid", "requires_payment_method", "*", state::failed, true, false, true, again::yes, next::new_checkout, true, {why::async_payment_failed}},
    {KNOWN_MODE, "complete", "unpaid", "canceled", "*", state::failed, true, false, true, again::yes, next::new_checkout, true, {why::payment_intent_canceled}},

    // open
    {KNOWN_MODE, "open overdue", "paid", "*", "*", state::undetermined, false, false, false, again::no, next::ask_again, false, {why::ask_again}},
    {KNOWN_MODE, "open", NOTHING_PAID, NO_MONEY_KNOWN, "*", state::awaiting_payment, false, false, false, again::yes, next::resume, true, {}},
    {KNOWN_MODE, "open", NOTHING_PAID, "unheard_of", "*", state::awaiting_payment, false, false, false, again::unknown, next::resume, true, {}},
    {KNOWN_MODE, "open", NOTHING_PAID, MONEY, "*", state::awaiting_payment, false, false, false, again::no, next::ask_again, true, {why::money_may_have_moved}},
    {KNOWN_MODE, "overdue", NOTHING_PAID, NO_MONEY, "*", state::expired, false, false, false, again::unknown, next::ask_again, false, {why::expiry_not_confirmed}},
    {KNOWN_MODE, "overdue", NOTHING_PAID, MONEY, "*", state::expired, false, false, false, again::no, next::ask_again, false, {why::expiry_not_confirmed, why::money_may_have_moved}},

    // expired
    {KNOWN_MODE, "expired", "paid", "*", "*", state::needs_review, false, false, false, again::no, next::contact_shop, true, {why::expired_but_paid}},
    {KNOWN_MODE, "expired", NOTHING_PAID, NO_MONEY, "*", state::expired, true, false, true, again::yes, next::new_checkout, true, {}},
    {KNOWN_MODE, "expired", NOTHING_PAID, MONEY, "*", state::expired, true, false, false, again::no, next::contact_shop, true, {why::money_may_have_moved}},
};
// clang-format on
bool matches(std::string_view pattern, std::string_view word) {
  if (pattern == "*") return true;
  std::istringstream words{std::string(pattern)};
  return std::find(std::istream_iterator<std::string>(words), {}, word) !=
         std::istream_iterator<std::string>();
}

struct cell {
  std::string mode, status, payment_status, intent, amount;

  std::string name() const {
    return mode + ' ' + status + ' ' + payment_status + ' ' + intent + ' ' + amount;
  }

  sr::checkout_session session() const {
    const auto word = [](const std::string& raw) { return raw == "null" ? raw : quoted(raw); };
    session_json json;
    json.set("mode", word(mode))
        .set("status", word(status == "overdue" ? "open" : status))
        .set("payment_status", word(payment_status))
        .set("amount_total", amount);
    if (intent != "absent") json.payment_intent(intent);
    return json.decoded();
  }

  sr::unix_seconds now() const {
    return status == "overdue" ? session_json::expires_at : session_json::expires_at - 1;
  }

  std::vector<why> reasons_of(const row& expected) const {
    std::vector<why> reasons = expected.reasons;
    if (matches(STRANGE, mode)) reasons.push_back(why::unrecognized_mode);
    if (matches(STRANGE, status)) reasons.push_back(why::unrecognized_status);
    if (matches(STRANGE, payment_status)) reasons.push_back(why::unrecognized_payment_status);
    return reasons;
  }
};

template <class Visit> int for_each_cell(Visit visit) {
  int count = 0;
  for (const char* mode : modes)
    for (const char* status : statuses)
      for (const char* payment_status : payment_statuses)
        for (const char* intent : intents)
          for (const char* amount : amounts) {
            visit(cell{mode, status, payment_status, intent, amount});
            ++count;
          }
  return count;
}

const row* row_of(const cell& at) {
  const row* found = nullptr;
  for (const row& each : rows) {
    if (!matches(each.mode, at.mode) || !matches(each.status, at.status) ||
        !matches(each.payment_status, at.payment_status) || !matches(each.intent, at.intent) ||
        !matches(each.amount, at.amount)) {
      continue;
    }
    EXPECT_EQ(found, nullptr) << at.name() << ": two rows";
    found = &each;
  }
  return found;
}

sr::expected_order order_in(const sr::open_enum<sr::session_mode>& mode) {
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amount_rule = sr::amount_rule::unchecked;
  order.livemode = sr::livemode::test;
  order.mode = mode == sr::session_mode::unrecognized ? sr::session_mode::absent : mode.known();
  return order;
}

TEST(DecideTable, EveryCell) {
  std::vector<const row*> used;
  const int visited = for_each_cell([&](const cell& at) {
    SCOPED_TRACE(at.name());
    const row* const expected = row_of(at);
    ASSERT_NE(expected, nullptr) << "no row";
    used.push_back(expected);
    const sr::checkout_session session = at.session();
    const auto outcome = sr::decide(observed(session, at.now()), order_in(session.mode));
    EXPECT_EQ(outcome.state(), expected->state);
    EXPECT_EQ(outcome.final(), expected->final);
    EXPECT_EQ(outcome.out_trade_no(), "A1");
    EXPECT_EQ(outcome.may_fulfill("A1"), expected->may_fulfill);
    EXPECT_FALSE(outcome.may_fulfill("A2"));
    EXPECT_FALSE(outcome.may_fulfill(""));
    EXPECT_EQ(outcome.may_release(), expected->may_release);
    EXPECT_EQ(outcome.pay_again(), expected->pay_again);
    EXPECT_EQ(outcome.next_step(), expected->next_step);
    EXPECT_EQ(outcome.confirmed_by_stripe(), expected->confirmed);
    std::vector<why> reasons = at.reasons_of(*expected);
    if (at.mode != "setup") reasons.push_back(why::amount_not_checked);
    EXPECT_THAT(outcome.reasons(), testing::UnorderedElementsAreArray(reasons));
  });
  EXPECT_EQ(visited, 5 * 6 * 5 * 9 * 3);
  EXPECT_EQ(used.size(), static_cast<std::size_t>(visited));
  for (const row& each : rows)
    EXPECT_NE(std::find(used.begin(), used.end(), &each), used.end())
        << "no cell: " << each.mode << ' ' << each.status << ' ' << each.payment_status;
}

// Without an order only one answer changes: a setup that nobody asked for fulfills nothing.
TEST(DecideTable, EveryCellWithoutAnOrder) {
  const int visited = for_each_cell([&](const cell& at) {
    SCOPED_TRACE(at.name());
    const row* const expected = row_of(at);
    ASSERT_NE(expected, nullptr) << "no row";
    const bool bare_setup = at.mode == "setup" && expected->state == state::no_payment_required;
    const auto outcome = sr::decide_unchecked(observed(at.session(), at.now()));
    EXPECT_EQ(outcome.state(), expected->state);
    EXPECT_EQ(outcome.final(), expected->final);
    EXPECT_EQ(outcome.out_trade_no(), "A1");
    EXPECT_EQ(outcome.may_fulfill("A1"), expected->may_fulfill && !bare_setup);
    EXPECT_EQ(outcome.may_release(), expected->may_release);
    EXPECT_EQ(outcome.pay_again(), expected->pay_again);
    EXPECT_EQ(outcome.next_step(), bare_setup ? next::none : expected->next_step);
    EXPECT_EQ(outcome.confirmed_by_stripe(), expected->confirmed);
    std::vector<why> reasons = at.reasons_of(*expected);
    reasons.push_back(why::not_checked_against_order);
    if (bare_setup) reasons.push_back(why::setup_not_expected);
    EXPECT_THAT(outcome.reasons(), testing::UnorderedElementsAreArray(reasons));
  });
  EXPECT_EQ(visited, 5 * 6 * 5 * 9 * 3);
}

} // namespace
