// The bytes are the text of an order in a store or, after a first byte 1, the choices from which
// observations of a session are made. Whatever can be read comes back as it was, and every rule is
// total on it; facts are the same in whatever order they are observed, and decide as what they are
// of.

#include "check.hpp"
#include "session_maker.hpp"

#include "orders/attempts.hpp"
#include "orders/decisions.hpp"
#include "orders/observing.hpp"
#include "orders/order_text.hpp"
#include "orders/settle.hpp"
#include "orders/tasks.hpp"

#include <string>
#include <string_view>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;
using fuzz::check;

void check_every_rule(const sr::order_record& order) {
  rules::circumstances at;
  at.now = 1774267200;
  sr::order_record settled = order;
  rules::settle(settled, at);
  const std::string once = to_text(settled);
  rules::settle(settled, at);
  check(to_text(settled) == once, "settling twice does no more than once");
  static_cast<void>(rules::view_of(order, at));
  static_cast<void>(rules::may_release(order, at));
  static_cast<void>(rules::plan_checkout(order, at));
  static_cast<void>(rules::claim(order, {}, at));
  static_cast<void>(
      rules::finish(order, order.fencing_token, sr::task_result::retry_later, {}, "", at));
  static_cast<void>(rules::close(order, "", at));
  static_cast<void>(rules::cancel(order, "", at));
  static_cast<void>(rules::mark_fulfilled(order, sr::fulfilled_by::unknown, "", "", at));
  static_cast<void>(rules::polled(order, at));
  for (const sr::review_item& each : order.review_items)
    for (const auto verdict : {sr::review_verdict::accept, sr::review_verdict::reject})
      static_cast<void>(rules::resolve(order, {each.id, verdict, "", "", ""}, at));
  for (const sr::order_session& each : order.sessions)
    static_cast<void>(rules::may_give_up(order, each.facts.id, at));
}

void check_text(const std::string& key, std::string_view text) {
  sr::order_row row;
  row.key = key;
  row.text = text;
  const sr::result<sr::order_record> read = parse_order_row(row);
  if (!read) return check(read.error().code == sr::error_code::store_corrupt, "it is refused");
  const bool is_order = key == sr::order_key("A1");
  check((!is_order || read->out_trade_no == "A1") && read->version == 1,
        "the row has number and version");
  check(!read->expectations.empty() || (!is_order && read->stage == sr::order_stage::unmatched),
        "an order has terms");
  sr::order_row again = row_of(*read);
  again.key = key;
  const auto read_again = parse_order_row(again);
  check(read_again && to_text(*read_again) == again.text, "it comes back as it was");
  check_every_rule(*read);
}

sr::observation any_observation(fuzz::byte_source& choices) {
  sr::observation seen;
  seen.session = fuzz::session(choices);
  seen.session.id = "cs_test_a";
  seen.time = fuzz::number(choices);
  seen.clock = choices.flag() ? sr::clock_source::stripe : sr::clock_source::local;
  seen.async_payment_failed = choices.flag();
  seen.payment_intent_permitted = choices.flag();
  return seen;
}

bool same(const sr::order_outcome& a, const sr::order_outcome& b) {
  return a.state() == b.state() && a.final() == b.final() && a.out_trade_no() == b.out_trade_no() &&
         a.may_fulfill(a.out_trade_no()) == b.may_fulfill(a.out_trade_no()) &&
         a.may_release() == b.may_release() && a.pay_again() == b.pay_again() &&
         a.next_step() == b.next_step() && a.reasons() == b.reasons();
}

void check_facts(fuzz::byte_source choices) {
  const sr::observation first = any_observation(choices), second = any_observation(choices),
                        third = any_observation(choices);
  const sr::session_facts a = facts_of(first), b = facts_of(second), c = facts_of(third);
  check(same(decide_unchecked(observation_of(a)), decide_unchecked(first)),
        "the facts decide as the observation does");
  check(join(a, b) == join(b, a), "the join is commutative");
  check(join(join(a, b), c) == join(a, join(b, c)), "the join is associative");
  check(join(join(a, b), b) == join(a, b), "the join is idempotent");
  const sr::expected_order expected = fuzz::order(choices, first.session);
  rules::circumstances at;
  at.now = first.time;
  sr::order_record order = rules::expect(expected, std::nullopt, "", at).order;
  for (const sr::observation* each : {&first, &second, &third})
    if (auto changed = rules::observe(order, *each, {}, at)) order = std::move(changed->order);
  check_every_rule(order);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0 && data[0] == 1)
    check_facts(fuzz::byte_source(data + 1, size - 1));
  else
    for (const std::string& key : {sr::order_key("A1"), sr::unmatched_key("cs_test_a")})
      check_text(key, {reinterpret_cast<const char*>(data), size});
  return 0;
}
