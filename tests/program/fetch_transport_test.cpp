// `stripe-return fetch`: the way to Stripe and back breaks.
#include "output_contract.hpp"
#include "stripe_server.hpp"

#include "loopback/closed_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using loopback::fault;
using loopback::request;
using nlohmann::json;

loopback::response session_with(fault what) {
  loopback::response response = session_response(session_document());
  response.fault = what;
  return response;
}

// Nothing is known of the answer.
void expect_no_answer(const json& error, bool retryable) {
  EXPECT_EQ(error["http_status"], nullptr);
  EXPECT_EQ(error["stripe_code"], nullptr);
  EXPECT_EQ(error["request_id"], nullptr);
  EXPECT_EQ(error["retryable"], retryable);
}

TEST(FetchTransport, AServerThatDoesNotAnswerBreaksNoDeadline) {
  const std::vector<std::pair<fault, std::string>> cases = {
      {fault::stall_before_response, "timed_out_waiting"},
      {fault::stall_after_headers, "timed_out_receiving"},
      {fault::stall_in_body, "timed_out_receiving"},
  };
  for (const auto& [what, code] : cases) {
    stripe_server stripe(always(session_with(what)));
    const program_run run = stripe.call({"fetch", "cs_test_a1", "--deadline", "1"}).run();
    expect_no_answer(expect_error(run, code), true);
    // The deadline has left no time for the second attempt that the default would have made.
    EXPECT_EQ(stripe.server().requests(), 1);
  }
}

TEST(FetchTransport, ATlsHandshakeThatDoesNotEndBreaksNoDeadline) {
  loopback::server_options options;
  options.respond = always(session_response(session_document()));
  options.tls = loopback::test_ca().issue({{"localhost"}});
  options.stall_in_tls = true;
  const loopback::https_server server(std::move(options));
  program_call call({"fetch", "cs_test_a1", "--deadline", "1", "--api-base", server.url()});
  call.variable("STRIPE_SECRET_KEY", "sk_test_1");
  expect_no_answer(expect_error(call.run(), "timed_out_in_tls"), true);
  EXPECT_EQ(server.connections(), 1);
}

TEST(FetchTransport, AConnectionThatEndsTooSoonIsLost) {
  for (const fault what : {fault::cut_in_body, fault::close_before_response}) {
    stripe_server stripe(always(session_with(what)));
    const json error = expect_error(stripe.call({"fetch", "cs_test_a1"}).run(), "connection_lost");
    expect_no_answer(error, true);
  }
}

TEST(FetchTransport, ARefusedConnection) {
  const loopback::refusing_port nobody;
  const std::string base = "http://127.0.0.1:" + std::to_string(nobody.port());
  program_call call({"fetch", "cs_test_a1", "--api-base", base});
  call.variable("STRIPE_SECRET_KEY", "sk_test_1");
  expect_no_answer(expect_error(call.run(), "connection_refused"), true);
}

TEST(FetchTransport, ACertificateOfAnotherAuthority) {
  stripe_server stripe(always(session_response(session_document())), scheme::https);
  const loopback::test_ca other;
  const std::vector<std::string> command = {"fetch", "cs_test_a1", "--api-base", stripe.base()};
  program_call call(command);
  call.with({"--ca-file", other.ca_file()}).variable("STRIPE_SECRET_KEY", "sk_test_1");
  expect_no_answer(expect_error(call.run(), "tls_unknown_ca"), false);

  // The environment vouches for nobody.
  program_call by_environment(command);
  by_environment.with({"--ca-file", other.ca_file()}).variable("STRIPE_SECRET_KEY", "sk_test_1");
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"})
    by_environment.variable(name, stripe.ca().ca_file());
  expect_error(by_environment.run(), "tls_unknown_ca");
  EXPECT_EQ(stripe.server().requests(), 0);
}

TEST(FetchTransport, ACertificateOfAnotherHostOrAnotherTime) {
  const loopback::test_ca ca;
  loopback::certificate_request expired = {{"localhost"}};
  expired.expired = true;
  const std::vector<std::pair<loopback::certificate, std::string>> cases = {
      {ca.issue({{"api.stripe.com"}}), "tls_wrong_host"},
      {ca.issue(expired), "tls_expired"},
  };
  for (const auto& [certificate, code] : cases) {
    loopback::server_options options;
    options.respond = always(session_response(session_document()));
    options.tls = certificate;
    const loopback::https_server server(std::move(options));
    program_call call({"fetch", "cs_test_a1", "--api-base", server.url()});
    call.with({"--ca-file", ca.ca_file()}).variable("STRIPE_SECRET_KEY", "sk_test_1");
    expect_no_answer(expect_error(call.run(), code), false);
    EXPECT_EQ(server.requests(), 0);
  }
}

TEST(FetchTransport, ACaFileThatCannotBeRead) {
  stripe_server stripe(always(session_response(session_document())), scheme::https);
  for (const char* file : {"/no/such/file.pem", "/dev/null"}) {
    program_call call({"fetch", "cs_test_a1", "--api-base", stripe.base(), "--ca-file", file});
    call.variable("STRIPE_SECRET_KEY", "sk_test_1");
    expect_no_answer(expect_error(call.run(), "unreadable_ca_file"), false);
  }
}

} // namespace
