#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/sqlite/sqlite_store.hpp>

#include <httplib.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace sr = stripe_return;

// Yours. After a crash it is called again for the same order, with the same key: pass the key on.
sr::task_result ship(const sr::fulfill_task& task) {
  std::printf("ship order %s, key %s\n", task.out_trade_no.c_str(), task.idempotency_key.c_str());
  return sr::task_result::done;
}

int main() {
  sr::client_options options;
  options.secret_key = std::getenv("STRIPE_SECRET_KEY");
  const sr::session_client stripe{options};
  const sr::webhook_verifier verifier{{{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                      stripe.key_mode().value()};
  sr::sqlite_store store{"orders.db"};
  sr::order_service orders{stripe, store};
  sr::payment_listener payments{orders, verifier};

  std::thread([orders] {
    sr::fulfillment_worker worker{orders, {ship}};
    sr::reconciler reconciler{orders};
    for (int second = 0;; ++second) {
      (void)worker.run();                            // ships what is paid
      if (second % 300 == 0) (void)reconciler.run(); // asks Stripe about those who never came back
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }).detach();

  httplib::Server server;
  server.Post("/buy", [&](const httplib::Request&, httplib::Response& response) {
    sr::expected_order order; // the number and the price come from your database
    order.out_trade_no = "1774256382025448500";
    order.amounts = {{400, "cny"}};
    sr::checkout_parameters page;
    page.line_items = {{"Tea", {400, "cny"}}};
    page.success_url = "http://127.0.0.1:8081/stripe_return?session_id={CHECKOUT_SESSION_ID}";
    const auto checkout = orders.open_checkout(order, page);
    response.status = checkout ? 409 : 503; // 409: paid, or on its way
    if (checkout && !checkout->url.empty()) response.set_redirect(checkout->url.reveal(), 303);
  });
  server.Get("/stripe_return", [&](const httplib::Request& request, httplib::Response& response) {
    // The order that this browser came back for comes from your session cookie.
    const auto returned = payments.on_return(request.target, "1774256382025448500");
    std::string text = "Please do not pay again. Reload to see how your payment is doing.";
    if (returned && returned->view && returned->view->state == sr::order_state::paid)
      text = "Thank you, the order is paid.";
    if (returned && returned->view && returned->view->pay_again == sr::pay_again::yes)
      text = "The order is not paid. You can pay again.";
    response.status = sr::http_answer(returned);
    response.set_header("Cache-Control", "no-store");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_content(text, "text/plain");
  });
  server.Post("/webhook", [&](const httplib::Request& request, httplib::Response& response) {
    const std::string signature = request.get_header_value("Stripe-Signature");
    response.status = payments.on_webhook(request.body, signature).http_status;
  });
  return server.listen("127.0.0.1", 8081) ? 0 : 1;
}
