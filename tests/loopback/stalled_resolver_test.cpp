// Needs: CURL::libcurl GTest::gtest_main, and what the included headers need.

#include "https_server.hpp"
#include "stalled_resolver.hpp"

#include <future>
#include <memory>
#include <string>

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

namespace loopback {
namespace {

struct outcome {
  CURLcode code = CURLE_OK;
  curl_off_t lookup_time = 0;
};

outcome get(const std::string& url, long timeout_ms = 10000) {
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  // Without it libcurl joins the blocked resolver thread.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  outcome result;
  result.code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_NAMELOOKUP_TIME_T, &result.lookup_time);
  curl_easy_cleanup(curl);
  return result;
}

constexpr long short_timeout_ms = 300;

int look_up(const char* name, std::string* address = nullptr) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(name, "80", &hints, &found);
  if (error == 0) {
    char text[NI_MAXHOST] = "";
    ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    if (address) {
      *address = text;
    }
    ::freeaddrinfo(found);
  }
  return error;
}

TEST(stalled_resolver_test, stalls_libcurl_until_its_timeout) {
  stalled_resolver resolver;
  const outcome got = get("http://stalled.test/", short_timeout_ms);
  EXPECT_EQ(got.code, CURLE_OPERATION_TIMEDOUT);
  EXPECT_EQ(got.lookup_time, 0);
  EXPECT_TRUE(resolver.wait_until_waiting());
  EXPECT_EQ(resolver.waiting(), 1);
  resolver.release();
  EXPECT_EQ(resolver.waiting(), 0);
}

TEST(stalled_resolver_test, release_lets_libcurl_go_on) {
  stalled_resolver resolver;
  auto got = std::async(std::launch::async, [] { return get("http://stalled.test/").code; });
  EXPECT_TRUE(resolver.wait_until_waiting());
  resolver.release();
  EXPECT_EQ(got.get(), CURLE_COULDNT_RESOLVE_HOST);
}

TEST(stalled_resolver_test, destructor_releases_all) {
  auto resolver = std::make_unique<stalled_resolver>();
  const auto stalled = [] { return look_up("Stalled.Test."); };
  auto one = std::async(std::launch::async, stalled);
  auto two = std::async(std::launch::async, stalled);
  EXPECT_TRUE(resolver->wait_until_waiting(2));
  resolver.reset();
  EXPECT_EQ(one.get(), EAI_AGAIN);
  EXPECT_EQ(two.get(), EAI_AGAIN);
}

TEST(stalled_resolver_test, without_an_object_nothing_stalls) {
  EXPECT_EQ(look_up("stalled.test"), EAI_AGAIN);
}

TEST(stalled_resolver_test, invalid_names_do_not_exist) {
  EXPECT_EQ(look_up("api.invalid"), EAI_NONAME);
  EXPECT_EQ(get("http://api.invalid/").code, CURLE_COULDNT_RESOLVE_HOST);
}

TEST(stalled_resolver_test, loopback_names_lead_to_loopback) {
  const https_server server({[](const request&) { return response{}; }});
  const std::string host = "shop.loopback.test:" + std::to_string(server.port());
  EXPECT_EQ(get("http://" + host + "/").code, CURLE_OK);
  ASSERT_EQ(server.requests(), 1);
  EXPECT_EQ(server.received()[0].header("host"), host);
}

TEST(stalled_resolver_test, literals_are_passed_on) {
  std::string address;
  EXPECT_EQ(look_up("127.0.0.1", &address), 0);
  EXPECT_EQ(address, "127.0.0.1");
  EXPECT_EQ(look_up("::1", &address), 0);
  EXPECT_EQ(address, "::1");
  EXPECT_EQ(look_up("localhost", &address), 0);
  EXPECT_EQ(address, "127.0.0.1");
}

TEST(stalled_resolver_test, other_names_never_reach_the_network) {
  EXPECT_EQ(look_up("api.example"), EAI_FAIL);
  EXPECT_EQ(look_up("loopback.test.example"), EAI_FAIL);
  EXPECT_EQ(get("http://api.example/").code, CURLE_COULDNT_RESOLVE_HOST);
}

} // namespace
} // namespace loopback
