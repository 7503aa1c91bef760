// Every way to fail has its own error, and leaves the transport as good as before.
#include "closed_ports.hpp"
#include "stalled_resolver.hpp"
#include "transport_calls.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace loopback {
namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::curl_transport;
using std::chrono::milliseconds;

class CurlTransportFailure : public ::testing::Test {
protected:
  test_ca ca_;
  https_server good_{{always(response{200, {}, "good"}), for_localhost(ca_)}};
  curl_transport transport_{trusting(ca_)};

  server_options https(handler respond) { return {std::move(respond), for_localhost(ca_)}; }

  void expect_good() {
    const auto answer = send_once(transport_, get(good_.url()));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "good");
  }

  // The handle that fails was used well before, and is used well after: neither what it still
  // knows of the success may color the error, nor the failure the next answer.
  void expect_failure(const sr::http_request& request, code why) {
    expect_good();
    for (int i = 0; i < 2; ++i) {
      const auto answer = send_once(transport_, request);
      ASSERT_EQ(error_code_of(answer), why) << (answer ? "" : answer.error().message);
      EXPECT_EQ(answer.error().http_status, 0);
      EXPECT_EQ(answer.error().message.find("localhost"), std::string::npos);
      expect_good();
    }
  }

  // A busy computer may not come to the phase in which the request is to time out; then it gets
  // more time.
  std::optional<code> timeout_of(const std::string& url, code why) {
    for (milliseconds timeout = soon;; timeout *= 4) {
      const auto answer = send_once(transport_, get(url, timeout));
      const bool too_early = !answer && phase_timed_out(answer.error().code) != 0 &&
                             phase_timed_out(answer.error().code) < phase_timed_out(why);
      if (!too_early || timeout > soon * 100) return error_code_of(answer);
    }
  }

  void expect_timeout(const std::string& url, code why) {
    expect_good();
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(timeout_of(url, why), why);
      expect_good();
    }
  }

  static std::string at_port(int port) { return "https://localhost:" + std::to_string(port); }
};

TEST_F(CurlTransportFailure, CouldNotResolve) {
  expect_failure(get("https://name.invalid"), code::could_not_resolve);
}

TEST_F(CurlTransportFailure, ConnectionRefused) {
  const refusing_port refusing;
  expect_failure(get(at_port(refusing.port())), code::connection_refused);
}

TEST_F(CurlTransportFailure, CertificateOfAnotherHost) {
  const https_server server({always(response{}), ca_.issue({{"other.loopback.test"}})});
  expect_failure(get(server.url()), code::tls_wrong_host);
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportFailure, CertificateOfALookAlike) {
  const https_server server(
      {always(response{}), ca_.issue({{"localhost.loopback.test", "*.localhost"}})});
  expect_failure(get(server.url()), code::tls_wrong_host);
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportFailure, ExpiredCertificate) {
  const https_server server({always(response{}), ca_.issue({{"localhost"}, {}, true})});
  expect_failure(get(server.url()), code::tls_expired);
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportFailure, CertificateOfAnUnknownAuthority) {
  const test_ca other;
  const https_server server({always(response{}), for_localhost(other)});
  expect_failure(get(server.url()), code::tls_unknown_ca);
  EXPECT_EQ(server.requests(), 0);
}

// One certificate error after the other: none may be taken for the one before.
TEST_F(CurlTransportFailure, EachCertificateForItself) {
  const test_ca other;
  const https_server wrong_host({always(response{}), ca_.issue({{"other.loopback.test"}})});
  const https_server expired({always(response{}), ca_.issue({{"localhost"}, {}, true})});
  const https_server unknown({always(response{}), for_localhost(other)});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(error_code_of(send_once(transport_, get(expired.url()))), code::tls_expired);
    EXPECT_EQ(error_code_of(send_once(transport_, get(wrong_host.url()))), code::tls_wrong_host);
    EXPECT_EQ(error_code_of(send_once(transport_, get(unknown.url()))), code::tls_unknown_ca);
    EXPECT_EQ(error_code_of(send_once(transport_, get(wrong_host.url()))), code::tls_wrong_host);
  }
  expect_good();
}

// The test authority is unknown to the system's bundle.
TEST_F(CurlTransportFailure, TrustsTheSystemWithoutACaFile) {
  curl_transport by_default{{}};
  EXPECT_EQ(error_code_of(send_once(by_default, get(good_.url()))), code::tls_unknown_ca);
}

TEST_F(CurlTransportFailure, HandshakeCut) {
  server_options options = https(always(response{}));
  options.close_in_tls = true;
  const https_server server(options);
  expect_failure(get(server.url()), code::tls_failed);
}

TEST_F(CurlTransportFailure, UnreadableCaFile) {
  const std::string path = ca_.ca_file() + ".later";
  sr::curl_transport_options options;
  options.ca_file = path;
  curl_transport transport(options);
  EXPECT_EQ(error_code_of(send_once(transport, get(good_.url()))), code::unreadable_ca_file);
  std::ofstream(path) << "no certificate";
  EXPECT_EQ(error_code_of(send_once(transport, get(good_.url()))), code::unreadable_ca_file);
  std::ofstream(path) << std::ifstream(ca_.ca_file()).rdbuf();
  EXPECT_TRUE(send_once(transport, get(good_.url()))); // no restart needed once it is mended
  std::remove(path.c_str());
}

TEST_F(CurlTransportFailure, TimedOutResolving) {
  stalled_resolver resolver;
  expect_good();
  const auto answer = send_once(transport_, get("https://stalled.test", soon));
  // It came back although the look-up has not.
  EXPECT_EQ(resolver.waiting(), 1);
  EXPECT_EQ(error_code_of(answer), code::timed_out_resolving);
  expect_good();
  EXPECT_EQ(resolver.waiting(), 1);
}

TEST_F(CurlTransportFailure, TimedOutConnecting) {
  const unaccepting_listener listener;
  expect_timeout(at_port(listener.port()), code::timed_out_connecting);
}

TEST_F(CurlTransportFailure, TimedOutInTls) {
  server_options options = https(always(response{}));
  options.stall_in_tls = true;
  const https_server server(options);
  expect_timeout(server.url(), code::timed_out_in_tls);
}

// The limit for connecting covers name, TCP and TLS, and nothing after them.
TEST_F(CurlTransportFailure, TimedOutConnectingBeforeTheWholeTime) {
  stalled_resolver resolver;
  const unaccepting_listener listener;
  server_options options = https(always(response{}));
  options.stall_in_tls = true;
  const https_server stalling(options);
  struct row {
    std::string url;
    code why;
  };
  for (const row& each : std::vector<row>{{"https://stalled.test", code::timed_out_resolving},
                                          {at_port(listener.port()), code::timed_out_connecting},
                                          {stalling.url(), code::timed_out_in_tls}}) {
    sr::http_request request = get(each.url);
    request.connect_timeout = soon;
    EXPECT_EQ(error_code_of(send_once(transport_, request)), each.why) << each.url;
  }
  EXPECT_EQ(resolver.waiting(), 1);
}

TEST_F(CurlTransportFailure, ConnectTimeoutDoesNotLimitTheAnswer) {
  gate held;
  const https_server server(https([&](const request& asked) {
    if (asked.number == 2) held.pass();
    return response{200, {}, "late"};
  }));
  ASSERT_TRUE(send_once(transport_, get(server.url()))); // the connection is there
  sr::http_request request = get(server.url());
  request.connect_timeout = milliseconds(1);
  // Another request times out meanwhile, so more than the millisecond has passed.
  const https_server stalling(https(always(fault::stall_before_response)));
  curl_transport other(trusting(ca_));
  std::thread meanwhile([&] {
    held.wait_until_waiting();
    EXPECT_FALSE(send_once(other, get(stalling.url(), soon)));
    held.open();
  });
  const auto answer = send_once(transport_, request);
  meanwhile.join();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "late");
}

TEST_F(CurlTransportFailure, TimedOutWaiting) {
  const https_server server(https(always(fault::stall_before_response)));
  expect_timeout(server.url(), code::timed_out_waiting);
}

TEST_F(CurlTransportFailure, TimedOutReceiving) {
  for (const fault what : {fault::stall_after_headers, fault::stall_in_body}) {
    const https_server server(https(always(what)));
    expect_timeout(server.url(), code::timed_out_receiving);
  }
}

// On a connection that is there already nothing is resolved and connected.
TEST_F(CurlTransportFailure, TimedOutOnAReusedConnection) {
  struct row {
    fault what;
    code why;
  };
  for (const row& each : {row{fault::stall_before_response, code::timed_out_waiting},
                          row{fault::stall_after_headers, code::timed_out_receiving},
                          row{fault::stall_in_body, code::timed_out_receiving}}) {
    const https_server server(https([&](const request& asked) {
      return response{200, {}, "hello", asked.target == "/stall" ? each.what : fault::none};
    }));
    ASSERT_TRUE(send_once(transport_, get(server.url())));
    const int connections = server.connections();
    auto why = error_code_of(send_once(transport_, get(server.url() + "/stall", soon)));
    if (why == code::timed_out_waiting && each.why == code::timed_out_receiving) {
      // As in timeout_of().
      ASSERT_TRUE(send_once(transport_, get(server.url())));
      why = error_code_of(send_once(transport_, get(server.url() + "/stall", 40 * soon)));
    } else {
      EXPECT_EQ(server.connections(), connections);
    }
    EXPECT_EQ(why, each.why);
  }
}

TEST_F(CurlTransportFailure, ConnectionLost) {
  for (const fault what :
       {fault::cut_in_body, fault::reset_before_response, fault::close_before_response}) {
    const https_server server(https(always(what)));
    expect_failure(get(server.url()), code::connection_lost);
  }
}

// Half a session is no session, even where the half is well-formed.
TEST_F(CurlTransportFailure, ConnectionLostInAWellFormedBody) {
  const https_server server(
      https(always(response{200, {{"Content-Length", "100"}}, "{}{}", fault::cut_in_body})));
  expect_failure(get(server.url()), code::connection_lost);
  const https_server chunked(https(always(response{
      200, {{"Transfer-Encoding", "chunked"}}, "2\r\n{}\r\n9\r\n{}", fault::cut_in_body})));
  expect_failure(get(chunked.url()), code::connection_lost);
}

TEST_F(CurlTransportFailure, CompressionBroken) {
  const https_server server(
      https(always(response{200, {{"Content-Encoding", "gzip"}}, "no gzip"})));
  expect_failure(get(server.url()), code::transport_failed);
}

class CurlTransportLimit : public CurlTransportFailure {
protected:
  static constexpr std::size_t limit = 100000;
  static constexpr std::size_t headers = 150; // what those of the server have at most

  static sr::curl_transport_options limited(const test_ca& ca) {
    sr::curl_transport_options options = trusting(ca);
    options.max_response_bytes = limit;
    return options;
  }
  curl_transport limited_{limited(ca_)};

  std::optional<code> outcome_of(const response& answer) {
    const https_server server(https(always(answer)));
    const auto got = send_once(limited_, get(server.url()));
    if (got) {
      EXPECT_EQ(got->body.size(), limit - headers);
    }
    return error_code_of(got);
  }
};

TEST_F(CurlTransportLimit, HoldsForHeadersAndBodyTogether) {
  const std::string longest(limit - headers, 'x');
  EXPECT_EQ(outcome_of(response{200, {}, longest}), std::nullopt);
  EXPECT_EQ(outcome_of(response{200, {}, std::string(limit, 'x')}), code::response_too_large);
  EXPECT_EQ(outcome_of(response{500, {}, std::string(limit, 'x')}), code::response_too_large);
  EXPECT_EQ(outcome_of(response{200, {{"X-A", std::string(headers, 'x')}}, longest}),
            code::response_too_large);
  EXPECT_EQ(outcome_of(response{200, {}, std::string(20 * limit, 'x')}), code::response_too_large);
  EXPECT_EQ(outcome_of(response{200, {}, longest}), std::nullopt); // it begins anew
}

TEST_F(CurlTransportLimit, HoldsForInterimAnswersAndTrailers) {
  std::string interim;
  while (interim.size() <= limit)
    interim += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  response answer{200, {}, "{}"};
  answer.before = interim;
  EXPECT_EQ(outcome_of(answer), code::response_too_large);
  std::string chunks = "2\r\n{}\r\n0\r\n";
  while (chunks.size() <= limit)
    chunks += "X-Trailer: " + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(outcome_of(response{200, {{"Transfer-Encoding", "chunked"}}, chunks + "\r\n"}),
            code::response_too_large);
}

TEST_F(CurlTransportLimit, CountsAfterDecompression) {
  response answer{200, {}, std::string(limit - headers, 'x'), fault::none, true};
  EXPECT_EQ(outcome_of(answer), std::nullopt);
  answer.body.append(headers, 'x');
  EXPECT_EQ(outcome_of(answer), code::response_too_large);
}

// A thousand bytes on the wire for each million in memory.
TEST_F(CurlTransportLimit, StopsAnInflatingBody) {
  EXPECT_EQ(outcome_of(response{200, {}, std::string(50000000, '\0'), fault::none, true}),
            code::response_too_large);
}

TEST_F(CurlTransportLimit, NeedsNoAnnouncedLength) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", limit + 1);
  EXPECT_EQ(outcome_of(response{200,
                                {{"Transfer-Encoding", "chunked"}},
                                size + std::string(limit + 1, 'x') + "\r\n0\r\n\r\n"}),
            code::response_too_large);
}

// What was announced does not matter, what comes does; and the rest is not waited for.
TEST_F(CurlTransportLimit, DoesNotWaitForTheRest) {
  const https_server server(
      https(always(response{200, {}, std::string(4 * limit, 'x'), fault::stall_in_body})));
  EXPECT_EQ(error_code_of(send_once(limited_, get(server.url()))), code::response_too_large);
}

} // namespace
} // namespace loopback
