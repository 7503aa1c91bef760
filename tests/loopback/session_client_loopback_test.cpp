// The whole way: session_client, curl_transport, TLS and a server.
#include "stalled_resolver.hpp"
#include "transport_calls.hpp"
#include "tunnel_proxy.hpp"
#include "unit/client/client_calls.hpp"

#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/testkit/fake_time.hpp>

#include "unit/core/error_code_of.hpp"
#include "unit/core/session_json.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;

constexpr const char* date_line = "Mon, 23 Mar 2026 09:00:00 GMT";
constexpr sr::unix_seconds date = 1774256400;

sr::session_id id_of(const char* text) {
  return *sr::session_id::parse(text);
}

response stripes(int status, std::string body) {
  return {status, {{"Date", date_line}, {"Request-Id", "req_1"}}, std::move(body)};
}

std::string error_body(const std::string& stripe_code) {
  return R"({"error":{"type":"invalid_request_error","code":")" + stripe_code + R"("}})";
}

class SessionClientLoopback : public ::testing::Test {
protected:
  test_ca ca_;
  std::shared_ptr<sr::testkit::fake_time> clock_ =
      std::make_shared<sr::testkit::fake_time>(1774000000);

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }

  // Times that no slow computer reaches; the clock of the pauses is a fake one.
  sr::client_options options_for(const https_server& server) const {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = server.url();
    options.ca_file = ca_.ca_file();
    options.deadline = std::chrono::minutes(10);
    options.attempt_timeout = patience;
    options.connect_timeout = patience;
    return options;
  }

  sr::session_client client_for(const https_server& server) const {
    return sr::session_client(options_for(server),
                              {std::make_shared<sr::curl_transport>(trusting(ca_)), clock_});
  }
};

TEST_F(SessionClientLoopback, FetchesAndDecides) {
  const https_server server(https(always(stripes(200, session_json().text()))));
  const sr::session_client stripe(options_for(server));
  const auto fetched = stripe.retrieve(id_of("cs_test_a1"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->session.id, "cs_test_a1");
  EXPECT_EQ(fetched->time, date);
  EXPECT_EQ(fetched->clock, sr::clock_source::stripe);
  EXPECT_EQ(fetched->request_id, "req_1");

  const request asked = server.received()[0];
  EXPECT_EQ(asked.target, "/v1/checkout/sessions/cs_test_a1?expand%5B%5D=payment_intent");
  EXPECT_EQ(asked.header("authorization"), "Bearer sk_test_1");
  EXPECT_EQ(asked.header("stripe-version"), sr::stripe_api_version);

  const auto outcome = sr::return_handler(stripe).handle("session_id=cs_test_a1");
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->may_fulfill("A1"));
}

TEST_F(SessionClientLoopback, ReadsACompressedAnswer) {
  response answer = stripes(200, session_json().text());
  answer.gzip = true;
  const https_server server(https(always(answer)));
  EXPECT_TRUE(client_for(server).retrieve(id_of("cs_test_a1")));
}

TEST_F(SessionClientLoopback, HandsItsOptionsToTheTransport) {
  // ca_file
  const https_server server(https(always(stripes(200, session_json().text()))));
  sr::client_options options = options_for(server);
  options.ca_file.clear();
  EXPECT_EQ(error_code_of(sr::session_client(options).retrieve(id_of("cs_test_a1"))),
            code::tls_unknown_ca);
  // proxy
  const tunnel_proxy proxy;
  options = options_for(server);
  options.proxy = proxy.url();
  EXPECT_TRUE(sr::session_client(options).retrieve(id_of("cs_test_a1")));
  EXPECT_EQ(proxy.heard().size(), 1u);
  // max_response_bytes
  options = options_for(server);
  options.max_response_bytes = 1024;
  EXPECT_TRUE(sr::session_client(options).retrieve(id_of("cs_test_a1")));
  const https_server longer(https(always(
      stripes(200, session_json().set("description", quoted(std::string(1024, 'x'))).text()))));
  options.api_base = longer.url();
  EXPECT_EQ(error_code_of(sr::session_client(options).retrieve(id_of("cs_test_a1"))),
            code::response_too_large);
}

TEST_F(SessionClientLoopback, TypesEveryStatus) {
  struct row {
    int status;
    std::string body;
    code why;
    int attempts;
  };
  for (const row& each : std::vector<row>{
           {400, error_body("parameter_unknown"), code::bad_request, 1},
           {400, error_body("rate_limit"), code::rate_limited, 1},
           {401, error_body("api_key_expired"), code::unauthorized, 1},
           {402, error_body("card_declined"), code::unexpected_http_status, 1},
           {403, error_body("account_invalid"), code::permission_denied, 2}, // without expansion
           {404, error_body("resource_missing"), code::session_not_found, 1},
           {409, error_body("idempotency_key_in_use"), code::conflict, 3},
           {424, "", code::dependency_failed, 1},
           {429, error_body("rate_limit"), code::rate_limited, 1},
           {429, error_body("lock_timeout"), code::lock_timeout, 3},
           {500, "<html>", code::stripe_unavailable, 3},
           {502, "", code::stripe_unavailable, 3},
           {503, "[]", code::stripe_unavailable, 3},
           {504, error_body("x y"), code::stripe_unavailable, 3},
           {204, "", code::unexpected_http_status, 1},
           {302, "", code::unexpected_http_status, 1},
           {407, "", code::unexpected_http_status, 1},
           {418, "", code::unexpected_http_status, 1}}) {
    SCOPED_TRACE(each.status);
    // 204 must not have a length (RFC 9110, 8.6); libcurl reads no body then.
    const https_server server(https(always(stripes(each.status, each.body))));
    const auto fetched = client_for(server).retrieve(id_of("cs_test_a1"));
    ASSERT_EQ(error_code_of(fetched), each.why);
    EXPECT_EQ(fetched.error().http_status, each.status);
    EXPECT_EQ(fetched.error().request_id, "req_1");
    EXPECT_EQ(server.requests(), each.attempts);
  }
}

TEST_F(SessionClientLoopback, RefusesAnswersThatAreNotTheSession) {
  struct row {
    std::string body;
    code why;
  };
  for (const row& each : std::vector<row>{
           {"<html>", code::not_json},
           {"", code::not_json},
           {session_json().set("object", quoted("event")).text(), code::wrong_object},
           {session_json().set("id", quoted("cs_test_b2")).text(), code::wrong_session},
           {session_json().set("livemode", "true").text(), code::livemode_mismatch}}) {
    const https_server server(https(always(stripes(200, each.body))));
    const auto fetched = client_for(server).retrieve(id_of("cs_test_a1"));
    ASSERT_EQ(error_code_of(fetched), each.why) << each.body;
    EXPECT_EQ(fetched.error().http_status, 200);
    EXPECT_EQ(fetched.error().request_id, "req_1");
    EXPECT_EQ(server.requests(), 1);
  }
}

TEST_F(SessionClientLoopback, TakesTheKeyNowhereElse) {
  const https_server trap(https(always(response{200, {}, session_json().text()})));
  const https_server server(https(always(response{302, {{"Location", trap.url()}}, ""})));
  EXPECT_EQ(error_code_of(client_for(server).retrieve(id_of("cs_test_a1"))),
            code::unexpected_http_status);
  EXPECT_EQ(trap.connections(), 0);
}

TEST_F(SessionClientLoopback, TriesAgainAfterLostConnectionsAndServerErrors) {
  const https_server server(https([](const request& asked) {
    switch (asked.number) {
    case 1: return response{200, {}, session_json().text(), fault::cut_in_body};
    case 2: return stripes(503, "");
    default: return stripes(200, session_json().text());
    }
  }));
  const auto fetched = client_for(server).retrieve(id_of("cs_test_a1"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(server.requests(), 3);
  EXPECT_EQ(clock_->waits().size(), 2u);
}

TEST_F(SessionClientLoopback, ObeysStripesAdvice) {
  for (const char* advice : {"true", "false"}) {
    const https_server server(https([&](const request& asked) {
      response answer =
          stripes(asked.number == 1 ? (*advice == 't' ? 429 : 500) : 200, session_json().text());
      answer.headers.emplace_back("Stripe-Should-Retry", advice);
      return answer;
    }));
    EXPECT_EQ(client_for(server).retrieve(id_of("cs_test_a1")).has_value(), *advice == 't');
  }
}

TEST_F(SessionClientLoopback, FetchesWithoutThePaymentIntentWhereItIsRefused) {
  const https_server server(https([](const request& asked) {
    return asked.target.find("payment_intent") != std::string::npos
               ? stripes(403, error_body(""))
               : stripes(200, session_json().text());
  }));
  const sr::session_client stripe = client_for(server);
  for (int call = 0; call < 2; ++call) {
    const auto fetched = stripe.retrieve(id_of("cs_test_a1"));
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_FALSE(fetched->payment_intent_permitted);
  }
  EXPECT_EQ(server.requests(), 3);
}

TEST_F(SessionClientLoopback, FetchesLineItems) {
  const https_server server(https(always(
      stripes(200, R"({"object":"list","data":[{"id":"li_1","quantity":2}],"has_more":true})"))));
  const auto page =
      client_for(server).line_items(id_of("cs_test_a1"), page_after("li_0", "acct_1"));
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->data.size(), 1u);
  EXPECT_TRUE(page->has_more);
  const request asked = server.received()[0];
  EXPECT_EQ(asked.target,
            "/v1/checkout/sessions/cs_test_a1/line_items?limit=100&starting_after=li_0");
  EXPECT_EQ(asked.header("stripe-account"), "acct_1");
}

TEST_F(SessionClientLoopback, CreatesASessionAgainUnderTheSameKey) {
  for (const fault lost : {fault::reset_before_response, fault::cut_in_body}) {
    const https_server server(https([lost](const request& asked) {
      if (asked.number == 1) return response{200, {}, session_json().text(), lost};
      return stripes(200, session_json().text());
    }));
    sr::checkout_parameters parameters;
    parameters.out_trade_no = "A1";
    parameters.attempt = 3;
    parameters.line_items = {{"Rice", {400, "cny"}}};
    const auto made = client_for(server).create(parameters);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->session.id, "cs_test_a1");
    const auto received = server.received();
    ASSERT_EQ(received.size(), 2u);
    for (const request& each : received) {
      EXPECT_EQ(each.method, "POST");
      EXPECT_EQ(each.target, "/v1/checkout/sessions");
      EXPECT_EQ(each.header("idempotency-key"), "checkout:::A1:3");
      EXPECT_EQ(each.body, received[0].body);
    }
    EXPECT_NE(received[0].body.find("name%5D=Rice"), std::string::npos);
  }
}

TEST_F(SessionClientLoopback, TellsAFailureThatStripeRepeats) {
  const https_server server(https([](const request&) {
    response answer = stripes(500, error_body(""));
    answer.headers.emplace_back("Idempotent-Replayed", "true");
    answer.headers.emplace_back("Stripe-Should-Retry", "false");
    return answer;
  }));
  sr::checkout_parameters parameters;
  parameters.out_trade_no = "A1";
  parameters.attempt = 1;
  EXPECT_EQ(error_code_of(client_for(server).create(parameters)), code::replayed_failure);
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(SessionClientLoopback, ExpiresASession) {
  const https_server server(
      https(always(stripes(200, session_json().words("expired", "unpaid").text()))));
  const auto fetched = client_for(server).expire(id_of("cs_test_a1"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->session.status, sr::session_status::expired);
  EXPECT_EQ(server.received()[0].method, "POST");
  EXPECT_EQ(server.received()[0].target, "/v1/checkout/sessions/cs_test_a1/expire");
}

TEST_F(SessionClientLoopback, ListsSessionsAndEvents) {
  const std::string event =
      R"({"id":"evt_1","object":"event","type":"checkout.session.completed","livemode":false,)"
      R"("data":{"object":)" +
      session_json().text() + "}}";
  const https_server server(https([&](const request& asked) {
    const bool events = asked.target.find("/v1/events?") == 0;
    return stripes(200, R"({"object":"list","has_more":false,"data":[)" +
                            (events ? event : session_json().text()) + "]}");
  }));
  const sr::session_client stripe = client_for(server);
  const auto sessions = stripe.sessions_since(made_since(1774256386));
  ASSERT_TRUE(sessions) << sessions.error().message;
  EXPECT_EQ(sessions->data.at(0).id, "cs_test_a1");
  const auto events = stripe.events_since(made_since(1774256386));
  ASSERT_TRUE(events) << events.error().message;
  EXPECT_EQ(events->data.at(0).session.value().id, "cs_test_a1");
  for (const request& asked : server.received())
    EXPECT_EQ(asked.method, "GET");
}

// Stripe's text of a 401 holds the key, if only masked.
TEST_F(SessionClientLoopback, KeepsTheKeyOutOfItsErrors) {
  const https_server server(https(always(response{
      401,
      {{"WWW-Authenticate", "Bearer realm=\"Stripe\""}},
      R"({"error":{"message":"Invalid API Key provided: sk_test_****4242","type":"x"}})"})));
  const auto fetched = client_for(server).retrieve(id_of("cs_test_a1"));
  ASSERT_EQ(error_code_of(fetched), code::unauthorized);
  for (const std::string& text :
       {fetched.error().message, fetched.error().stripe_code, fetched.error().request_id}) {
    EXPECT_EQ(text.find("sk_test"), std::string::npos) << text;
    EXPECT_EQ(text.find("4242"), std::string::npos) << text;
  }
}

// The clock is the computer's own here.
TEST_F(SessionClientLoopback, KeepsItsDeadlineWhenTheNameServerStalls) {
  stalled_resolver resolver;
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = "https://stalled.test";
  options.ca_file = ca_.ca_file();
  options.deadline = soon;
  const sr::session_client stripe(options);
  EXPECT_EQ(error_code_of(stripe.retrieve(id_of("cs_test_a1"))), code::timed_out_resolving);
  EXPECT_EQ(resolver.waiting(), 1);
}

TEST_F(SessionClientLoopback, KeepsItsDeadlineWhenStripeStalls) {
  const https_server server(https(always(fault::stall_before_response)));
  sr::client_options options = options_for(server);
  options.deadline = soon;
  const auto fetched = sr::session_client(options).retrieve(id_of("cs_test_a1"));
  ASSERT_FALSE(fetched);
  EXPECT_NE(phase_timed_out(fetched.error().code), 0) << fetched.error().message;
  EXPECT_LE(server.requests(), 1);
}

// A dead connection must not cost the answer.
TEST_F(SessionClientLoopback, LeavesAStalledAttemptForTheNext) {
  const https_server server(https([](const request& asked) {
    return asked.number == 1 ? response{200, {}, "", fault::stall_before_response}
                             : stripes(200, session_json().text());
  }));
  sr::client_options options = options_for(server);
  options.attempt_timeout = soon;
  options.retry.max_retries = 100; // as many as a busy computer needs
  const sr::session_client stripe(options,
                                  {std::make_shared<sr::curl_transport>(trusting(ca_)), clock_});
  const auto fetched = stripe.retrieve(id_of("cs_test_a1"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_GE(server.requests(), 2);
}

TEST_F(SessionClientLoopback, ServesManyThreadsWhileTheKeyChanges) {
  const https_server server(https([](const request& asked) {
    const std::size_t begin = asked.target.find("cs_");
    const std::string id = asked.target.substr(begin, asked.target.find('?') - begin);
    return stripes(200, session_json().set("id", quoted(id)).text());
  }));
  sr::session_client stripe = client_for(server);
  std::atomic<bool> stop{false};
  std::thread replacing([&] {
    for (bool odd = false; !stop; odd = !odd)
      stripe.set_secret_key(odd ? "rk_test_b" : "sk_test_a");
  });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 20; ++round) {
        const std::string id = "cs_" + std::to_string(thread) + "_" + std::to_string(round);
        const auto fetched = stripe.retrieve(id_of(id.c_str()));
        ASSERT_TRUE(fetched) << fetched.error().message;
        ASSERT_EQ(fetched->session.id, id);
      }
    });
  }
  for (std::thread& each : threads)
    each.join();
  stop = true;
  replacing.join();
  for (const request& asked : server.received()) {
    const std::string key = asked.header("authorization");
    EXPECT_TRUE(key == "Bearer sk_test_1" || key == "Bearer sk_test_a" || key == "Bearer rk_test_b")
        << key;
  }
}

} // namespace
} // namespace loopback
