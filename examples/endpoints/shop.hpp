// The shop behind each server of this folder: it keeps its orders in an SQLite file, and fulfills
// each paid one once. Copy it beside the file of your server, and change what is the shop's own.
#pragma once

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/sqlite/sqlite_store.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace sr = stripe_return;

// The shop's own: hands the order over. After a crash it is called again with the same key: pass
// the key on, so that nothing is sent twice.
inline sr::task_result fulfill(const sr::fulfill_task& task) {
  std::printf("fulfill %s %s\n", task.out_trade_no.c_str(), task.idempotency_key.c_str());
  std::fflush(stdout);
  return sr::task_result::done;
}

// The shop's own: the order that a browser came back for, by its session cookie. This shop has
// none: it knows an order by the token in its link, and takes everybody else for the customer of
// its one order.
inline std::string order_of_browser(std::string_view target) {
  return target.find("order_token=") == target.npos ? "1774256382025448500" : "";
}

// The shop's own: the page. `pay_again` is to be obeyed.
inline const char* text_of(const sr::result<sr::return_result>& returned) {
  if (sr::http_answer(returned) == 503)
    return "We are still asking about your payment. Please reload.";
  if (!returned) return "This link does not work. Please open your order in the shop.";
  if (!returned->view) return "Welcome back. Please open your order in the shop.";
  const sr::customer_view& view = *returned->view;
  if (view.stage == sr::order_stage::due || view.stage == sr::order_stage::fulfilled)
    return "Thank you, the order is paid.";
  if (view.pay_again == sr::pay_again::yes) return "The order is not paid. You can pay again.";
  return "Please do not pay again. Your order in the shop shows how the payment gets on.";
}

// To a browser, or to Stripe.
struct answer {
  int status = 200;
  std::string text;
  std::string location; // where 303 sends the browser
};

[[noreturn]] inline void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

// Each call blocks, on the file and on Stripe, and may be made by any thread.
class shop {
public:
  static constexpr std::size_t max_body = 1024 * 1024; // of a request

  // Of `NAME [PORT [sqlite:PATH]]`. Make it before any other thread: they all leave SIGINT and
  // SIGTERM to work().
  shop(int argc, char** argv)
      : port_(argc > 1 ? std::atoi(argv[1]) : 8081), store_(file_of(argc, argv)) {
    sigemptyset(&ends_);
    sigaddset(&ends_, SIGINT);
    sigaddset(&ends_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends_, nullptr);
    const auto expected = orders_.expect(make_order("1774256382025448500", {400, "cny"}));
    if (!expected) fail(expected.error().message);
  }

  int port() const { return port_; } // to listen on; 0: any
  void listens_on(int port) {
    port_ = port;
    std::printf("http://127.0.0.1:%d\n", port);
    std::fflush(stdout);
  }

  // GET /stripe_return: path and query, as they came.
  answer on_return(std::string_view target) {
    const auto returned = payments_.on_return(target, order_of_browser(target));
    return {sr::http_answer(returned), text_of(returned), {}};
  }

  // POST /webhook: the bytes of the body, as they came.
  answer on_webhook(std::string_view body, std::string_view signature) {
    const sr::webhook_result taken = payments_.on_webhook(body, signature);
    if (taken.failure) std::fprintf(stderr, "webhook: %s\n", taken.failure->message.c_str());
    return {taken.http_status, {}, {}};
  }

  // POST /checkout. A shop takes the price from its basket: here a form sets it, for tests alone.
  answer check_out(const std::string& form) {
    if (!stripe_is_fake_) return {404, {}, {}};
    const std::string number = field(form, "out_trade_no");
    const sr::expected_order order =
        make_order(number, {std::atoll(field(form, "amount").c_str()), field(form, "currency")});
    sr::checkout_parameters page;
    page.line_items = {{"Order " + number, order.amounts.front()}};
    page.success_url = "http://127.0.0.1:" + std::to_string(port_) +
                       "/stripe_return?session_id={CHECKOUT_SESSION_ID}";
    const auto opened = orders_.open_checkout(order, page);
    if (!opened)
      return {opened.error().code == sr::error_code::invalid_option ? 400 : 503,
              opened.error().message,
              {}};
    if (opened->url.empty()) return {409, "There is nothing to pay now.", {}};
    return {303, {}, opened->url.reveal()};
  }

  // Does what is due, every second, until SIGINT or SIGTERM comes.
  void work() {
    sr::fulfillment_worker worker(orders_, {fulfill});
    sr::reconciler reconciler(orders_);
    constexpr std::chrono::seconds at_most(5);
    const timespec second{1, 0};
    for (int passed = 1; sigtimedwait(&ends_, nullptr, &second) < 0; ++passed) {
      const sr::run_report ran = worker.run({at_most});
      for (const sr::error& each : ran.failures)
        std::fprintf(stderr, "worker: %s\n", each.message.c_str());
      if (passed % 60 != 0) continue;
      const sr::reconcile_report reconciled = reconciler.run({at_most});
      for (const sr::reconcile_failure& each : reconciled.failures)
        std::fprintf(stderr, "reconciler: %s\n", each.failure.message.c_str());
    }
  }

private:
  static sr::expected_order make_order(const std::string& out_trade_no, sr::money price) {
    sr::expected_order order;
    order.out_trade_no = out_trade_no;
    order.amounts = {std::move(price)};
    return order;
  }

  static std::string file_of(int argc, char** argv) {
    const std::string place = argc > 2 ? argv[2] : "sqlite:orders.db";
    if (argc > 3 || place.rfind("sqlite:", 0) != 0)
      fail(std::string("usage: ") + argv[0] + " [PORT [sqlite:PATH]]");
    return place.substr(7);
  }

  static sr::client_options client_options() {
    sr::client_options options;
    options.secret_key = std::getenv("STRIPE_SECRET_KEY");
    if (const char* base = std::getenv("STRIPE_API_BASE")) options.api_base = base;
    return options;
  }

  static sr::livemode mode_of(const sr::session_client& stripe) {
    const sr::result<sr::livemode> mode = stripe.key_mode();
    if (!mode) fail(mode.error().message);
    return *mode;
  }

  // Keep the key with the shop's secrets: it has to be the same on all machines, also after a
  // restart.
  static sr::order_options order_options() {
    std::random_device random;
    std::string key;
    while (key.size() < 64)
      key += std::to_string(random());
    sr::order_options options;
    options.order_token_key = key;
    return options;
  }

  // Of values that need no encoding.
  static std::string field(const std::string& form, const std::string& name) {
    const std::size_t at = ('&' + form).find('&' + name + '=');
    if (at == form.npos) return {};
    const std::size_t begin = at + name.size() + 1;
    return form.substr(begin, form.find('&', begin) - begin);
  }

  int port_;
  sigset_t ends_{};
  // The client takes http for loopback alone.
  const bool stripe_is_fake_ = client_options().api_base.rfind("http://", 0) == 0;
  const sr::session_client stripe_{client_options()};
  const sr::webhook_verifier verifier_{{{"current", std::getenv("STRIPE_WEBHOOK_SECRET")}},
                                       mode_of(stripe_)};
  sr::sqlite_store store_;
  sr::order_service orders_{stripe_, store_, order_options()};
  sr::payment_listener payments_{orders_, verifier_};
};
