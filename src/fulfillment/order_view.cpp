#include "fulfillment/order_view.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace {

std::chrono::seconds poll_after(order_state state, bool final) noexcept {
  if (final) return std::chrono::seconds(0);
  switch (state) {
  case order_state::undetermined: return std::chrono::seconds(2);
  case order_state::awaiting_payment:
  case order_state::expired: return std::chrono::seconds(5);
  case order_state::processing:
  case order_state::needs_review: return std::chrono::seconds(30);
  case order_state::paid:
  case order_state::no_payment_required:
  case order_state::failed:
  case order_state::foreign: break;
  }
  return std::chrono::seconds(0);
}

customer_view view(order_state state, next_step step, pay_again again, bool final) noexcept {
  return {state, step == next_step::fulfil ? next_step::none : step, again,
          poll_after(state, final)};
}

// Which of an order's sessions speaks for it: the one that comes closest to a payment. Of two that
// are equally close, the younger.
int closeness(const session_record& session) noexcept {
  switch (session.state) {
  case order_state::paid:
  case order_state::no_payment_required:
  case order_state::needs_review: return 5;
  case order_state::processing: return 4;
  case order_state::expired:
    // Stripe says that money may have moved all the same.
    if (session.final && session.pay_again == pay_again::no) return 4;
    return session.final ? 0 : 2;
  case order_state::undetermined: return 3;
  case order_state::awaiting_payment: return 1 + (session.pay_again == pay_again::yes ? 0 : 2);
  case order_state::failed:
  case order_state::foreign: return 0;
  }
  return 0;
}

} // namespace

customer_view view_of(const order_record& order) {
  switch (order.stage) {
  case order_stage::rejected:
    return view(order_state::needs_review, next_step::contact_shop, pay_again::no, true);
  case order_stage::closed: return view(order_state::expired, next_step::none, pay_again::no, true);
  case order_stage::fulfilled: return view(order_state::paid, next_step::none, pay_again::no, true);
  case order_stage::due:
    if (order.held)
      return view(order_state::needs_review, next_step::contact_shop, pay_again::no, false);
    return view(order_state::paid, next_step::none, pay_again::no, true);
  case order_stage::awaiting: break;
  }
  if (!order.expected) {
    return view(order_state::undetermined, next_step::ask_again,
                order.review.empty() ? pay_again::unknown : pay_again::no, false);
  }
  if (!order.review.empty())
    return view(order_state::needs_review, next_step::contact_shop, pay_again::no, false);
  if (order.sessions.empty())
    return view(order_state::awaiting_payment, next_step::new_checkout, pay_again::yes, true);
  const session_record* speaks = &order.sessions.front();
  for (const session_record& each : order.sessions)
    if (closeness(each) >= closeness(*speaks)) speaks = &each;
  return view(speaks->state, speaks->next_step, speaks->pay_again, speaks->final);
}

customer_view view_of(const order_outcome& outcome) {
  return view(outcome.state(), outcome.next_step(), outcome.pay_again(), outcome.final());
}

} // namespace v0
} // namespace stripe_return
