// What a program does that fulfils orders.
#include <stripe_return/fulfillment/async_fulfillment.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/memory_store.hpp>

int main() {
  namespace sr = stripe_return;
  sr::client_options options;
  options.secret_key = "sk_test_1";
  const sr::session_client stripe(options);
  sr::memory_store store;
  sr::fulfillment desk(stripe, store,
                       [](const sr::fulfil_task&) { return sr::fulfil_result::done; });
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  const auto view = desk.expect(order);
  return view && view->pay_again == sr::pay_again::yes && !desk.run_due().failure ? 0 : 1;
}
