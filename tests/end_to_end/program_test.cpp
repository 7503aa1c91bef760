// `stripe-return fetch` and `verify` beside a fake Stripe.
#include "fake_stripe/shop.hpp"
#include "program/output_contract.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;

constexpr char key[] = "sk_test_shop";

class Program : public testing::Test {
protected:
  sr::fake_stripe_server stripe_{only_key()};
  shop shop_{stripe_.url()};

  static sr::fake_stripe_server_options only_key() {
    sr::fake_stripe_server_options options;
    options.secret_key = key;
    return options;
  }
  program_call fetch(const std::string& query, const std::string& secret_key = key) const {
    program_call call({"fetch", query, "--api-base", stripe_.url()});
    call.variable("STRIPE_SECRET_KEY", secret_key);
    return call;
  }
  program_call fetch_of(const json& session) const {
    return fetch("https://shop.example/stripe_return?session_id=" +
                 session.at("id").get<std::string>());
  }
};

TEST_F(Program, FetchesEveryState) {
  struct row {
    std::vector<std::string> actions;
    const char* state;
    bool may_fulfill;
    const char* pay_again;
  };
  for (const row& each : std::vector<row>{
           {{}, "awaiting_payment", false, "yes"},
           {{"decline"}, "awaiting_payment", false, "yes"},
           {{"pay"}, "paid", true, "no"},
           {{"pay_later"}, "processing", false, "no"},
           {{"pay_later", "succeed"}, "paid", true, "no"},
           {{"pay_later", "fail"}, "failed", false, "yes"},
           {{"expire"}, "expired", false, "yes"},
           {{"decline", "expire"}, "expired", false, "yes"},
       }) {
    SCOPED_TRACE(testing::PrintToString(each.actions));
    const json session = shop_.create();
    for (const std::string& action : each.actions)
      shop_.apply(session, action);
    const std::vector<std::string> expected{"--expect",   "out_trade_no=A1", "--expect",
                                            "amount=400", "--expect",        "currency=cny"};
    const json outcome = expect_outcome(fetch_of(session).with(expected).run());
    EXPECT_EQ(outcome.at("state"), each.state);
    EXPECT_EQ(outcome.at("may_fulfill"), each.may_fulfill);
    EXPECT_EQ(outcome.at("pay_again"), each.pay_again);
    EXPECT_EQ(outcome.at("out_trade_no"), "A1");
    EXPECT_EQ(outcome.at("session_id"), session.at("id"));
    EXPECT_EQ(outcome.at("confirmed_by_stripe"), true);
    EXPECT_EQ(outcome.at("reasons").size(), std::string(each.state) == "failed" ? 1u : 0u);
  }
}

// By Stripe's clock, not by the computer's.
TEST_F(Program, FetchesAnExpiryThatCameByItself) {
  const json session = shop_.create();
  EXPECT_EQ(expect_outcome(fetch_of(session).run()).at("state"), "awaiting_payment");
  shop_.commanded("/clock", {{"advance", 25 * 60 * 60}});
  const json outcome = expect_outcome(fetch_of(session).run());
  EXPECT_EQ(outcome.at("state"), "expired");
  EXPECT_EQ(outcome.at("may_release"), true);
}

TEST_F(Program, NamesEachFailure) {
  const json session = shop_.create();
  shop_.apply(session, "pay");
  expect_error(fetch("session_id=cs_test_unknown").run(), "session_not_found");
  expect_error(fetch("session_id=cs_test_unknown", "sk_test_other").run(), "unauthorized");
  struct row {
    json fault;
    const char* code;
  };
  for (const row& each : std::vector<row>{
           {{{"kind", "status"}, {"status", 429}}, "rate_limited"},
           {{{"kind", "status"}, {"status", 500}, {"count", 3}}, "stripe_unavailable"},
           {{{"kind", "status"}, {"status", 424}}, "dependency_failed"},
           {{{"kind", "cut"}, {"count", 3}}, "connection_lost"},
       }) {
    SCOPED_TRACE(each.fault.dump());
    shop_.commanded("/faults", each.fault);
    expect_error(fetch_of(session).run(), each.code);
    shop_.clear_faults();
  }
  shop_.commanded("/faults", {{"kind", "stall"}});
  expect_error(fetch_of(session).with({"--deadline", "0.3"}).run(), "timed_out_receiving");
  EXPECT_EQ(expect_outcome(fetch_of(session).run()).at("state"), "paid");
}

// What an endpoint receives is what `verify` takes.
TEST_F(Program, VerifiesWhatTheWebhooksBring) {
  httplib::Server server;
  std::vector<std::pair<std::string, std::string>> received; // body and signature, in order
  server.Post("/hook", [&](const httplib::Request& request, httplib::Response&) {
    received.emplace_back(request.body, request.get_header_value("Stripe-Signature"));
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  shop_.commanded("/webhooks", {{"url", "http://127.0.0.1:" + std::to_string(port) + "/hook"},
                                {"secret", "whsec_test"}});
  const json session = shop_.create();
  shop_.apply(session, "pay_later");
  shop_.apply(session, "fail");
  shop_.apply(shop_.create(), "pay");
  shop_.apply(shop_.create(), "expire");
  shop_.commanded("/webhooks/flush");
  server.stop();
  serving.join();

  std::vector<std::string> states;
  for (const auto& [body, signature] : received) {
    const auto verify = [&sent = body, &header = signature](const char* secret) {
      return program_call({"verify", "--signature", header, "--livemode", "false"})
          .variable("STRIPE_WEBHOOK_SECRET", secret)
          .input(sent)
          .run();
    };
    const json event = expect_event(verify("whsec_other,whsec_test"));
    EXPECT_EQ(event.at("answer"), 200);
    states.push_back(event.at("outcome").at("state"));
    expect_refused_event(verify("whsec_other"), "signature_mismatch");
  }
  EXPECT_THAT(states, testing::ElementsAre("processing", "failed", "paid", "expired"));
}

} // namespace
