// A sweep over open orders on a store in memory, with a Stripe that answers from a script: requests
// and pages, CPU and memory an order, for 1,000 and for 100,000 of them. Exit 1 when an order is
// asked about twice or not at all, or costs more than twice as much among many as among few.

#include "thread_cpu.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/memory_store.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/session_builder.hpp>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

namespace {

namespace sr = stripe_return;

constexpr sr::unix_seconds now = 1774267200;

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

std::string session_json(int order) {
  return sr::testkit::session_builder()
      .id(session_id_of(order))
      .out_trade_no("order-" + std::to_string(order))
      .created(now - 7200)
      .json();
}

// Lists the newest hundred of `orders` sessions and then the next; no events.
class scripted_stripe final : public sr::blocking_transport {
public:
  explicit scripted_stripe(int orders) : orders_(orders) {}

  sr::result<sr::http_response> send(const sr::http_request& request) override {
    const std::string path = request.url.substr(request.url.find("/v1/"));
    const std::string one = "/v1/checkout/sessions/cs_test_";
    if (path.rfind(one, 0) == 0) {
      ++retrieved;
      return answer(session_json(std::stoi(path.substr(one.size()))));
    }
    ++pages;
    if (path.rfind("/v1/events", 0) == 0)
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
  int pages = 0;

private:
  static sr::http_response answer(std::string body) {
    return sr::testkit::stripe_reply(200, std::move(body), now);
  }
  int orders_;
};

struct cost {
  double microseconds; // of an order
  bool right;
};

cost sweep_over(int orders) {
  const auto clock = std::make_shared<sr::testkit::fake_time>(now);
  const auto stripe = std::make_shared<scripted_stripe>(orders);
  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.requests_per_second = 0;
  const sr::session_client client(options, {sr::adapt(stripe), clock});
  const double before = resident_kib();
  sr::memory_store store;
  for (int i = 0; i != orders; ++i) {
    sr::order_record order;
    order.out_trade_no = "order-" + std::to_string(i);
    order.expected.emplace();
    order.expected->out_trade_no = order.out_trade_no;
    order.expected->amounts = {{400, "cny"}};
    order.expected->session_ids = {session_id_of(i)};
    order.sessions.emplace_back().id = session_id_of(i);
    order.sessions.back().created = now - 7200;
    order.sessions.back().state = sr::order_state::awaiting_payment;
    order.sessions.back().next_step = sr::next_step::resume;
    order.sessions.back().pay_again = sr::pay_again::yes;
    order.ask_at = now - 60;
    (void)store.add(order, {});
  }
  const double kept = resident_kib();
  sr::fulfillment_options at_once; // else hours of the clock pass, and orders are asked about again
  at_once.requests_per_second = 1e9;
  sr::fulfillment desk(client, store, sr::fulfil_function(), at_once, clock);
  sr::sweep_budget all;
  all.requests = 10 * orders;
  all.time = std::chrono::hours(24 * 365);
  sr::sweep_report report;
  const double cpu = bench::thread_cpu([&] { report = desk.sweep(all); });
  std::printf(
      "%7d open orders: %d pages, %d asked one by one; %.1f us of CPU and %.2f KiB an order "
      "in the store, %.2f KiB more by the line of history that each got\n",
      orders, stripe->pages, stripe->retrieved, cpu / orders, (kept - before) / orders,
      (resident_kib() - kept) / orders);
  return {cpu / orders,
          report.done && stripe->retrieved == orders && stripe->pages == 1 + (orders + 99) / 100};
}

} // namespace

int main() {
  const cost few = sweep_over(1000);
  const cost many = sweep_over(100000);
  std::printf("an order among 100,000 costs %.2f of one among 1,000 (goal: at most 2)\n",
              many.microseconds / few.microseconds);
  return few.right && many.right && many.microseconds <= 2 * few.microseconds ? 0 : 1;
}
