// No secret, no URL and nothing about the customer is ever printed, wherever it came from. What
// must not be printed holds the word CANARY here.
#include "run_program.hpp"
#include "stripe_server.hpp"

#include "loopback/closed_ports.hpp"

#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using loopback::request;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_silence(const program_run& run) {
  for (const std::string& stream : {run.output, run.errors}) {
    EXPECT_THAT(stream, Not(HasSubstr("CANARY")));
    EXPECT_THAT(stream, Not(HasSubstr("://shop")));
  }
  EXPECT_NE(run.output + run.errors, "");
}

// A session with all that Stripe may know of a customer and of a shop's set-up.
json talkative_session() {
  const json address = {{"city", "CANARY"},  {"country", "CA"},         {"line1", "CANARY 1"},
                        {"line2", "CANARY"}, {"postal_code", "CANARY"}, {"state", "CANARY"}};
  const json person = {{"address", address},
                       {"email", "CANARY@mail.example"},
                       {"name", "CANARY Name"},
                       {"phone", "+1 CANARY"},
                       {"tax_ids", {{{"type", "eu_vat"}, {"value", "CANARY"}}}}};
  return session_document(
      {{"after_expiration",
        {{"recovery", {{"url", "https://shop.example/CANARY"}, {"expires_at", 1774342786}}}}},
       {"cancel_url", "https://shop.example/cancel/CANARY"},
       {"client_reference_id", "CANARY"},
       {"client_secret", "cs_test_a1_secret_CANARY"},
       {"collected_information", {{"shipping_details", person}}},
       {"custom_fields", {{{"key", "CANARY"}, {"text", {{"value", "CANARY"}}}}}},
       {"customer", {{"id", "cus_CANARY"}, {"email", "CANARY@mail.example"}}},
       {"customer_details", person},
       {"customer_email", "CANARY@mail.example"},
       {"line_items",
        {{"object", "list"},
         {"has_more", false},
         {"data", {{{"id", "li_CANARY"}, {"description", "CANARY"}, {"quantity", 1}}}}}},
       {"metadata", {{"out_trade_no", "A1"}, {"note", "CANARY"}, {"CANARY", "1"}}},
       {"payment_intent",
        {{"id", "pi_1"},
         {"object", "payment_intent"},
         {"status", "succeeded"},
         {"client_secret", "pi_1_secret_CANARY"},
         {"receipt_email", "CANARY@mail.example"},
         {"shipping", person},
         {"metadata", {{"note", "CANARY"}}}}},
       {"return_url", "https://shop.example/return/CANARY"},
       {"subscription", "sub_CANARY"},
       {"success_url", "https://shop.example/success/CANARY"},
       {"url", "https://shop.example/pay/CANARY#fid"}});
}

// The ways in which a session can stand or be refused.
std::vector<json> talkative_sessions() {
  std::vector<json> sessions;
  for (const json& changes :
       {json::object(), json{{"status", "open"}, {"payment_status", "unpaid"}},
        json{{"status", "expired"}, {"payment_status", "unpaid"}}, json{{"status", "expired"}},
        json{{"status", nullptr}}, json{{"payment_status", "unpaid"}},
        json{{"mode", "setup"}, {"payment_status", "no_payment_required"}},
        json{{"metadata", {{"out_trade_no", "A2"}, {"note", "CANARY"}}}},
        json{{"client_secret", {"CANARY"}}}, json{{"url", {{"CANARY", "CANARY"}}}},
        json{{"metadata", {{"CANARY", 1}}}}, json{{"object", "CANARY"}},
        json{{"amount_total", "CANARY"}}, json{{"livemode", "CANARY"}}, json{{"created", "CANARY"}},
        json{{"expires_at", 1e300}}}) {
    json session = talkative_session();
    session.update(changes);
    sessions.push_back(session);
  }
  return sessions;
}

TEST(Secrecy, OfARecordedSession) {
  for (const json& session : talkative_sessions()) {
    SCOPED_TRACE(session.dump());
    for (const std::string& form : {session.dump(), session.dump(2), session.dump() + "CANARY",
                                    session.dump().substr(0, session.dump().size() / 2)}) {
      expect_silence(program_call({"decide", "-", "--now", "1774256400"}).input(form).run());
      expect_silence(program_call({"decide", "-", "--expect", "out_trade_no=B", "--expect",
                                   "amount=1", "--expect", "livemode=true"})
                         .input(form)
                         .run());
    }
  }
  expect_silence(program_call({"decide", "-"})
                     .input(R"({"metadata":{"CANARY":"CANARY","CANARY":"CANARY"}})")
                     .run());
  expect_silence(program_call({"decide", "/no/such/CANARY.json"}).run());
}

TEST(Secrecy, OfAFetchedSession) {
  for (const json& session : talkative_sessions()) {
    SCOPED_TRACE(session.dump());
    loopback::response response = session_response(session);
    response.headers.push_back({"Set-Cookie", "CANARY"});
    stripe_server stripe([&](const request&) { return response; });
    program_call call =
        stripe.call_without_key({"fetch", "session_id=cs_test_a1&email=CANARY@mail.example"});
    expect_silence(call.variable("STRIPE_SECRET_KEY", "sk_test_CANARY").run());
    EXPECT_EQ(stripe.server().requests(), 1);
  }
}

TEST(Secrecy, OfWhatStripeSaysWhenItRefuses) {
  for (const int status : {400, 401, 403, 404, 409, 429, 500, 302}) {
    loopback::response response =
        error_response(status, "CANARY: not a word",
                       "Invalid API Key provided: sk_test_CANARY; exists in live mode");
    response.headers.push_back({"Location", "https://shop.example/CANARY"});
    response.headers[2].second = "req CANARY";
    stripe_server stripe([&](const request&) { return response; });
    for (const char* command : {"fetch", "doctor"}) {
      std::vector<std::string> words = {command};
      if (words[0] == "fetch") words.emplace_back("cs_test_a1");
      program_call call = stripe.call_without_key(words);
      expect_silence(call.variable("STRIPE_SECRET_KEY", "sk_test_CANARY").run());
    }
  }
}

TEST(Secrecy, OfAWebhook) {
  constexpr stripe_return::unix_seconds signed_at = 1774256400;
  const auto verify = [](const std::string& body, const std::string& header,
                         const std::string& secrets) {
    return program_call({"verify", "--now", std::to_string(signed_at), "--signature", header})
        .input(body)
        .variable("STRIPE_WEBHOOK_SECRET", secrets)
        .run();
  };
  for (const json& session : talkative_sessions()) {
    const json event = {{"id", "evt_1"},
                        {"object", "event"},
                        {"data", {{"object", session}, {"previous_attributes", {{"a", "CANARY"}}}}},
                        {"livemode", false},
                        {"request", {{"idempotency_key", "CANARY"}}},
                        {"type", "checkout.session.completed"}};
    for (const std::string& body : {event.dump(), event.dump(2), event.dump() + "CANARY"}) {
      SCOPED_TRACE(body);
      const std::string header =
          stripe_return::testkit::sign_webhook(body, "whsec_CANARY", signed_at);
      expect_silence(verify(body, header, "whsec_CANARY"));
      expect_silence(verify(body, header, "whsec_1,whsec_CANARY"));
      expect_silence(verify(body, header, "whsec_CANARY whsec_CANARY"));
      expect_silence(verify(body, header, ",whsec_CANARY"));
      expect_silence(verify(body, header + ",CANARY", "whsec_CANARY"));
      expect_silence(verify(body, "t=1,v1=CANARY", "whsec_CANARY"));
      const program_run run = verify(body + " ", header, "whsec_CANARY");
      EXPECT_THAT(run.output + run.errors, Not(HasSubstr(header.substr(header.size() - 64))));
    }
  }
}

TEST(Secrecy, OfTheQuery) {
  for (const char* query :
       {"session_id=cs_test_a1_secret_CANARY", "cs_test_a1_secret_CANARY", "CANARY",
        "session_id=CANARY&session_id=CANARY", "session_id[]=CANARY", "session_id=%22CANARY%22",
        "https://shop.example/CANARY", "https://shop.example/?session_id=cs_test_a1&key=CANARY",
        "https://CANARY:CANARY@shop.example/?session_id=CANARY"}) {
    SCOPED_TRACE(query);
    expect_silence(program_call({"fetch", query}).run());
    expect_silence(program_call({"fetch", query, "--param", "CANARY"}).run());
  }
}

TEST(Secrecy, OfTheEnvironment) {
  const loopback::refusing_port nobody;
  const std::string base = "http://127.0.0.1:" + std::to_string(nobody.port());
  for (const char* key : {"sk_live_CANARY", "pk_live_CANARY", "CANARY", "sk_test_CANARY "}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"fetch", "cs_test_a1"}, std::vector<std::string>{"doctor"}}) {
      SCOPED_TRACE(std::string(key) + command[0]);
      program_call call(command);
      call.with({"--api-base", base}).variable("STRIPE_SECRET_KEY", key);
      call.variable("STRIPE_WEBHOOK_SECRET", "whsec_CANARY,CANARY");
      call.variable("https_proxy", "http://CANARY:CANARY@shop.example");
      expect_silence(call.run());
    }
  }
}

TEST(Secrecy, OfAnApiBaseThatIsRefused) {
  for (const char* base : {"https://CANARY:CANARY@127.0.0.1", "https://127.0.0.1/CANARY",
                           "http://CANARY.example", "CANARY"}) {
    for (const char* command : {"fetch", "doctor"}) {
      SCOPED_TRACE(std::string(command) + ' ' + base);
      std::vector<std::string> words = {command};
      if (words[0] == "fetch") words.emplace_back("cs_test_a1");
      program_call call(words);
      call.with({"--deadline", "0.001", "--api-base", base});
      expect_silence(call.variable("STRIPE_SECRET_KEY", "sk_test_1").run());
    }
  }
}

TEST(Secrecy, OfAStoreThatCannotBeUsed) {
  const loopback::refusing_port nobody;
  const std::string port = std::to_string(nobody.port());
  for (const std::string& store :
       {"postgresql://CANARY:CANARY@127.0.0.1:" + port + "/CANARY",
        "postgres:host=127.0.0.1 port=" + port + " user=CANARY password=CANARY dbname=CANARY",
        std::string("postgres:CANARY"), std::string("sqlite:/no/such/CANARY"),
        std::string("mysql://CANARY:CANARY@127.0.0.1")}) {
    for (const std::vector<std::string>& command :
         std::vector<std::vector<std::string>>{{"order", "CANARY"},
                                               {"list"},
                                               {"refresh", "cs_test_a1_secret_CANARY"},
                                               {"resolve", "CANARY", "accept", "--by", "CANARY"},
                                               {"cancel", "CANARY", "--by", "CANARY"},
                                               {"doctor", "--deadline", "0.001"}}) {
      SCOPED_TRACE(command[0] + ' ' + store);
      program_call call(command);
      call.with({"--store", store, "--api-base", "http://127.0.0.1:" + port});
      expect_silence(call.variable("STRIPE_SECRET_KEY", "sk_test_CANARY").run());
    }
  }
}

// Where an argument stands wrongly it is often a key, a client secret or a customer's URL.
TEST(Secrecy, OfAnArgumentInTheWrongPlace) {
  const std::vector<std::vector<std::string>> command_lines = {
      {"doctor", "sk_live_CANARY"},
      {"doctor", "--secret-key", "sk_live_CANARY"},
      {"doctor", "--secret-key=sk_live_CANARY"},
      {"fetch", "cs_test_a1", "https://shop.example/?session_id=cs_test_a1_secret_CANARY"},
      {"https://shop.example/?session_id=cs_test_a1_secret_CANARY"},
      {"cs_test_a1_secret_CANARY"},
      {"decide", "-", "sk_live_CANARY"},
      {"decide", "-", "--expect", "CANARY"},
      {"decide", "-", "--expect", "CANARY=CANARY"},
      {"decide", "-", "--expect", "amount=CANARY"},
      {"decide", "-", "--now", "CANARY"},
      {"fetch", "cs_test_a1", "--deadline", "sk_live_CANARY"},
      {"verify", "whsec_CANARY"},
      {"verify", "--signature", "t=1", "whsec_CANARY"},
      {"verify", "--signature", "t=1", "--secret", "whsec_CANARY"},
      {"verify", "--signature", "t=1", "--tolerance", "whsec_CANARY"},
      {"verify", "--signature", "t=1", "--livemode", "whsec_CANARY"},
      {"order", "A1", "sk_live_CANARY", "--store", "sqlite:CANARY"},
      {"order", "CANARY\xff", "--store", "sqlite:CANARY"},
      {"list", "--store", "sqlite:CANARY", "--stage", "sk_live_CANARY"},
      {"list", "--store", "sqlite:CANARY", "--limit", "sk_live_CANARY"},
      {"list", "--store", "sqlite:CANARY", "--review=sk_live_CANARY"},
      {"list", "--store", "sqlite:CANARY", "--stage", "due", "--stage", "sk_live_CANARY"},
      {"list", "--store", "sqlite:CANARY", "--waiting-before", "sk_live_CANARY"},
      {"resolve", "CANARY", "sk_live_CANARY", "--by", "CANARY", "--store", "sqlite:CANARY"},
  };
  for (const std::vector<std::string>& each : command_lines) {
    SCOPED_TRACE(::testing::PrintToString(each));
    const program_run run = program_call(each).run();
    expect_silence(run);
    EXPECT_EQ(run.exit_code, 2);
  }
}

} // namespace
