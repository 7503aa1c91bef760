#include "orders/settle.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

// Which session speaks for an order: the one that comes closest to a payment.
int closeness(const session_conclusion& found) {
  if (found.money == session_money::in) return 6;
  if (has_money(found.money)) return 5;
  if (found.unclear || found.money == session_money::unknown) return 4;
  if (found.money != session_money::can_still_come) return 0;
  return found.disagreements.empty() || found.waived ? 1 : 3;
}

std::chrono::seconds poll_after(order_state state, bool final) {
  switch (state) {
  case order_state::undetermined: return std::chrono::seconds(2);
  case order_state::awaiting_payment:
  case order_state::expired: return std::chrono::seconds(final ? 0 : 5);
  case order_state::processing:
  case order_state::needs_review: return std::chrono::seconds(30);
  case order_state::paid:
  case order_state::no_payment_required:
  case order_state::failed:
  case order_state::foreign: break;
  }
  return std::chrono::seconds(0);
}

next_step for_customer(next_step step) {
  return step == next_step::fulfill ? next_step::none : step;
}

} // namespace

pay_again pay_again_of(const order_record& order, const circumstances& at) {
  if (order.stage != order_stage::open) return pay_again::no;
  if (std::any_of(order.to_give_back.begin(), order.to_give_back.end(), is_to_be_given_back))
    return pay_again::no;
  if (order.pay_until && at.now >= *order.pay_until) return pay_again::no;
  pay_again answer = order.expectations.empty() ? pay_again::unknown : pay_again::yes;
  for (const session_conclusion& each : conclude(order, at)) {
    if (is_play_money(each)) continue;
    if (has_money(each.money)) return pay_again::no;
    const bool disagrees = !each.disagreements.empty() && !each.waived;
    if (each.unclear || each.money == session_money::unknown ||
        (each.money == session_money::can_still_come &&
         (disagrees || each.outcome.state() == order_state::undetermined)))
      answer = pay_again::unknown;
    if (each.money == session_money::can_still_come && !disagrees && !each.waived &&
        each.outcome.pay_again() != pay_again::yes)
      answer = pay_again::unknown;
  }
  const checkout_attempt* lost = open_attempt(order);
  if (lost != nullptr && at.now < lost_since(*lost)) answer = pay_again::unknown;
  return answer;
}

bool may_release(const order_record& order, const circumstances& at) {
  const std::vector<session_conclusion> found = conclude(order, at);
  if (can_be_paid(order, found)) return false;
  switch (order.stage) {
  case order_stage::open:
    return std::none_of(found.begin(), found.end(), [](const session_conclusion& each) {
      return each.money == session_money::in && !is_play_money(each);
    });
  case order_stage::closed:
  case order_stage::canceled: // a payment may make it due again, by a person's word alone
    return std::none_of(order.review_items.begin(), order.review_items.end(),
                        [](const review_item& each) {
                          return each.state == review_state::open && !each.session_id.empty();
                        });
  case order_stage::due:
  case order_stage::fulfilled:
  case order_stage::released:
  case order_stage::unmatched: break;
  }
  return false;
}

customer_view view_of(const order_record& order, const circumstances& at) {
  customer_view view;
  view.stage = order.stage;
  view.pay_again = pay_again_of(order, at);
  const auto over = [&](order_state state) {
    view.state = state;
    view.next_step = next_step::none;
    return view;
  };
  switch (order.stage) {
  case order_stage::fulfilled: return over(order_state::paid);
  case order_stage::closed:
  case order_stage::released:
  case order_stage::canceled: return over(order_state::expired);
  case order_stage::due:
    if (!is_blocked(order)) return over(order_state::paid);
    view.state = order_state::needs_review;
    view.next_step = next_step::contact_shop;
    view.poll_after = poll_after(view.state, false);
    return view;
  case order_stage::unmatched: return view;
  case order_stage::open: break;
  }
  const std::vector<session_conclusion> found = conclude(order, at);
  // Of two that are as close, the younger.
  const auto speaks = std::max_element(
      found.rbegin(), found.rend(), [](const session_conclusion& a, const session_conclusion& b) {
        return closeness(a) < closeness(b);
      });
  if (speaks == found.rend()) {
    view.state = order_state::awaiting_payment;
    view.next_step = next_step::new_checkout;
    return view;
  }
  view.state = speaks->outcome.state();
  view.next_step = for_customer(speaks->outcome.next_step());
  // The order's answer is the more cautious: no page may say that the customer pays again where it
  // says no.
  if (view.pay_again != pay_again::yes &&
      (view.next_step == next_step::new_checkout || view.next_step == next_step::resume ||
       view.next_step == next_step::recover))
    view.next_step = next_step::ask_again;
  view.poll_after = poll_after(view.state, speaks->outcome.final());
  return view;
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
