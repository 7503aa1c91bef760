// What the core costs: the return query, the decoder and the decision, beside nlohmann's own
// reading of the same bytes, which is the floor under the decoder.

#include "data/data_file.hpp"

#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

namespace {

namespace sr = stripe_return;

void return_query(benchmark::State& state) {
  // An id as long as Stripe's are today, behind what a shop adds of its own.
  const std::string query = "lang=zh&session_id=cs_live_" + std::string(58, 'a');
  for (auto _ : state)
    benchmark::DoNotOptimize(sr::parse_return_query(query));
}
BENCHMARK(return_query);

void encoded_return_url(benchmark::State& state) {
  const std::string url = "https://shop.example/stripe_return?lang=zh&session%5Fid=cs%5Flive%5F" +
                          std::string(58, 'a') + "&redirect_status=succeeded";
  for (auto _ : state)
    benchmark::DoNotOptimize(sr::parse_return_query(url));
}
BENCHMARK(encoded_return_url);

std::string paid(bool pretty) {
  const std::string text = data_file("paid.json");
  return pretty ? text : nlohmann::json::parse(text).dump();
}

void decode(benchmark::State& state, bool pretty) {
  const std::string json = paid(pretty);
  for (auto _ : state)
    benchmark::DoNotOptimize(sr::parse_checkout_session(json));
}
BENCHMARK_CAPTURE(decode, pretty, true);
BENCHMARK_CAPTURE(decode, minified, false);

void decode_and_decide(benchmark::State& state, bool pretty) {
  const std::string json = paid(pretty);
  sr::expected_order expected;
  expected.out_trade_no = "1774256382025448500";
  expected.amounts = {{400, "cny"}};
  for (auto _ : state) {
    const auto session = sr::parse_checkout_session(json);
    if (!sr::decide(*session, expected, 1774256400).may_fulfill(expected.out_trade_no)) {
      return state.SkipWithError("the recorded session is not fulfilled");
    }
  }
}
BENCHMARK_CAPTURE(decode_and_decide, pretty, true);
BENCHMARK_CAPTURE(decode_and_decide, minified, false);

void nlohmann_accept(benchmark::State& state, bool pretty) {
  const std::string json = paid(pretty);
  for (auto _ : state)
    benchmark::DoNotOptimize(nlohmann::json::accept(json.data(), json.data() + json.size()));
}
BENCHMARK_CAPTURE(nlohmann_accept, pretty, true);
BENCHMARK_CAPTURE(nlohmann_accept, minified, false);

} // namespace

BENCHMARK_MAIN();
