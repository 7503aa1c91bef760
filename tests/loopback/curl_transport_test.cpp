// One request after the other, and nothing goes wrong.
#include "transport_calls.hpp"

#include "unit/core/error_code_of.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::curl_transport;

class CurlTransport : public ::testing::Test {
protected:
  test_ca ca_;
  curl_transport transport_{trusting(ca_)};

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }
};

TEST_F(CurlTransport, SendsTheRequestAndNothingElse) {
  const https_server server(https(always(response{200, {}, "{}"})));
  sr::http_request request = get(server.url() + "/v1/checkout/sessions/cs_1?expand%5B%5D=x");
  request.authorization = "Bearer sk_test_1";
  request.headers = {{"stripe-version", "2026-09-30.endive"}, {"stripe-account", "acct_1"}};
  ASSERT_TRUE(send_once(transport_, request));

  const std::vector<loopback::request> received = server.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].method, "GET");
  EXPECT_EQ(received[0].version, "HTTP/1.1");
  EXPECT_EQ(received[0].target, "/v1/checkout/sessions/cs_1?expand%5B%5D=x");
  EXPECT_EQ(received[0].body, "");
  std::map<std::string, std::string> headers(received[0].headers.begin(),
                                             received[0].headers.end());
  EXPECT_EQ(headers.size(), received[0].headers.size()) << "a header was sent twice";
  const std::string user_agent = headers["user-agent"];
  EXPECT_EQ(user_agent.find("stripe_return/"), 0u) << user_agent;
  EXPECT_NE(user_agent.find(std::string(" libcurl/") + curl_version_info(CURLVERSION_NOW)->version),
            std::string::npos)
      << user_agent;
  headers.erase("user-agent");
  EXPECT_EQ(headers, (std::map<std::string, std::string>{
                         {"host", "localhost:" + std::to_string(server.port())},
                         {"accept", "*/*"},
                         {"accept-encoding", "gzip"},
                         {"authorization", "Bearer sk_test_1"},
                         {"stripe-version", "2026-09-30.endive"},
                         {"stripe-account", "acct_1"}}));
}

// A handle is used again for the next request.
TEST_F(CurlTransport, SendsNothingOfTheRequestBefore) {
  const https_server server(https(always(response{200, {{"Set-Cookie", "a=b"}}, "{}"})));
  sr::http_request first = get(server.url() + "/first");
  first.authorization = "Bearer sk_test_1";
  first.headers = {{"stripe-account", "acct_1"}};
  ASSERT_TRUE(send_once(transport_, first));
  ASSERT_TRUE(send_once(transport_, get(server.url() + "/second")));
  const loopback::request second = server.received()[1];
  EXPECT_EQ(second.target, "/second");
  EXPECT_EQ(second.header("authorization"), "");
  EXPECT_EQ(second.header("stripe-account"), "");
  EXPECT_EQ(second.header("cookie"), "");
  EXPECT_EQ(second.header("referer"), "");
}

TEST_F(CurlTransport, SendsNoHeaderOfWhatAValueHides) {
  const https_server server(https(always(response{200, {}, "{}"})));
  sr::http_request request = get(server.url() + "/first");
  request.headers = {{"stripe-account", std::string("acct_1\0x-hidden: 1", 18)},
                     {"stripe-version", "2026-09-30.endive"}};
  ASSERT_TRUE(send_once(transport_, request));
  EXPECT_EQ(server.received()[0].header("stripe-account"), "acct_1");
  EXPECT_EQ(server.received()[0].header("x-hidden"), "");
  EXPECT_EQ(server.received()[0].header("stripe-version"), "2026-09-30.endive");
}

TEST_F(CurlTransport, HandsOverStatusHeadersAndBody) {
  const https_server server(https(always(response{404,
                                                  {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                                   {"REQUEST-ID", " \t req_1 \t"},
                                                   {"Stripe-Account", "acct_1"},
                                                   {"stripe-should-retry", "false"},
                                                   {"Stripe-Rate-Limited-Reason", "global-rate"},
                                                   {"Request-Id-Not", "x"},
                                                   {"X-Date", "x"}},
                                                  "the body"})));
  const auto answer = send_once(transport_, get(server.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->body, "the body");
  std::vector<std::string> lines;
  for (const sr::http_header& header : answer->headers)
    lines.push_back(header.name + ": " + header.value);
  EXPECT_EQ(lines,
            (std::vector<std::string>{"date: Sun, 06 Nov 1994 08:49:37 GMT", "request-id: req_1",
                                      "stripe-account: acct_1", "stripe-should-retry: false",
                                      "stripe-rate-limited-reason: global-rate"}));
}

// https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1
TEST_F(CurlTransport, TakesNoTrailerForAHeader) {
  for (const char* body : {"2\r\n{}\r\n", ""}) {
    const https_server server(
        https(always(response{500,
                              {{"Transfer-Encoding", "chunked"}, {"Request-Id", "req_1"}},
                              std::string(body) + "0\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                                  "Stripe-Should-Retry: false\r\n\r\n"})));
    const auto answer = send_once(transport_, get(server.url()));
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_EQ(answer->headers.size(), 1u) << body;
    EXPECT_EQ(answer->headers[0].name, "request-id");
  }
}

// For libcurl, any line that begins with CR ends the headers.
TEST_F(CurlTransport, TakesNoTrailerForAHeaderAfterAMalformedEnd) {
  response answer;
  answer.before = "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n"
                  "Request-Id: req_1\r\n\rX\r\n2\r\n{}\r\n0\r\nStripe-Should-Retry: false\r\n\r\n";
  const https_server server(https(always(answer)));
  const auto got = send_once(transport_, get(server.url()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "{}");
  ASSERT_EQ(got->headers.size(), 1u);
  EXPECT_EQ(got->headers[0].name, "request-id");
}

// On a handle that has served before, libcurl 7.84 to 8.0 adds such a line to a header that it has
// freed: https://github.com/curl/curl/issues/11101. On a new one, libcurl 7 refuses the answer.
TEST_F(CurlTransport, SurvivesAnAnswerWhoseFirstHeaderIsFolded) {
  response folded;
  folded.before = "HTTP/1.1 200 OK\r\n\tX: y\r\nRequest-Id: req_1\r\nContent-Length: 2\r\n\r\n{}";
  const https_server server(https([&](const request& asked) {
    return asked.number % 2 == 0 ? folded : response{200, {{"Request-Id", "req_0"}}, "{}"};
  }));
  for (int i = 0; i != 3; ++i) {
    const auto good = send_once(transport_, get(server.url()));
    ASSERT_TRUE(good) << good.error().message;
    const auto got = send_once(transport_, get(server.url()));
    if (!got) {
      EXPECT_EQ(got.error().code, code::transport_failed);
      continue;
    }
    EXPECT_EQ(got->body, "{}");
    ASSERT_EQ(got->headers.size(), 1u);
    EXPECT_EQ(got->headers[0].value, "req_1");
  }
}

TEST_F(CurlTransport, HandsOverNothingOfTheAnswerBefore) {
  const https_server server(https([](const request& asked) {
    return asked.number == 1 ? response{500, {{"Request-Id", "req_1"}}, "first"}
                             : response{200, {}, ""};
  }));
  ASSERT_TRUE(send_once(transport_, get(server.url())));
  const auto second = send_once(transport_, get(server.url()));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 200);
  EXPECT_EQ(second->body, "");
  EXPECT_TRUE(second->headers.empty());
}

// https://www.rfc-editor.org/rfc/rfc8297: a 103 has headers of its own.
TEST_F(CurlTransport, HandsOverNothingOfAnInterimAnswer) {
  response answer{200, {{"Request-Id", "req_final"}}, "{}"};
  answer.before = "HTTP/1.1 103 Early Hints\r\nRequest-Id: req_interim\r\n"
                  "Date: Thu, 01 Jan 2037 00:00:00 GMT\r\nStripe-Should-Retry: true\r\n\r\n";
  const https_server server(https(always(answer)));
  const auto got = send_once(transport_, get(server.url()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  ASSERT_EQ(got->headers.size(), 1u);
  EXPECT_EQ(got->headers[0].value, "req_final");
}

TEST_F(CurlTransport, TakesAnyBytes) {
  std::string all_bytes(256, '\0');
  for (std::size_t i = 0; i < all_bytes.size(); ++i)
    all_bytes[i] = static_cast<char>(i);
  for (const std::string& body : {std::string(), all_bytes, std::string(1000000, 'x')}) {
    const https_server server(https(always(response{200, {}, body})));
    const auto answer = send_once(transport_, get(server.url()));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, body);
  }
}

TEST_F(CurlTransport, TakesAnAnswerInChunks) {
  const https_server server(https(always(
      response{200, {{"Transfer-Encoding", "chunked"}}, "4\r\nfour\r\n1\r\n!\r\n0\r\n\r\n"})));
  const auto answer = send_once(transport_, get(server.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "four!");
}

TEST_F(CurlTransport, Decompresses) {
  response compressed{200, {}, std::string(100000, 'z') + "end"};
  compressed.gzip = true;
  const https_server server(https(always(compressed)));
  const auto answer = send_once(transport_, get(server.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, compressed.body);
}

TEST_F(CurlTransport, MakesOneConnectionForManyRequests) {
  const https_server server(https(always(response{200, {}, "hello"})));
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(send_once(transport_, get(server.url())));
  EXPECT_EQ(server.requests(), 100);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.tls_handshakes(), 1);
}

TEST_F(CurlTransport, ResumesItsTlsSession) {
  const https_server server(https(always(response{200, {{"Connection", "close"}}, "hello"})));
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(send_once(transport_, get(server.url())));
  EXPECT_EQ(server.tls_handshakes(), 5);
  EXPECT_EQ(server.tls_resumptions(), 4);
}

// A redirect would carry the secret key to wherever it points.
TEST_F(CurlTransport, FollowsNoRedirect) {
  const https_server trap(https(always(response{200, {}, "trapped"})));
  for (const int status : {301, 302, 303, 307, 308}) {
    const https_server server(https(always(response{status, {{"Location", trap.url()}}, "moved"})));
    sr::http_request request = get(server.url());
    request.authorization = "Bearer sk_test_1";
    const auto answer = send_once(transport_, request);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->body, "moved");
    EXPECT_EQ(server.requests(), 1);
  }
  EXPECT_EQ(trap.connections(), 0);
}

TEST_F(CurlTransport, SpeaksPlainHttpWhereTheClientAllowedIt) {
  const https_server server({always(response{200, {}, "plain"})});
  const auto answer = send_once(transport_, get(server.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "plain");
  EXPECT_EQ(server.tls_handshakes(), 0);
}

TEST_F(CurlTransport, SpeaksNoOtherProtocol) {
  const https_server server({always(response{200, {}, "trapped"})});
  const std::string port = std::to_string(server.port());
  for (const std::string& url :
       {std::string("file:///etc/hostname"), "ftp://localhost:" + port, "dict://localhost:" + port,
        "gopher://localhost:" + port, "telnet://localhost:" + port, "ws://localhost:" + port}) {
    EXPECT_EQ(error_code_of(send_once(transport_, get(url))), code::transport_failed) << url;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(CurlTransport, SurvivesAUrlThatIsNone) {
  for (const char* url : {"", "https://", "not a url", "https://localhost:99999/"})
    EXPECT_FALSE(send_once(transport_, get(url))) << url;
  const https_server server(https(always(response{})));
  EXPECT_TRUE(send_once(transport_, get(server.url())));
}

// A server restarts, or a load balancer drops what was idle for long: nothing was sent yet, so
// libcurl may take a new connection and nobody needs to know.
TEST_F(CurlTransport, ReplacesADeadConnectionSilently) {
  const https_server server(https(always(response{200, {}, "hello", fault::close_after_response})));
  for (int i = 1; i <= 5; ++i) {
    const auto answer = send_once(transport_, get(server.url()));
    ASSERT_TRUE(answer) << i << ": " << answer.error().message;
    EXPECT_EQ(answer->body, "hello");
    ASSERT_TRUE(server.wait_until_closed(i));
  }
  EXPECT_EQ(server.connections(), 5);
}

// The connection dies just as it is used again, so that libcurl finds out only after sending.
TEST_F(CurlTransport, SendsAgainWhatADyingConnectionDidNotAnswer) {
  for (const fault what : {fault::close_before_response, fault::reset_before_response}) {
    const https_server server(https([what](const request& asked) {
      return response{200, {}, "hello", asked.number == 2 ? what : fault::none};
    }));
    ASSERT_TRUE(send_once(transport_, get(server.url())));
    const auto answer = send_once(transport_, get(server.url()));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(server.connections(), 2);
  }
}

// Over the life of a server that happens any number of times. libcurl counts, and before 8.17 it
// counts over all transfers of a handle: https://github.com/curl/curl/pull/19066
TEST_F(CurlTransport, NeverTiresOfDyingConnections) {
  std::mutex mutex;
  std::set<int> used;
  const https_server server(https([&](const request& asked) {
    const std::lock_guard<std::mutex> lock(mutex);
    const bool first = used.insert(asked.connection).second;
    return response{200, {}, "hello", first ? fault::none : fault::close_before_response};
  }));
  for (int i = 0; i < 20; ++i) {
    const auto answer = send_once(transport_, get(server.url()));
    ASSERT_TRUE(answer) << i << ": " << answer.error().message;
  }
  EXPECT_EQ(server.connections(), 20);
}

} // namespace
} // namespace loopback
