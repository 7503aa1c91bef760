// Through a proxy that the host named, and what that proxy gets to see.
#include "closed_ports.hpp"
#include "transport_calls.hpp"
#include "tunnel_proxy.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;

class CurlTransportProxy : public ::testing::Test {
protected:
  test_ca ca_;

  sr::curl_transport through(const std::string& proxy) {
    sr::curl_transport_options options = trusting(ca_);
    options.proxy = proxy;
    return sr::curl_transport(options);
  }
  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }

  static sr::http_request with_key(const std::string& url) {
    sr::http_request request = get(url);
    request.authorization = "Bearer sk_test_1";
    request.headers = {{"stripe-account", "acct_1"}};
    return request;
  }
};

TEST_F(CurlTransportProxy, SeesHostAndPortOnly) {
  const https_server server(https(always(response{200, {}, "hello"})));
  const tunnel_proxy proxy;
  sr::curl_transport transport = through(proxy.url());
  for (int i = 0; i < 3; ++i) {
    const auto answer = send_once(transport, with_key(server.url() + "/v1/secret-path"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "hello");
  }
  EXPECT_EQ(server.received()[0].header("authorization"), "Bearer sk_test_1");
  EXPECT_EQ(server.connections(), 1);
  ASSERT_EQ(proxy.heard().size(), 1u);
  const std::string heard = proxy.heard()[0];
  EXPECT_EQ(heard.find("CONNECT localhost:" + std::to_string(server.port()) + " HTTP/1."), 0u);
  for (const char* part : {"sk_test", "uthorization", "acct_1", "secret-path"})
    EXPECT_EQ(heard.find(part), std::string::npos) << heard;
}

// The proxy's clock is not Stripe's, and its Request-Id means nothing to Stripe's support.
TEST_F(CurlTransportProxy, PutsNothingIntoTheAnswer) {
  const https_server server(https(always(response{200, {{"Request-Id", "req_stripe"}}, "hello"})));
  const tunnel_proxy proxy("Request-Id: req_proxy\r\nDate: Thu, 01 Jan 2037 00:00:00 GMT\r\n"
                           "Stripe-Should-Retry: true\r\n");
  sr::curl_transport transport = through(proxy.url());
  const auto answer = send_once(transport, get(server.url()));
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->headers.size(), 1u);
  EXPECT_EQ(answer->headers[0].value, "req_stripe");
}

TEST_F(CurlTransportProxy, CannotStandInForTheServer) {
  const test_ca other;
  const https_server server({always(response{}), for_localhost(other)});
  const tunnel_proxy proxy;
  sr::curl_transport transport = through(proxy.url());
  EXPECT_EQ(error_code_of(send_once(transport, with_key(server.url()))), code::tls_unknown_ca);
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportProxy, MayRefuse) {
  const https_server server(https(always(response{200, {}, "hello"})));
  for (const int status : {403, 407, 502}) {
    const https_server proxy({always(response{status, {{"Request-Id", "req_proxy"}}, "no"})});
    sr::curl_transport transport = through(proxy.url());
    const auto answer = send_once(transport, with_key(server.url()));
    ASSERT_EQ(error_code_of(answer), code::could_not_connect) << status;
    EXPECT_NE(answer.error().message.find("proxy"), std::string::npos);
    EXPECT_EQ(answer.error().http_status, 0); // not Stripe's
    for (const request& heard : proxy.received()) {
      EXPECT_EQ(heard.method, "CONNECT");
      EXPECT_EQ(heard.header("authorization"), "");
    }
  }
  EXPECT_EQ(server.connections(), 0);
}

// A refusal that was heard once says nothing about the failure after it.
TEST_F(CurlTransportProxy, MayRefuseAndThenFailOtherwise) {
  const https_server server(https(always(response{})));
  const https_server proxy({[](const request& asked) {
    return asked.number == 1 ? response{502, {{"Connection", "close"}}, "no"}
                             : response{200, {}, "", fault::reset_before_response};
  }});
  sr::curl_transport transport = through(proxy.url());
  EXPECT_EQ(error_code_of(send_once(transport, get(server.url()))), code::could_not_connect);
  const auto second = send_once(transport, get(server.url()));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().code, code::could_not_connect) << second.error().message;
}

TEST_F(CurlTransportProxy, MayNotBeThere) {
  const https_server server(https(always(response{})));
  const refusing_port refusing;
  sr::curl_transport refused = through("http://127.0.0.1:" + std::to_string(refusing.port()));
  EXPECT_EQ(error_code_of(send_once(refused, get(server.url()))), code::connection_refused);
  sr::curl_transport unknown = through("http://proxy.invalid:3128");
  EXPECT_EQ(error_code_of(send_once(unknown, get(server.url()))), code::could_not_resolve);
  EXPECT_EQ(server.connections(), 0); // never around the proxy
}

TEST_F(CurlTransportProxy, MayStall) {
  const https_server server(https(always(response{})));
  const https_server proxy({always(fault::stall_before_response)});
  sr::curl_transport transport = through(proxy.url());
  const auto answer = send_once(transport, get(server.url(), soon));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, code::timed_out_connecting) << answer.error().message;
  EXPECT_NE(answer.error().message.find("proxy"), std::string::npos);
  EXPECT_EQ(server.connections(), 0);
}

} // namespace
} // namespace loopback
