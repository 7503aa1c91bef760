#include <stripe_return/core/decide.hpp>

#include "data/data_file.hpp"
#include "unit/any_observation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <rapidcheck/gtest.h> // after GoogleTest, which it does not include

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace gen = rc::gen;
using state = sr::order_state;

// RapidCheck has no other way to be told. A hundred cases, its default, would be too few here; who
// sets the variable is not overruled.
const int configured = setenv("RC_PARAMS", "max_success=2000 max_discard_ratio=100", 0);

struct decided {
  sr::observation observed;
  std::optional<sr::expected_order> order;
  sr::order_naming naming;
  sr::order_outcome outcome;

  const sr::checkout_session& session() const { return observed.session; }
};

decided any_decision() {
  const sr::observation seen = any::any_observation();
  const sr::order_naming naming = any::any_naming();
  if (*gen::arbitrary<bool>()) {
    const sr::expected_order order = any::any_order_for(seen.session);
    return {seen, order, naming, sr::decide(seen, order, naming)};
  }
  return {seen, std::nullopt, naming, sr::decide_unchecked(seen, naming)};
}

bool fulfills_anything(const sr::order_outcome& outcome) {
  return outcome.may_fulfill(outcome.out_trade_no()) || outcome.may_fulfill("A1") ||
         outcome.may_fulfill("A2") || outcome.may_fulfill("");
}

template <class Enum> bool known(const sr::open_enum<Enum>& word) {
  return word != Enum::absent && word != Enum::unrecognized;
}

RC_GTEST_PROP(DecideProperty, NoUnknownWordMovesAnOrder, ()) {
  const decided it = any_decision();
  RC_PRE(!known(it.session().status) || !known(it.session().payment_status) ||
         !known(it.session().mode));
  RC_ASSERT(!fulfills_anything(it.outcome));
  RC_ASSERT(!it.outcome.may_release());
  RC_ASSERT(!it.outcome.final());
  RC_ASSERT(it.outcome.pay_again() != sr::pay_again::yes);
  RC_ASSERT(it.outcome.state() == state::undetermined ||
            it.outcome.state() == state::needs_review || it.outcome.state() == state::foreign);
}

RC_GTEST_PROP(DecideProperty, OnlyThePaidOrderThatTheSessionNamesIsFulfilled, ()) {
  const decided it = any_decision();
  const auto asked =
      *gen::oneOf(gen::element<std::string>("A1", "A2", ""), gen::arbitrary<std::string>());
  if (!it.outcome.may_fulfill(asked)) return;
  RC_ASSERT(!asked.empty());
  RC_ASSERT(asked == it.outcome.out_trade_no());
  RC_ASSERT(!it.session().id.empty());
  RC_ASSERT(!it.observed.livemode || it.observed.livemode == it.session().livemode);
  RC_ASSERT(it.session().status == sr::session_status::complete);
  RC_ASSERT(it.session().payment_status == sr::session_payment_status::paid ||
            it.session().payment_status == sr::session_payment_status::no_payment_required);
  RC_ASSERT(it.outcome.state() == state::paid || it.outcome.state() == state::no_payment_required);
  RC_ASSERT(it.outcome.final());
  RC_ASSERT(it.outcome.confirmed_by_stripe());
  RC_ASSERT(it.outcome.next_step() == sr::next_step::fulfill);
  RC_ASSERT(!it.outcome.may_release());

  std::vector<std::string> named = {std::string(it.session().metadata.get("out_trade_no"))};
  if (it.session().payment_intent)
    named.emplace_back(it.session().payment_intent->metadata.get("out_trade_no"));
  if (it.naming.client_reference_id) named.push_back(it.session().client_reference_id);
  RC_ASSERT(std::count(named.begin(), named.end(), asked) > 0);
  for (const std::string& name : named)
    RC_ASSERT(name.empty() || name == asked);

  if (!it.order) return;
  RC_ASSERT(it.order->out_trade_no == asked);
  RC_ASSERT(it.order->account == it.session().account ||
            (it.order->account.empty() && it.session().of_own_account));
  RC_ASSERT(!it.order->livemode || it.order->livemode == it.session().livemode);
  RC_ASSERT(it.order->mode == sr::session_mode::absent || it.session().mode == it.order->mode);
}

RC_GTEST_PROP(DecideProperty, OtherStatesFulfilNothing, ()) {
  const sr::order_outcome outcome = any_decision().outcome;
  RC_PRE(outcome.state() != state::paid && outcome.state() != state::no_payment_required);
  RC_ASSERT(!fulfills_anything(outcome));
  RC_ASSERT(outcome.next_step() != sr::next_step::fulfill);
}

RC_GTEST_PROP(DecideProperty, StockIsReleasedOnlyWhereStripeSaysThatNobodyPays, ()) {
  const decided it = any_decision();
  if (!it.outcome.may_release()) return;
  RC_ASSERT(it.outcome.state() == state::expired || it.outcome.state() == state::failed);
  RC_ASSERT(it.session().status != sr::session_status::open);
  RC_ASSERT(it.session().payment_status != sr::session_payment_status::paid);
  RC_ASSERT(it.outcome.final());
  RC_ASSERT(it.outcome.confirmed_by_stripe());
}

RC_GTEST_PROP(DecideProperty, NobodyPaysAgainWhereMoneyMayHaveMoved, ()) {
  const decided it = any_decision();
  const auto& intent = it.session().payment_intent;
  const bool moved = it.session().payment_status == sr::session_payment_status::paid ||
                     (intent && (intent->status == sr::payment_intent_status::succeeded ||
                                 intent->status == sr::payment_intent_status::processing ||
                                 intent->status == sr::payment_intent_status::requires_capture));
  RC_PRE(moved);
  RC_ASSERT(it.outcome.pay_again() != sr::pay_again::yes);
  RC_ASSERT(it.outcome.next_step() != sr::next_step::new_checkout);
  RC_ASSERT(it.outcome.next_step() != sr::next_step::recover);
  RC_ASSERT(it.outcome.next_step() != sr::next_step::resume);
}

RC_GTEST_PROP(DecideProperty, ReasonsAreSortedAndUnique, ()) {
  const decided it = any_decision();
  const std::vector<sr::reason> reasons = it.outcome.reasons();
  for (std::size_t i = 1; i < reasons.size(); ++i)
    RC_ASSERT(to_string(reasons[i - 1]) < to_string(reasons[i]));
  RC_ASSERT(it.outcome.has(sr::reason::not_checked_against_order) == !it.order.has_value());
}

// Words that the reader knows, in places where they do and do not belong.
rc::Gen<std::string> json_text(int depth) {
  const auto scalar = gen::element<std::string>(
      "null", "true", "0", "-1", "400", "1.5", "1e999", "9223372036854775808", R"("")", R"("paid")",
      R"("complete")", R"("checkout.session")", R"("A1")", R"("\ud800")", "\"\xFF\"");
  if (depth == 0) return scalar;
  const auto key = gen::element<std::string>(
      "id", "object", "status", "payment_status", "mode", "livemode", "created", "expires_at",
      "amount_total", "currency", "currency_conversion", "metadata", "payment_intent",
      "setup_intent", "after_expiration", "recovery", "line_items", "data", "price", "product",
      "url", "x");
  const auto joined = [](char open, char close) {
    return [open, close](const std::vector<std::string>& parts) {
      std::string text(1, open);
      for (const std::string& part : parts)
        text += (text.size() > 1 ? "," : "") + part;
      return text + close;
    };
  };
  const auto pair = gen::apply(
      [](const std::string& name, const std::string& value) { return '"' + name + "\":" + value; },
      key, json_text(depth - 1));
  const auto some = [](const rc::Gen<std::string>& part) {
    return gen::scale(0.1, gen::container<std::vector<std::string>>(part));
  };
  return gen::weightedOneOf<std::string>(
      {{3, scalar},
       {5, gen::map(some(pair), joined('{', '}'))},
       {1, gen::map(some(json_text(depth - 1)), joined('[', ']'))}});
}

void expect_a_value_or_a_documented_error(const std::string& json) {
  const auto session = sr::parse_checkout_session(json);
  const auto items = sr::parse_line_items(json);
  if (session) {
    sr::observation seen;
    seen.session = *session;
    sr::decide_unchecked(seen);
  }
  for (const std::optional<sr::error_code> code :
       {session ? std::nullopt : std::optional(session.error().code),
        items ? std::nullopt : std::optional(items.error().code)}) {
    RC_ASSERT(!code || *code == sr::error_code::not_json || *code == sr::error_code::wrong_object ||
              *code == sr::error_code::unexpected_type ||
              *code == sr::error_code::number_out_of_range ||
              *code == sr::error_code::repeated_key);
  }
}

RC_GTEST_PROP(DecodeProperty, RandomJsonNeverThrows, ()) {
  expect_a_value_or_a_documented_error(*json_text(4));
}

RC_GTEST_PROP(DecodeProperty, RandomBytesNeverThrow, ()) {
  expect_a_value_or_a_documented_error(*gen::arbitrary<std::string>());
}

RC_GTEST_PROP(DecodeProperty, ADamagedRecordingNeverThrows, ()) {
  static const std::string recording = data_file("paid.json");
  std::string damaged = recording;
  const int wounds = *gen::inRange(1, 4);
  for (int i = 0; i != wounds; ++i) {
    const auto at = *gen::inRange<std::size_t>(0, damaged.size());
    if (*gen::arbitrary<bool>()) {
      damaged[at] = *gen::arbitrary<char>();
    } else {
      damaged.erase(at, *gen::inRange<std::size_t>(1, 40));
    }
  }
  expect_a_value_or_a_documented_error(damaged);
}

} // namespace
