// From the query to the outcome over HTTPS, and the transport alone, beside bare libcurl doing the
// same GET: CPU time of the calling thread. Exit 1 when a goal is missed.

#include "bare_curl.hpp"
#include "forked_stripe.hpp"
#include "goal.hpp"
#include "thread_cpu.hpp"

#include "unit/client/client_calls.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/return_handler.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

// Short rounds, so that all contestants of one meet the same other load on the computer.
constexpr int rounds = 501;
constexpr int requests = 20; // in a round

struct contestant {
  const char* name;
  void (*once)(void* state);
  void* state;
  double goal; // at most so many times the first one's time; 0: none
  std::vector<double> rounds{};
};

template <class F> contestant make(const char* name, double goal, F& once) {
  return {name, [](void* state) { (*static_cast<F*>(state))(); }, &once, goal};
}

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_fetch: %s\n", why.c_str());
  std::exit(1);
}

// Contestants take turns, and every round another one begins.
void compete(std::vector<contestant>& all) {
  for (contestant& each : all)
    each.once(each.state); // makes its connection
  for (std::size_t round = 0; round != rounds; ++round) {
    for (std::size_t i = 0; i != all.size(); ++i) {
      contestant& each = all[(round + i) % all.size()];
      const double cpu = bench::thread_cpu([&] {
        for (int n = 0; n != requests; ++n)
          each.once(each.state);
      });
      each.rounds.push_back(cpu / requests);
    }
  }
}

bool report(const std::vector<contestant>& all) {
  const std::vector<double>& base = all.front().rounds;
  bool met = true;
  std::printf("CPU of the calling thread, median of %d rounds of %d requests\n", rounds, requests);
  for (const contestant& each : all) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i != base.size(); ++i)
      ratios.push_back(each.rounds[i] / base[i]);
    std::printf("%-20s %6.1f us\n", each.name, bench::median(each.rounds));
    if (each.goal != 0)
      met = bench::report_goal(each.name, bench::median(ratios), each.goal) && met;
  }
  return met;
}

} // namespace

int main() {
  const bench::forked_stripe stripe({});
  const std::string id = bench::forked_stripe::session_id;

  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.api_base = stripe.url();
  options.ca_file = stripe.ca_file();
  options.requests_per_second = 0;
  const sr::session_client client(options);
  const sr::return_handler on_return(client);
  sr::expected_order expected;
  expected.out_trade_no = "1774256382025448500";
  expected.amounts = {{400, "cny"}};
  const std::string query = "lang=zh&session_id=" + id;
  auto handle = [&] {
    const auto outcome = on_return.handle(query, expected);
    if (!outcome) fail(outcome.error().message);
    if (!outcome->may_fulfill(expected.out_trade_no)) fail("the order is not fulfilled");
  };

  sr::http_request request;
  request.url = stripe.url() + "/v1/checkout/sessions/" + id + "?expand%5B%5D=payment_intent";
  request.authorization = "Bearer sk_test_bench";
  request.headers = {{"stripe-version", std::string(sr::stripe_api_version)}};
  request.timeout = options.attempt_timeout;
  request.connect_timeout = options.connect_timeout;
  sr::curl_transport_options on_curl;
  on_curl.ca_file = options.ca_file;
  sr::curl_transport transport(on_curl);
  auto send = [&] {
    const auto response = send_once(transport, request);
    if (!response) fail(response.error().message);
    if (response->status != 200) fail("the transport got another status");
  };

  bench::bare_curl bare(request, stripe.ca_file());
  auto get = [&] { bare.get(); };
  auto get_and_decode = [&] {
    if (!sr::parse_checkout_session(bare.get())) fail("the session cannot be decoded");
  };

  std::vector<contestant> all{make("bare", 0, get), make("bare_and_decoder", 0, get_and_decode),
                              make("curl_transport", 1.1, send),
                              make("query_to_outcome", 1.5, handle)};
  compete(all);
  return report(all) ? 0 : 1;
}
