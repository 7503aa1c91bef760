// What a program does that fulfills orders: all roles, on a thread of its own and on an event loop.
#include <stripe_return/orders/async_payment_listener.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/memory_store.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>

namespace sr = stripe_return;

int main() {
  sr::client_options options;
  options.secret_key = "sk_test_1";
  const sr::session_client stripe(options);
  const sr::webhook_verifier verifier({{"current", "whsec_1"}}, sr::livemode::test);
  sr::memory_store store;
  sr::order_service orders(stripe, store);
  sr::payment_listener payments(orders, verifier);
  sr::task_handlers handlers;
  handlers.fulfill = [](const sr::fulfill_task&) { return sr::task_result::done; };
  handlers.release = [](const sr::release_task&, sr::transaction&) {
    return sr::task_result::done;
  };
  sr::fulfillment_worker worker(orders, handlers);
  const sr::reconciler reconciler(orders);

  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  const auto view = orders.expect(order);
  if (!view || view->pay_again != sr::pay_again::yes) return 1;
  const auto marked = orders.mark_fulfilled("A1", sr::fulfilled_by::elsewhere, "Ann");
  if (!marked || *marked != sr::mark_result::marked) return 2;
  if (payments.on_return("", "A1") || payments.on_webhook("{}", "").http_status != 400) return 3;
  return worker.run().done ? 0 : 4;
}
