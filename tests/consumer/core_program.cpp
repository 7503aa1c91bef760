// What a program does that uses the core alone.
#include <stripe_return/core/decide.hpp>

int main() {
  namespace sr = stripe_return;
  const auto session = sr::parse_checkout_session(
      R"({"object":"checkout.session","id":"cs_test_a1","status":"complete","mode":"payment",)"
      R"("payment_status":"paid","metadata":{"out_trade_no":"A1"}})");
  if (!session) return 1;
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amount_rule = sr::amount_rule::unchecked;
  const sr::order_outcome outcome = sr::decide(*session, order, 0);
  return outcome.state() == sr::order_state::paid && outcome.may_fulfill("A1") ? 0 : 2;
}
