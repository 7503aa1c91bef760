// What the programs say on both streams, and the examples on their pages.
#include "canaries.hpp"
#include "planting_stripe.hpp"
#include "session_histories.hpp"

#include "fake_stripe/running_program.hpp"
#include "program/run_program.hpp"

#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

namespace {

using canary::expect_none;
using nlohmann::json;
using testing::HasSubstr;

const std::string order = "1774256382025448500";

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

std::string id_of_history(const planting_stripe& stripe, const std::vector<std::string>& actions) {
  const json session = stripe.behind().create("&metadata[out_trade_no]=" + order);
  for (const std::string& each : actions)
    stripe.behind().apply(session, each);
  return session.at("id");
}

// The events so far, as Stripe sends them.
std::vector<std::string> webhooks(const planting_stripe& stripe) {
  std::vector<std::string> bodies;
  const json events = stripe.behind().read("/v1/events");
  for (const json& each : events.at("data"))
    bodies.push_back(canary::planted(each).dump());
  return bodies;
}

std::string signature_of(const std::string& body) {
  return stripe_return::testkit::sign_webhook(body, canary::webhook_secret, std::time(nullptr));
}

const std::vector<std::string> secrets(const std::string& base) {
  return {"STRIPE_SECRET_KEY=" + canary::secret_key, "STRIPE_API_BASE=" + base,
          "STRIPE_WEBHOOK_SECRET=" + canary::webhook_secret};
}

TEST(ProgramSecrecy, OfStripeReturn) {
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
  for (const auto& each : session_histories) {
    id = id_of_history(stripe, each);
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

TEST(ProgramSecrecy, OfFakeStripe) {
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

class EndpointSecrecy : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EndpointSecrecy, OfPagesAndLogs) {
  planting_stripe stripe;
  const std::string place = testing::TempDir() + "orders-" + std::to_string(getpid());
  talking_program program(GetParam().second, {"0", "sqlite:" + place}, secrets(stripe.url()));
  const std::string url = program.line();
  const auto visit = [&](const std::string& query) {
    const std::string page = text_of(httplib::Client(url).Get("/stripe_return?" + query));
    EXPECT_NE(page, "");
    expect_none(page, "the page");
    return page;
  };
  EXPECT_THAT(visit("session_id=" + id_of_history(stripe, {"pay"})), HasSubstr("Thank you"));
  std::string log = program.line();
  EXPECT_THAT(log, HasSubstr("fulfill " + order));
  std::string id;
  for (const auto& each : session_histories) {
    id = id_of_history(stripe, each);
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
  log += program.rest_when_ended();
  expect_none(log, "the endpoint");
  for (const char* suffix : {"", "-shm", "-wal"})
    std::remove((place + suffix).c_str());
}

const std::pair<const char*, const char*> endpoints[] = {
#include "endpoints.inc"
};
INSTANTIATE_TEST_SUITE_P(Of, EndpointSecrecy, testing::ValuesIn(endpoints),
                         [](const auto& each) { return std::string(each.param.first); });

TEST(ProgramSecrecy, OfMetrics) {
  planting_stripe stripe;
  std::vector<std::string> ids;
  for (const auto& each : session_histories)
    ids.push_back(id_of_history(stripe, each));
  ids.push_back(canary::client_secret);
  ids.push_back("cs_test_" + canary::note);
  stripe.behind().commanded("/faults", {{"kind", "status"}, {"status", 503}, {"count", 1}});
  talking_program program(PROMETHEUS_PROGRAM, ids, secrets(stripe.url()));
  const std::string metrics = program.rest();
  EXPECT_THAT(metrics, HasSubstr("result=\"ok\"} 7"));
  expect_none(metrics, "the metrics");
}

// A browser in a shop that has a Stripe of its own, and with it other canaries.
class visitor {
public:
  explicit visitor(const std::string& url) : browser_(url) {}

  httplib::Result get(const std::string& target) { return kept(browser_.Get(target, cookies())); }
  // Where that leads to, by however many steps.
  std::string led_to(const httplib::Result& sent) {
    const std::string target = path_of(sent ? sent->get_header_value("Location") : "");
    if (target.empty()) return target;
    const std::string further = led_to(get(target));
    return further.empty() ? target : further;
  }
  // Buys, and does that on Stripe's page.
  std::string buy(const std::string& action) {
    const auto sold = kept(browser_.Post("/create-checkout-session", cookies(), "",
                                         "application/x-www-form-urlencoded"));
    if (!sold) return {};
    const std::string page = sold->get_header_value("Location");
    const std::string path = path_of(page);
    return led_to(httplib::Client(page.substr(0, page.size() - path.size()))
                      .Post(path.substr(0, path.find('#')), "action=" + action,
                            "application/x-www-form-urlencoded"));
  }
  const std::string& seen() const { return seen_; }

private:
  static std::string path_of(const std::string& url) {
    const std::size_t host = url.find("://");
    return host == std::string::npos ? url : url.substr(url.find('/', host + 3));
  }
  httplib::Headers cookies() const {
    return cookie_.empty() ? httplib::Headers() : httplib::Headers{{"Cookie", cookie_}};
  }
  httplib::Result kept(httplib::Result answer) {
    if (answer && answer->has_header("Set-Cookie")) {
      cookie_ = answer->get_header_value("Set-Cookie");
      cookie_.resize(cookie_.find(';'));
    }
    if (answer) seen_ += answer->body;
    return answer;
  }

  httplib::Client browser_;
  std::string cookie_;
  std::string seen_;
};

// What is secret or a customer's in the fake Stripe and in the recordings.
void expect_nobody(const std::string& text) {
  for (const char* each : {"sk_test", "whsec", "Jenny", "jenny", "user@"})
    EXPECT_EQ(text.find(each), std::string::npos) << each;
}

std::string url_in(const std::string& line) {
  const std::size_t start = std::min(line.find("http://"), line.size());
  return line.substr(start, line.find('/', start + 7) - start);
}

TEST(ProgramSecrecy, OfTheReturnEndpoint) {
  talking_program program(RETURN_ENDPOINT_PROGRAM, {"--port", "0"}, {});
  visitor someone(url_in(program.line()));
  int visits = 0;
  while (!someone.led_to(someone.get("/visit?number=" + std::to_string(visits))).empty())
    ++visits;
  EXPECT_GT(visits, 20);
  EXPECT_THAT(someone.seen(), HasSubstr("Your payment has arrived"));
  EXPECT_EQ(someone.seen().find("_secret_b"), std::string::npos); // which one of the visits brings
  expect_nobody(someone.seen());
  const std::string log = program.rest_when_ended();
  EXPECT_THAT(log, HasSubstr("state=paid"));
  expect_nobody(log);
}

#ifdef SHOP_PROGRAM
TEST(ProgramSecrecy, OfTheShop) {
  talking_program program(SHOP_PROGRAM, {"--port", "0"}, {});
  const std::string url = url_in(program.line());
  const std::string orders = program.line();
  int orders_seen = 0;
  for (const char* action : {"pay", "pay_later", "decline", "leave"}) {
    visitor someone(url);
    const std::string page = someone.buy(action);
    EXPECT_EQ(page.empty(), std::string(action) == "decline");
    if (page.rfind("/order/", 0) == 0) {
      someone.get(page + "/status");
      EXPECT_THAT(someone.seen(), HasSubstr("\"state\":"));
      ++orders_seen;
    }
    expect_nobody(someone.seen());
  }
  EXPECT_GE(orders_seen, 2);
  visitor mistaken(url);
  mistaken.get("/return?session_id=" + canary::client_secret);
  expect_none(mistaken.seen(), "the shop's pages");
  visitor keeper(url);
  keeper.led_to(keeper.get(orders.substr(orders.find("/orders?"))));
  EXPECT_THAT(keeper.seen(), HasSubstr("/orders/order?number="));
  expect_nobody(keeper.seen());
  const std::string log = program.rest_when_ended();
  expect_nobody(log);
}
#endif

} // namespace
