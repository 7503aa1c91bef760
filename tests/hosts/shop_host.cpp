// One host of a shop, which does what hosts do in no particular order until it is killed.
//
//   shop_host STORE STRIPE_URL SEED ORDERS EFFECTS
//
// Its effects are lines at the end of the file EFFECTS: the order's number and the key.
#include "program/store_url.hpp"

#include "unit/client/client_calls.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <nlohmann/json.hpp>

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

class host {
public:
  host(sr::fulfillment_store& store, std::string stripe_url, unsigned seed, int orders,
       const char* effects)
      : url_(std::move(stripe_url)), chance_(seed), orders_(orders),
        effects_(open(effects, O_WRONLY | O_APPEND | O_CREAT, 0600)),
        desk_(
            client_, store, [this](const sr::fulfil_task& task) { return ship(task); }, options()) {
  }

  void step() {
    switch (chance_() % 8) {
    case 0:
    case 1:
    case 2: sell(); break;
    case 3: come_back(); break;
    case 4:
    case 5: be_told(); break;
    case 6: desk_.run_due(few()); break;
    case 7: desk_.sweep(little()); break;
    }
  }

private:
  static sr::run_budget few() {
    sr::run_budget budget;
    budget.orders = 3;
    return budget;
  }
  static sr::sweep_budget little() {
    sr::sweep_budget budget;
    budget.requests = 1;
    return budget;
  }
  sr::client_options client_options() const {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = url_;
    options.requests_per_second = 0;
    return options;
  }
  sr::fulfillment_options options() const {
    sr::fulfillment_options options;
    options.verifier = &verifier_;
    options.lease = std::chrono::seconds(1);
    options.requests_per_second = 1000;
    options.worker = "host-" + std::to_string(getpid());
    return options;
  }

  void sell() {
    const unsigned long order = chance_() % static_cast<unsigned long>(orders_);
    sr::expected_order expected;
    expected.out_trade_no = "order-" + std::to_string(order);
    expected.amounts = {{400, "cny"}};
    sr::checkout_parameters parameters;
    parameters.line_items = {{"Tea", sr::money(400, "cny"), 1}};
    parameters.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    const auto opened = desk_.open_checkout(expected, parameters);
    // Every fifth customer goes away.
    if (opened && !opened->url.empty() && order % 5 != 0) {
      last_session_ = opened->session_id;
      (void)send(opened->url.reveal(), "action=pay");
    }
  }

  void come_back() {
    if (!last_session_.empty()) (void)desk_.on_return("session_id=" + last_session_);
  }

  // Any of the last hundred events, at any time and however often.
  void be_told() {
    const auto answer = send(url_ + "/v1/events?limit=100");
    if (!answer || answer->status != 200) return;
    const auto events = nlohmann::json::parse(answer->body).at("data");
    if (events.empty()) return;
    const std::string body = events[chance_() % events.size()].dump();
    desk_.on_webhook(body, sr::testkit::sign_webhook(body, "whsec_test", std::time(nullptr)));
  }

  sr::result<sr::http_response> send(const std::string& url, std::optional<std::string> form = {}) {
    sr::http_request request;
    request.url = url;
    request.authorization = "Bearer sk_test_1";
    request.form = std::move(form);
    request.timeout = request.connect_timeout = std::chrono::seconds(10);
    return send_once(transport_, request);
  }

  sr::fulfil_result ship(const sr::fulfil_task& task) const {
    const std::string line = task.out_trade_no + " " + task.key + "\n";
    if (write(effects_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      std::abort();
    return sr::fulfil_result::done;
  }

  const std::string url_;
  std::mt19937 chance_;
  const int orders_;
  const int effects_;
  std::string last_session_;
  sr::curl_transport transport_{sr::curl_transport_options{}};
  sr::session_client client_{client_options()};
  sr::webhook_verifier verifier_{{{"one", "whsec_test"}}, sr::livemode::test};
  sr::fulfillment desk_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const auto store = program::open_store(argv[1]);
  if (!store) {
    std::fprintf(stderr, "shop_host: %s\n", store.error().message.c_str());
    return 1;
  }
  host one(**store, argv[2], static_cast<unsigned>(std::atoi(argv[3])), std::atoi(argv[4]),
           argv[5]);
  std::puts("ready");
  std::fflush(stdout);
  while (true)
    one.step();
}
