// A reconciliation of open orders on a store in memory, with a Stripe that answers from a script:
// the lists alone, and then every order asked about one by one. An order among 100,000 is to cost
// as much as one among 1,000. Exit 1 also when an order is asked about twice or not at all.

#include "goal.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/orders/memory_store.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/session_builder.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

namespace {

namespace sr = stripe_return;

constexpr sr::unix_seconds now = 1774267200;
constexpr sr::unix_seconds made_at = now - 7200;

double resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == "VmRSS:" && status >> kib) return kib;
  }
  return 0;
}

std::string session_id_of(int order) {
  return "cs_test_" + std::to_string(order);
}

std::string order_number(int order) {
  return "order-" + std::to_string(order);
}

std::string session_json(int order) {
  return sr::testkit::session_builder()
      .id(session_id_of(order))
      .out_trade_no(order_number(order))
      .created(made_at)
      .json();
}

// Lists the newest hundred of `orders` sessions and then the next; no events.
class scripted_stripe final : public sr::blocking_transport {
public:
  scripted_stripe(int orders, std::shared_ptr<sr::time_source> clock)
      : orders_(orders), clock_(std::move(clock)) {}

  sr::result<sr::http_response> send(const sr::http_request& request) override {
    const std::string path = request.url.substr(request.url.find("/v1/"));
    const std::string one = "/v1/checkout/sessions/cs_test_";
    if (path.rfind(one, 0) == 0) {
      ++retrieved;
      return answer(session_json(std::stoi(path.substr(one.size()))));
    }
    const std::size_t since = path.find("gte%5D=");
    if (path.rfind("/v1/events", 0) == 0 ||
        (since != std::string::npos && std::stoll(path.substr(since + 7)) > made_at))
      return answer(R"({"object":"list","data":[],"has_more":false})");
    const std::size_t after = path.find("starting_after=cs_test_");
    int next = after == std::string::npos ? orders_ : std::stoi(path.substr(after + 23));
    std::string data;
    for (int i = 0; i != 100 && next != 0; ++i)
      data += (i == 0 ? "" : ",") + session_json(--next);
    return answer(R"({"object":"list","data":[)" + data + R"(],"has_more":)" +
                  (next == 0 ? "false" : "true") + "}");
  }

  int retrieved = 0;

private:
  sr::http_response answer(std::string body) const {
    return sr::testkit::stripe_response(200, std::move(body), clock_->unix_time());
  }
  int orders_;
  std::shared_ptr<sr::time_source> clock_;
};

struct cost { // microseconds of CPU an order
  double listed = 0;
  double polled = 0;
  bool right = false;
};

cost reconcile(int orders) {
  const auto clock = std::make_shared<sr::testkit::fake_time>(now);
  const auto stripe = std::make_shared<scripted_stripe>(orders, clock);
  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.requests_per_second = 0;
  const sr::session_client client(options, {sr::adapt(stripe), clock});
  const double before = resident_kib();
  sr::memory_store store;
  sr::order_service service(client, store);
  for (int i = 0; i != orders; ++i) {
    sr::expected_order order;
    order.out_trade_no = order_number(i);
    order.amounts = {{400, "cny"}};
    order.session_ids = {session_id_of(i)};
    (void)service.expect(order);
  }
  sr::reconciler reconciler(service);
  sr::reconcile_budget all;
  all.requests = 10 * orders;
  all.time = std::chrono::hours(24 * 365);
  sr::reconcile_report report;
  cost found;
  found.listed = bench::thread_cpu([&] { report = reconciler.run(all); }) / orders;
  const bool all_listed = report.done() && report.observations == orders;
  clock->advance(std::chrono::hours(2));
  stripe->retrieved = 0;
  found.polled = bench::thread_cpu([&] { report = reconciler.run(all); }) / orders;
  std::printf("%7d open orders: %.1f us of CPU an order by the lists, %.1f us one by one; %.2f KiB "
              "an order in the store\n",
              orders, found.listed, found.polled, (resident_kib() - before) / orders);
  found.right =
      all_listed && report.done() && report.polled == orders && stripe->retrieved == orders;
  return found;
}

} // namespace

int main() {
  cost few = reconcile(1000);
  for (int i = 0; i != 4; ++i) { // the first ones are slow
    const cost again = reconcile(1000);
    few = {std::min(few.listed, again.listed), std::min(few.polled, again.polled),
           few.right && again.right};
  }
  const cost many = reconcile(100000);
  bool met = bench::report_goal("reconcile/lists_of_100000", many.listed / few.listed, 1.1);
  met = bench::report_goal("reconcile/polls_of_100000", many.polled / few.polled, 1.1) && met;
  if (!few.right || !many.right) std::printf("an order was asked about twice, or not at all\n");
  return met && few.right && many.right ? 0 : 1;
}
