// The metrics of examples/prometheus.cpp.
#include "fake_stripe/running_program.hpp"
#include "fake_stripe/shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

TEST(Prometheus, CountsWhatBecameOfEachCall) {
  const stripe_return::fake_stripe_server stripe;
  const shop seller(stripe.url());
  const std::string id = seller.create().at("id");
  running_program program(PROMETHEUS_PROGRAM, {id, id, "cs_test_unknown", "cs_live_a", "no id"},
                          {"STRIPE_SECRET_KEY=sk_test_shop", "STRIPE_API_BASE=" + stripe.url()});

  // https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
  const std::regex sample("([a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})?) ([0-9.e+-]+)");
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  std::map<std::string, std::string> samples;
  std::set<std::string> typed;
  for (std::string line = program.line(); !line.empty(); line = program.line()) {
    std::smatch part;
    if (std::regex_match(line, part, sample)) {
      EXPECT_TRUE(samples.emplace(part[1], part[4]).second) << line << " comes twice";
    } else {
      ASSERT_TRUE(std::regex_match(line, part, type)) << line;
      EXPECT_TRUE(typed.insert(part[1]).second) << line << " comes twice";
    }
    EXPECT_EQ(line.find("cs_"), std::string::npos) << "names a session";
  }
  EXPECT_EQ(program.end(0), 0);

  const std::string calls = "stripe_return_calls_total";
  EXPECT_EQ(samples[calls + R"({call="retrieve",priority="known",result="ok"})"], "2");
  EXPECT_EQ(samples[calls + R"({call="retrieve",priority="known",result="session_not_found"})"],
            "1");
  EXPECT_EQ(
      samples[calls + R"({call="retrieve",priority="known",result="live_session_with_test_key"})"],
      "1");
  EXPECT_EQ(samples[calls + R"({call="retrieve",priority="known",result="malformed_session_id"})"],
            "1");
  EXPECT_EQ(samples[R"(stripe_return_call_duration_seconds_bucket{le="+Inf"})"], "5");
  EXPECT_EQ(samples["stripe_return_call_duration_seconds_count"], "5");
  EXPECT_EQ(samples["stripe_return_waiting_calls"], "0");
  // The second call may come when the first one's request is on its way already.
  EXPECT_THAT(samples["stripe_return_shared_calls_total"], testing::AnyOf("0", "2"));
  EXPECT_EQ(typed.size(), 8u);
}

} // namespace
