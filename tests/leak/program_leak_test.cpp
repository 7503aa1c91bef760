// What the programs say on both streams, and the examples on their pages.
#include "canaries.hpp"
#include "planting_stripe.hpp"

#include "fake_stripe/running_program.hpp"
#include "program/run_program.hpp"

#include <stripe_return/testing/webhook_signer.hpp>

#include <gmock/gmock.h>

#include <ctime>
#include <string>
#include <vector>

namespace {

using canary::expect_none;
using nlohmann::json;
using testing::HasSubstr;

const std::string order = "1774256382025448500";

// What can happen to a session, each list to one.
const std::vector<std::vector<std::string>> lives = {
    {},          {"pay"},   {"pay_later"}, {"pay_later", "succeed"}, {"pay_later", "fail"},
    {"decline"}, {"expire"}};

// Both streams of a program as one.
class talking_program {
public:
  talking_program(const std::string& path, std::vector<std::string> arguments,
                  const std::vector<std::string>& variables)
      : program_("/bin/sh", in_a_shell(path, std::move(arguments)), variables) {}

  std::string line() { return program_.line(); }
  // All that it says after the lines that were read, until it ends.
  std::string rest() { return program_.rest(); }
  // The same of one that does not end by itself.
  std::string rest_when_ended() {
    program_.end(SIGTERM);
    return rest();
  }

private:
  static std::vector<std::string> in_a_shell(const std::string& path,
                                             std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-c", "exec \"$0\" \"$@\" 2>&1", path});
    return arguments;
  }
  running_program program_;
};

std::string text_of(const httplib::Result& page) {
  if (!page) return {};
  std::string text = page->body;
  for (const auto& [name, value] : page->headers)
    text += "\n" + name + ": " + value;
  return text;
}

std::string id_of_life(const planting_stripe& stripe, const std::vector<std::string>& happenings) {
  const json session = stripe.behind().create("&metadata[out_trade_no]=" + order);
  for (const std::string& each : happenings)
    stripe.behind().let(session, each);
  return session.at("id");
}

// The events so far, as Stripe sends them.
std::vector<std::string> webhooks(const planting_stripe& stripe) {
  std::vector<std::string> bodies;
  for (const json& each : stripe.behind().read("/v1/events").at("data"))
    bodies.push_back(canary::planted(each).dump());
  return bodies;
}

std::string signature_of(const std::string& body) {
  return stripe_return::testing::sign_webhook(body, canary::webhook_secret, std::time(nullptr));
}

const std::vector<std::string> secrets(const std::string& base) {
  return {"STRIPE_SECRET_KEY=" + canary::secret_key, "STRIPE_API_BASE=" + base,
          "STRIPE_WEBHOOK_SECRET=" + canary::webhook_secret};
}

TEST(ProgramLeak, OfStripeReturn) {
  planting_stripe stripe;
  const auto look = [&](const std::vector<std::string>& words, const std::string& input) {
    program_call call(words);
    call.variable("STRIPE_SECRET_KEY", canary::secret_key)
        .variable("STRIPE_WEBHOOK_SECRET", "whsec_other," + canary::webhook_secret)
        .input(input);
    const program_run run = call.run();
    expect_none(run.output + run.errors, words.front());
    return run.exit_code;
  };
  const auto look_at_stripe = [&](const std::string& id) {
    const int exit_code = look({"fetch", id, "--api-base", stripe.url()}, {});
    look({"doctor", "--api-base", stripe.url()}, {});
    return exit_code;
  };
  std::string id;
  for (const auto& each : lives) {
    id = id_of_life(stripe, each);
    EXPECT_EQ(look_at_stripe(id), 0);
    const std::string document =
        canary::planted(stripe.behind().read("/v1/checkout/sessions/" + id)).dump();
    EXPECT_EQ(look({"decide", "-"}, document), 0);
    EXPECT_EQ(look({"decide", "-", "--expect", "out_trade_no=B"}, document), 0);
    EXPECT_EQ(look({"decide", "-"}, document + canary::email), 1);
  }
  for (const std::string& each : webhooks(stripe)) {
    EXPECT_EQ(look({"verify", "--signature", signature_of(each)}, each), 0);
    EXPECT_EQ(look({"verify", "--signature", signature_of(each)}, each + " "), 1);
    EXPECT_EQ(look({"verify", "--signature", canary::webhook_secret}, each), 1);
  }
  for (const int status : {302, 400, 401, 403, 404, 409, 424, 429, 500}) {
    stripe.refuse(status);
    EXPECT_EQ(look_at_stripe(id), 1) << status;
  }
}

TEST(ProgramLeak, OfFakeStripe) {
  talking_program program(FAKE_STRIPE_PROGRAM,
                          {"--secret-key", canary::secret_key, "--webhook",
                           "http://127.0.0.1:1/hook", "--webhook-secret", canary::webhook_secret},
                          {});
  const std::string url = program.line();
  httplib::Client client(url);
  const std::string form = shop::least_form() + "&customer_email=" + canary::email;
  for (const std::string& key : {canary::secret_key, canary::client_secret}) {
    expect_none(text_of(client.Post("/v1/charges", {{"Authorization", "Bearer " + key}}, "",
                                    "application/x-www-form-urlencoded")),
                "the fake");
    ASSERT_TRUE(client.Post("/v1/checkout/sessions", {{"Authorization", "Bearer " + key}}, form,
                            "application/x-www-form-urlencoded"));
  }
  for (const char* path : {"/_fake/requests", "/_fake/webhooks", "/_fake/faults"})
    expect_none(text_of(client.Get(path)), path);
  expect_none(url + program.rest_when_ended(), "fake-stripe");

  const std::string& key = canary::secret_key;
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {key},
           {"--" + key},
           {"--port", key},
           {"--port=" + key},
           {"--webhook-secret", key},
           {"--webhook", key, "--webhook-secret", key},
           {"--secret-key", "sk_live_" + key},
           {"--tls=" + key},
           {"--tls", "--tls-ca-file", "/no/such/folder/ca", key}}) {
    talking_program mistaken(FAKE_STRIPE_PROGRAM, wrong, {});
    const std::string why = mistaken.rest();
    EXPECT_NE(why, "");
    expect_none(why, "fake-stripe");
  }
}

class EndpointLeak : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EndpointLeak, IsNone) {
  planting_stripe stripe;
  talking_program program(GetParam().second, {"0"}, secrets(stripe.url()));
  const std::string url = program.line();
  const auto visit = [&](const std::string& query) {
    const std::string page = text_of(httplib::Client(url).Get("/stripe_return?" + query));
    EXPECT_NE(page, "");
    expect_none(page, "the page");
    return page;
  };
  EXPECT_THAT(visit("session_id=" + id_of_life(stripe, {"pay"})), HasSubstr("Thank you"));
  std::string id;
  for (const auto& each : lives) {
    id = id_of_life(stripe, each);
    visit("session_id=" + id);
  }
  for (const std::string& each : {canary::client_secret, canary::note, canary::secret_key})
    visit("session_id=" + each + "&email=" + canary::note);
  for (const std::string& each : webhooks(stripe)) {
    for (const std::string& header : {signature_of(each), canary::webhook_secret, std::string()}) {
      const auto answer = httplib::Client(url).Post("/webhook", {{"Stripe-Signature", header}},
                                                    each, "application/json");
      expect_none(text_of(answer), "the answer to Stripe");
    }
  }
  for (const int status : {302, 401, 403, 404, 429, 500}) {
    stripe.refuse(status);
    visit("session_id=" + id);
  }
  const std::string log = program.rest_when_ended();
  EXPECT_THAT(log, HasSubstr("fulfil " + order));
  expect_none(log, "the endpoint");
}

const std::pair<const char*, const char*> endpoints[] = {
#include "endpoints.inc"
};
INSTANTIATE_TEST_SUITE_P(Of, EndpointLeak, testing::ValuesIn(endpoints),
                         [](const auto& each) { return std::string(each.param.first); });

TEST(ProgramLeak, OfMetrics) {
  planting_stripe stripe;
  std::vector<std::string> ids;
  for (const auto& each : lives)
    ids.push_back(id_of_life(stripe, each));
  ids.push_back(canary::client_secret);
  ids.push_back("cs_test_" + canary::note);
  stripe.behind().commanded("/faults", {{"kind", "status"}, {"status", 503}, {"count", 1}});
  talking_program program(PROMETHEUS_PROGRAM, ids, secrets(stripe.url()));
  const std::string metrics = program.rest();
  EXPECT_THAT(metrics, HasSubstr("result=\"session\"} 7"));
  expect_none(metrics, "the metrics");
}

// It has a Stripe and recordings of its own, and with them other canaries.
TEST(ProgramLeak, OfTheShop) {
  talking_program program(RETURN_ENDPOINT_PROGRAM, {"--port", "0"}, {});
  const std::string first = program.line();
  ASSERT_THAT(first, HasSubstr("http://"));
  httplib::Client browser(
      first.substr(first.find("http://"), first.rfind('/') - first.find("http://")));
  std::string seen = first;
  const auto come_back = [&](const httplib::Result& sent, const std::string& target) {
    const std::string cookie = sent->get_header_value("Set-Cookie");
    const auto page = browser.Get(target, {{"Cookie", cookie.substr(0, cookie.find(';'))}});
    ASSERT_TRUE(page);
    EXPECT_NE(page->body, "");
    seen += text_of(page);
  };
  int visits = 0;
  for (;; ++visits) {
    const auto sent = browser.Get("/visit?number=" + std::to_string(visits));
    ASSERT_TRUE(sent);
    if (sent->status == 404) break;
    come_back(sent, sent->get_header_value("Location"));
  }
  EXPECT_GT(visits, 20);
  for (const char* action : {"pay", "pay_later", "decline"}) {
    const auto sold = browser.Post("/buy");
    ASSERT_TRUE(sold);
    const std::string at_stripe = sold->get_header_value("Location");
    const std::size_t path = at_stripe.find('/', at_stripe.find("://") + 3);
    httplib::Client stripe(at_stripe.substr(0, path));
    const auto paid =
        stripe.Post(at_stripe.substr(path, at_stripe.find('#') - path),
                    std::string("action=") + action, "application/x-www-form-urlencoded");
    ASSERT_TRUE(paid);
    const std::string back = paid->get_header_value("Location");
    if (!back.empty()) come_back(sold, back.substr(back.find('/', back.find("://") + 3)));
  }
  EXPECT_EQ(seen.find("_secret_b"), std::string::npos); // which one of the visits brings
  seen += program.rest_when_ended();
  EXPECT_THAT(seen, HasSubstr("state=paid"));
  for (const char* each : {"sk_test", "whsec", "Jenny", "jenny", "user@"})
    EXPECT_EQ(seen.find(each), std::string::npos) << each;
}

} // namespace
