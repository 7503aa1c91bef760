// One process of a shop, which does what a shop's processes do in no particular order.
//
//   shop_process STORE STRIPE_URL SEED ORDERS STEPS EFFECTS
//
// STEPS is 0 for one that is going to be killed, and that kills itself after some of its effects.
// Its effects are lines at the end of the file EFFECTS: the order's number, the key and the fencing
// token.
#include "multi_process/shop_store.hpp"

#include "unit/client/client_calls.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace sr = stripe_return;

namespace {

class shop {
public:
  shop(sr::order_store& store, std::string stripe_url, unsigned seed, unsigned long orders,
       bool mortal, const char* effects)
      : url_(std::move(stripe_url)), random_(seed), order_count_(orders), mortal_(mortal),
        effects_(open(effects, O_WRONLY | O_APPEND | O_CREAT, 0600)), orders_(client_, store) {}

  void step() {
    switch (random_() % 10) {
    case 0:
    case 1:
    case 2: sell(); break;
    case 3: come_back(); break;
    case 4:
    case 5: receive_webhook(); break;
    case 6: (void)worker_.run(few_orders()); break;
    case 7: (void)sr::reconciler(orders_).run(few_requests()); break;
    default: close(); break;
    }
  }

private:
  static sr::run_budget few_orders() {
    sr::run_budget budget;
    budget.orders = 3;
    return budget;
  }
  static sr::reconcile_budget few_requests() {
    sr::reconcile_budget budget;
    budget.requests = 3;
    return budget;
  }
  sr::client_options client_options() const {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = url_;
    options.requests_per_second = 0;
    return options;
  }
  sr::worker_options worker_options() const {
    sr::worker_options options;
    // Of one that is killed it soon runs out. Of one that is only slow it must not: then another
    // does the same.
    options.lease = std::chrono::seconds(mortal_ ? 1 : 300);
    options.name = "process-" + std::to_string(getpid());
    return options;
  }
  sr::task_handlers handlers() {
    sr::task_handlers handlers;
    handlers.fulfill = [this](const sr::fulfill_task& task) { return note(task); };
    handlers.release = [this](const sr::release_task& task) { return note(task); };
    return handlers;
  }

  unsigned long any_order() { return random_() % order_count_; }
  static std::string number(unsigned long order) { return "order-" + std::to_string(order); }

  void sell() {
    const unsigned long order = any_order();
    sr::expected_order expected;
    expected.out_trade_no = number(order);
    expected.amounts = {{400, "cny"}};
    sr::checkout_parameters page;
    page.line_items = {{"Tea", sr::money(400, "cny"), 1}};
    page.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    const auto opened = orders_.open_checkout(expected, page);
    // Every fifth customer goes away.
    if (opened && !opened->url.empty() && order % 5 != 0) {
      last_session_ = opened->session_id;
      last_order_ = expected.out_trade_no;
      (void)send(opened->url.reveal(), "action=pay");
    }
  }

  void come_back() {
    if (!last_session_.empty())
      (void)payments_.on_return("session_id=" + last_session_, last_order_);
  }

  // Any of the last events, at any time and however often.
  void receive_webhook() {
    const auto answer = send(url_ + "/v1/events?limit=20");
    if (!answer || answer->status != 200) return;
    const auto events = nlohmann::json::parse(answer->body).at("data");
    if (events.empty()) return;
    const std::string body = events[random_() % events.size()].dump();
    (void)payments_.on_webhook(body,
                               sr::testkit::sign_webhook(body, "whsec_test", std::time(nullptr)));
  }

  // Of two fifths of the orders: those that nobody pays, and those where it is a race.
  void close() {
    const unsigned long order = any_order();
    if (order % 5 < 2) (void)orders_.close(number(order), "application");
  }

  sr::result<sr::http_response> send(const std::string& url, std::optional<std::string> form = {}) {
    sr::http_request request;
    request.url = url;
    request.authorization = "Bearer sk_test_1";
    request.form = std::move(form);
    request.timeout = request.connect_timeout = std::chrono::seconds(10);
    return send_once(transport_, request);
  }

  sr::task_result note(const sr::claimed_task& task) {
    const std::string line = task.out_trade_no + ' ' + task.idempotency_key + ' ' +
                             std::to_string(task.fencing_token) + '\n';
    if (write(effects_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      std::abort();
    if (mortal_ && random_() % 4 == 0) (void)raise(SIGKILL);
    return sr::task_result::done;
  }

  const std::string url_;
  std::mt19937 random_;
  const unsigned long order_count_;
  const bool mortal_;
  const int effects_;
  std::string last_session_;
  std::string last_order_;
  sr::curl_transport transport_{sr::curl_transport_options{}};
  const sr::session_client client_{client_options()};
  const sr::webhook_verifier verifier_{{{"one", "whsec_test"}}, sr::livemode::test};
  sr::order_service orders_;
  sr::payment_listener payments_{orders_, verifier_};
  sr::fulfillment_worker worker_{orders_, handlers(), worker_options()};
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const auto store = open_shop_store(argv[1]);
  const long steps = std::atol(argv[5]);
  shop one(*store, argv[2], static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)),
           std::strtoul(argv[4], nullptr, 10), steps == 0, argv[6]);
  std::puts("ready");
  std::fflush(stdout);
  for (long done = 0; steps == 0 || done != steps; ++done)
    one.step();
}
