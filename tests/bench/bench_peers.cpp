// The library beside stripe-node, Stripe's own client for Node: the same retrieve from the same
// server, and the same webhook. CPU time of the process. Exit 1 when a goal is missed.
//
//   bench_peers FOLDER, where stripe_node.mjs and the package it needs are

#include "data/data_file.hpp"
#include "forked_stripe.hpp"
#include "thread_cpu.hpp"

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

constexpr int rounds = 21;
constexpr int requests = 500; // in a round
constexpr int webhooks = 5000;
constexpr sr::unix_seconds now = 1774256400;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_peers: %s\n", why.c_str());
  std::exit(1);
}

// What the script prints: microseconds.
double stripe_node(const std::string& folder, const std::string& environment,
                   const std::string& arguments) {
  const std::string command = environment + " node '" + folder + "/stripe_node.mjs' " + arguments;
  std::FILE* output = popen(command.c_str(), "r");
  double cost = 0;
  if (output == nullptr || std::fscanf(output, "%lf", &cost) != 1 || pclose(output) != 0) {
    fail("stripe-node failed: " + command);
  }
  return cost;
}

template <class Work> double median_cost(int count, Work&& work) {
  work();
  std::vector<double> costs;
  for (int round = 0; round != rounds; ++round)
    costs.push_back(bench::process_cpu(work) / count);
  return bench::median(costs);
}

bool report(const char* what, double ours, double theirs, double goal) {
  const double ratio = ours / theirs;
  std::printf(
      "%-28s stripe_return %6.1f us   stripe-node %6.1f us   ratio %.3f, goal at most %.2f: "
      "%s\n",
      what, ours, theirs, ratio, goal, ratio <= goal ? "met" : "MISSED");
  return ratio <= goal;
}

double one_at_a_time(const sr::client_options& options) {
  const sr::session_client client(options);
  const auto id = *sr::session_id::parse(bench::forked_stripe::session_id);
  return median_cost(requests, [&] {
    for (int i = 0; i != requests; ++i)
      if (!client.retrieve(id)) fail("retrieve");
  });
}

double in_flight(const sr::client_options& options, int count) {
  std::mutex mutex;
  std::condition_variable ended;
  int left_to_begin = 0;
  int left_to_end = 0;
  unsigned long last = 0;
  sr::async_session_client client(options);
  std::function<void()> begin = [&] {
    --left_to_begin;
    client.retrieve(sr::session_id::parse("cs_test_" + std::to_string(++last)), {},
                    [&](const auto& got) {
                      if (!got) fail(got.error().message);
                      const std::lock_guard<std::mutex> lock(mutex);
                      if (left_to_begin != 0) begin();
                      if (--left_to_end == 0) ended.notify_one();
                    });
  };
  return median_cost(requests, [&] {
    std::unique_lock<std::mutex> lock(mutex);
    left_to_begin = left_to_end = requests;
    for (int i = 0; i != count; ++i)
      begin();
    ended.wait(lock, [&] { return left_to_end == 0; });
  });
}

bool webhook(const std::string& folder) {
  const std::string event = R"({"id":"evt_1","object":"event","api_version":"2026-09-30.endive",)"
                            R"("created":1774256390,"livemode":false,"pending_webhooks":1,)"
                            R"("type":"checkout.session.completed","data":{"object":)" +
                            nlohmann::json::parse(data_file("paid.json")).dump() + "}}";
  const std::string header = sr::testkit::sign_webhook(event, "whsec_bench", now);
  const sr::webhook_verifier verifier({{"current", "whsec_bench"}}, sr::livemode::test);
  const double ours = median_cost(webhooks, [&] {
    for (int i = 0; i != webhooks; ++i) {
      const auto verified = verifier.verify(event, header, now);
      if (!verified ||
          decide_unchecked(*observation_of(*verified)).state() != sr::order_state::paid) {
        fail("verify");
      }
    }
  });
  const std::string file = folder + "/event.json";
  std::ofstream(file, std::ios::binary) << event;
  const double theirs =
      stripe_node(folder, "",
                  "webhook '" + header + "' whsec_bench " + std::to_string(rounds) + " " +
                      std::to_string(webhooks) + " < '" + file + "'");
  return report("verify a webhook and decide", ours, theirs, 0.7);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) fail("needs the folder of stripe_node.mjs");
  const std::string folder = argv[1];
  const bench::forked_stripe stripe({});
  sr::client_options options;
  options.secret_key = "sk_test_bench";
  options.api_base = stripe.url();
  options.ca_file = stripe.ca_file();
  options.requests_per_second = 0;
  const auto node = [&](int count) {
    return stripe_node(folder, "NODE_EXTRA_CA_CERTS='" + stripe.ca_file() + "'",
                       stripe.url() + " " + std::to_string(count) + " " + std::to_string(rounds) +
                           " " + std::to_string(requests));
  };
  bool met = report("retrieve, one at a time", one_at_a_time(options), node(1), 0.35);
  met = report("retrieve, 16 in flight", in_flight(options, 16), node(16), 0.4) && met;
  return webhook(folder) && met ? 0 : 1;
}
