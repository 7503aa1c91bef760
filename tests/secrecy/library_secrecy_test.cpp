// What the library says, to whoever asks its values and on the two output streams.
#include "canaries.hpp"
#include "planting_stripe.hpp"
#include "printable.hpp"
#include "session_histories.hpp"
#include "unit/client/client_calls.hpp"

#include "data/data_file.hpp"

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using canary::expect_none;
using nlohmann::json;

constexpr sr::unix_seconds now = 1774256400;

// Nothing of what a test does may be on the streams either.
class LibrarySecrecy : public testing::Test {
protected:
  void SetUp() override {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
  }
  void TearDown() override {
    expect_none(testing::internal::GetCapturedStdout(), "stdout");
    expect_none(testing::internal::GetCapturedStderr(), "stderr");
  }
};

// Recorded, of every API version, and built, in every state and form.
std::vector<std::string> documents() {
  std::vector<std::string> all = {data_file("paid.json"), data_file("unpaid.json"),
                                  data_file("stripe_go_zero.json")};
  for (const auto& each : std::filesystem::directory_iterator(STRIPE_RETURN_TEST_DATA "/api"))
    all.push_back(data_file("api/" + each.path().filename().string()));
  const sr::testkit::session_builder order = sr::testkit::session_builder().out_trade_no("A1");
  for (const auto& each :
       {order, order.paid(), order.no_payment_required(), order.processing(), order.failed(),
        order.expired(), order.setup(), order.paid().id("cs_live_a1"),
        order.paid().payment_intent("succeeded"), order.set("status", R"("new")")}) {
    all.push_back(each.json());
    all.push_back(each.stripe_go_json());
  }
  for (std::string& each : all)
    each = canary::planted_text(each);
  return all;
}

// The same document with one thing wrong, again and again.
std::vector<std::string> spoiled(const std::string& document) {
  std::vector<std::string> all = {document + canary::email, document.substr(0, document.size() / 2),
                                  "[" + document + "]", "\xff" + document};
  const json right = json::parse(document);
  for (const auto& [key, value] : right.items()) {
    if (key == "id") continue; // whatever Stripe calls it is not secret
    for (const json& other : {json(canary::email), json::array({canary::secret_key}),
                              json{{canary::name, canary::phone}}, json(1e300), json(-7.5)}) {
      json wrong = right;
      wrong[key] = other;
      all.push_back(wrong.dump());
    }
    all.push_back(document.substr(0, document.size() - 1) + ",\"" + key + "\":\"" + canary::street +
                  "\"}");
  }
  return all;
}

sr::expected_order another_order() {
  sr::expected_order order;
  order.out_trade_no = "B2";
  order.amounts = {{1, "eur"}};
  order.livemode = sr::livemode::live;
  order.session_ids = {"cs_test_other"};
  return order;
}

TEST_F(LibrarySecrecy, OfDocuments) {
  const std::vector<std::string> all = documents();
  ASSERT_GE(all.size(), 30u);
  for (const std::string& each : all) {
    const auto session = sr::parse_checkout_session(each);
    expect_none(printable(session), "the session");
    if (session) expect_none(printable(sr::decide(*session, another_order(), now)), "the outcome");
  }
  for (const std::string& each : {all.front(), all.back()}) {
    for (const std::string& wrong : spoiled(each)) {
      expect_none(printable(sr::parse_checkout_session(wrong)), "the refusal");
      expect_none(printable(sr::parse_event_page(wrong)), "the refusal");
    }
  }
}

TEST_F(LibrarySecrecy, OfQueries) {
  for (const std::string& each :
       {canary::client_secret, "session_id=" + canary::client_secret, "session_id=" + canary::email,
        "?session_id=cs_test_a&session_id=" + canary::secret_key,
        "session_id[]=" + canary::secret_key, canary::page + "?session_id=", "#" + canary::page,
        "session_id=cs_test_%" + canary::phone}) {
    expect_none(printable(sr::parse_return_query(each)), "the query's refusal");
    expect_none(printable(sr::session_id::parse(each)), "the id's refusal");
  }
}

TEST_F(LibrarySecrecy, OfWebhooks) {
  const sr::webhook_verifier verifier({{"current", canary::webhook_secret}}, sr::livemode::test);
  const auto look = [&](const std::string& body, const std::string& header, sr::unix_seconds at) {
    const auto event = verifier.verify(body, header, at);
    expect_none(printable(event) + std::to_string(http_answer(event)), "the event");
    expect_none(printable(verifier.verify_without_time_check(body, header)), "the old event");
  };
  const sr::testkit::session_builder order = sr::testkit::session_builder().out_trade_no("A1");
  for (const std::string& each : {order.paid().event("checkout.session.completed"),
                                  order.failed().event("checkout.session.async_payment_failed"),
                                  order.expired().event("checkout.session.expired"),
                                  order.expired().thin_event("checkout.session.expired"),
                                  order.set("status", "7").event("checkout.session.expired"),
                                  order.paid().id("cs_live_a1").event("checkout.session.completed"),
                                  order.paid().account("acct_1").event("charge.succeeded")}) {
    const std::string body = canary::planted_text(each);
    const std::string header = sr::testkit::sign_webhook(body, canary::webhook_secret, now);
    look(body, header, now);
    look(body, header, now + 3600);
    look(body, header, now - 3600);
    look(body + " ", header, now);
    look(body, header + "," + canary::webhook_secret, now);
    look(body, canary::webhook_secret, now);
    look(body, "", now);
    for (const std::string& wrong : spoiled(body))
      look(wrong, sr::testkit::sign_webhook(wrong, canary::webhook_secret, now), now);
  }
}

// Of each HTTP status, and of each kind of answer that is none.
TEST_F(LibrarySecrecy, OfRefusals) {
  const std::string refusal = canary::planted_text(R"({"error":{"code":"resource_missing"}})");
  for (int status = 200; status != 600; ++status) {
    const auto transport =
        std::make_shared<sr::testkit::scripted_transport>([&](const sr::http_request&) {
          return sr::testkit::stripe_response(status, refusal, now);
        });
    sr::client_options options;
    options.secret_key = canary::secret_key;
    options.retry.max_retries = 0;
    options.requests_per_second = 0;
    const sr::session_client stripe(options, {transport});
    expect_none(printable(stripe.retrieve(*sr::session_id::parse("cs_test_a1"))), "a refusal");
    sr::checkout_parameters checkout;
    checkout.out_trade_no = "A1";
    checkout.attempt = 1;
    checkout.line_items = {{"Tea", {400, "cny"}, 1}};
    checkout.success_url = canary::page;
    checkout.extra_parameters = {{"customer_email", canary::email}};
    expect_none(printable(stripe.create(checkout)), "a refusal to create");
    checkout.extra_parameters = {{"mode", canary::email}};
    expect_none(printable(stripe.create(checkout)), "a parameter that is refused");
  }
}

TEST_F(LibrarySecrecy, OfOptionsThatAreRefused) {
  for (const std::string& base : {canary::page, "http://" + canary::email, canary::secret_key}) {
    sr::client_options options;
    options.secret_key = canary::secret_key;
    options.retry.max_retries = 0;
    options.api_base = base;
    const auto fetch = [&] {
      return printable(sr::session_client(options).retrieve(*sr::session_id::parse("cs_test_a1")));
    };
    expect_none(fetch(), "a refused api_base");
    options.api_base = "https://127.0.0.1:1";
    options.ca_file = base;
    expect_none(fetch(), "a refused CA file");
    options.ca_file.clear();
    options.proxy = base;
    expect_none(fetch(), "a refused proxy");
    options.proxy.clear();
    for (const std::string& key : {"sk_live_" + canary::webhook_secret, "pk_" + canary::secret_key,
                                   canary::secret_key + " ", canary::email}) {
      options.secret_key = key;
      expect_none(fetch(), "a refused key");
    }
  }
}

class listener final : public sr::client_observer {
public:
  void on_retry(sr::client_call, sr::error_code why, std::chrono::milliseconds) override {
    heard_ += std::string(to_string(why)) + "\n";
  }
  void on_finish(const sr::call_report& report) override {
    heard_ += report.request_id + "\n";
    if (report.failure) heard_ += std::string(to_string(*report.failure)) + "\n";
  }
  const std::string& heard() const { return heard_; }

private:
  std::string heard_;
};

// Every state that the fake Stripe has, over the wire, by every call, with an observer.
TEST_F(LibrarySecrecy, OfTheClients) {
  planting_stripe stripe;
  sr::client_options options;
  options.secret_key = canary::secret_key;
  options.api_base = stripe.url();
  options.retry.first_delay = options.retry.longest_delay = std::chrono::milliseconds(1);
  options.requests_per_second = 0;
  const sr::session_client client(options);
  const sr::return_handler on_return(client);
  const auto heard = std::make_shared<listener>();
  {
    sr::async_session_client waiting(options, {nullptr, nullptr, heard});
    // Whether there was something to be leaked.
    const auto look = [&](const std::string& id) {
      const auto parsed = sr::session_id::parse(id);
      const auto fetched = client.retrieve(*parsed);
      expect_none(printable(fetched), "the client");
      const auto outcome = on_return.handle("session_id=" + id, another_order());
      expect_none(printable(outcome) + std::to_string(http_answer(outcome)), "the handler");
      std::promise<std::string> answered;
      waiting.retrieve(parsed, {},
                       [&](const auto& answer) { answered.set_value(printable(answer)); });
      expect_none(answered.get_future().get(), "the waiting client");
      const auto items = client.line_items(*parsed);
      expect_none(items ? "" : printable(items.error()), "the line items");
      return fetched && fetched->session.client_secret.reveal() == canary::client_secret;
    };
    for (const std::vector<std::string>& actions : session_histories) {
      const json session = stripe.behind().create("&customer_email=jenny@mail.example");
      for (const std::string& each : actions)
        stripe.behind().apply(session, each);
      const std::string id = session.at("id");
      EXPECT_TRUE(look(id));
      expect_none(printable(client.expire(*sr::session_id::parse(id))), "expire()");
    }
    const std::string id = stripe.behind().create().at("id");
    for (const json& fault :
         {json{{"kind", "status"}, {"status", 503}, {"count", 2}},
          json{{"kind", "status"}, {"status", 429}}, json{{"kind", "cut"}, {"count", 5}}}) {
      stripe.behind().commanded("/faults", fault);
      look(id);
      stripe.behind().clear_faults();
    }
    for (const int status : {302, 400, 401, 403, 404, 409, 424, 429, 500}) {
      stripe.refuse(status);
      look(id);
    }
    stripe.refuse(0);
    const auto events = client.events_since(made_since(0));
    ASSERT_TRUE(events) << events.error().message;
    EXPECT_FALSE(events->data.empty());
    for (const sr::event& each : events->data)
      expect_none(printable(each), "an event of the list");
    const auto sessions = client.sessions_since(made_since(0));
    ASSERT_TRUE(sessions) << sessions.error().message;
    for (const sr::checkout_session& each : sessions->data)
      expect_none(printable(each), "a session of the list");
  }
  EXPECT_NE(heard->heard(), "");
  expect_none(heard->heard(), "the observer");
}

} // namespace
