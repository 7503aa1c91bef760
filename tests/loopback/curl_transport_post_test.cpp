// Forms, and requests with and without one on the same handle.
#include "transport_calls.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace loopback {
namespace {

namespace sr = stripe_return;

class CurlTransportPost : public ::testing::Test {
protected:
  test_ca ca_;
  sr::curl_transport transport_{trusting(ca_)};

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }
  static sr::http_request post(std::string url, std::string form) {
    sr::http_request request = get(std::move(url));
    request.form = std::move(form);
    return request;
  }
};

std::map<std::string, std::string> headers_of(const request& received) {
  std::map<std::string, std::string> headers(received.headers.begin(), received.headers.end());
  EXPECT_EQ(headers.size(), received.headers.size()) << "a header was sent twice";
  return headers;
}

TEST_F(CurlTransportPost, SendsTheFormAndNothingElse) {
  const https_server server(https(always(response{200, {}, "{}"})));
  sr::http_request request = post(server.url() + "/v1/checkout/sessions", "mode=payment&a%5B%5D=1");
  request.authorization = "Bearer sk_test_1";
  request.headers = {{"stripe-version", "2026-09-30.endive"}, {"idempotency-key", "checkout-A1-1"}};
  ASSERT_TRUE(send_once(transport_, request));
  const auto received = server.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].method, "POST");
  EXPECT_EQ(received[0].target, "/v1/checkout/sessions");
  EXPECT_EQ(received[0].body, "mode=payment&a%5B%5D=1");
  std::map<std::string, std::string> headers = headers_of(received[0]);
  EXPECT_EQ(headers["user-agent"].find("stripe_return/"), 0u);
  headers.erase("user-agent");
  const std::string host = "localhost:" + std::to_string(server.port());
  EXPECT_EQ(headers, (std::map<std::string, std::string>{
                         {"host", host},
                         {"accept", "*/*"},
                         {"accept-encoding", "gzip"},
                         {"authorization", "Bearer sk_test_1"},
                         {"stripe-version", "2026-09-30.endive"},
                         {"idempotency-key", "checkout-A1-1"},
                         {"content-type", "application/x-www-form-urlencoded"},
                         {"content-length", "22"}}));
}

TEST_F(CurlTransportPost, SendsAnEmptyForm) {
  const https_server server(https(always(response{200, {}, "{}"})));
  ASSERT_TRUE(send_once(transport_, post(server.url(), "")));
  const request received = server.received().at(0);
  EXPECT_EQ(received.method, "POST");
  EXPECT_EQ(received.header("content-length"), "0");
  EXPECT_EQ(received.body, "");
}

TEST_F(CurlTransportPost, SendsEachByteOfAForm) {
  const https_server server(https(always(response{200, {}, "{}"})));
  const std::string form("a\0b\r\n\xff&=", 8);
  ASSERT_TRUE(send_once(transport_, post(server.url(), form)));
  EXPECT_EQ(server.received().at(0).body, form);
}

// libcurl asks for leave to send more than a megabyte, and waits for the answer.
TEST_F(CurlTransportPost, SendsALongFormAtOnce) {
  const https_server server(https(always(response{200, {}, "{}"})));
  const std::string form = "name=" + std::string(3U << 20U, 'x');
  ASSERT_TRUE(send_once(transport_, post(server.url(), form)));
  const request received = server.received().at(0);
  EXPECT_EQ(headers_of(received).count("expect"), 0u);
  EXPECT_TRUE(received.body == form);
}

TEST_F(CurlTransportPost, TakesTurnsWithGetOnOneConnection) {
  const https_server server(https([](const request& asked) {
    return response{200, {}, asked.method + " " + asked.body};
  }));
  const auto answer_to = [&](const sr::http_request& request) {
    const auto answer = send_once(transport_, request);
    return answer ? answer->body : answer.error().message;
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(answer_to(get(server.url())), "GET ");
    EXPECT_EQ(answer_to(post(server.url(), "a=1")), "POST a=1");
    EXPECT_EQ(answer_to(post(server.url(), "longer=22")), "POST longer=22");
    EXPECT_EQ(answer_to(post(server.url(), "")), "POST ");
  }
  EXPECT_EQ(server.connections(), 1) << "the handle was made anew, and nothing was shown";
  for (const request& received : server.received()) {
    const auto headers = headers_of(received);
    EXPECT_EQ(headers.count("content-type"), received.method == "POST" ? 1u : 0u);
    EXPECT_EQ(headers.count("content-length"), received.method == "POST" ? 1u : 0u);
  }
}

// A server may close a connection at any time, and libcurl finds out only after sending.
TEST_F(CurlTransportPost, SendsTheSameAgainWhatADyingConnectionDidNotAnswer) {
  for (const fault what : {fault::close_before_response, fault::reset_before_response}) {
    const https_server server(https([what](const request& asked) {
      return response{200, {}, "hello", asked.number == 2 ? what : fault::none};
    }));
    ASSERT_TRUE(send_once(transport_, get(server.url())));
    const auto answer = send_once(transport_, post(server.url(), "a=1&b=2"));
    ASSERT_TRUE(answer) << answer.error().message;
    const auto received = server.received();
    ASSERT_EQ(received.size(), 3u);
    EXPECT_EQ(received[1].body, "a=1&b=2");
    EXPECT_EQ(received[2].method, "POST");
    EXPECT_EQ(received[2].body, "a=1&b=2");
  }
}

} // namespace
} // namespace loopback
