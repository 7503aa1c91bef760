#include "testkit/fake_stripe/loopback_url.hpp"

#include <gtest/gtest.h>

namespace {

using stripe_return::fake::parse_loopback_url;

TEST(LoopbackUrl, IsSplitForTheClient) {
  const auto url = parse_loopback_url("http://127.0.0.1:8081/hook?a=b#c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin, "http://127.0.0.1:8081");
  EXPECT_EQ(url->target, "/hook?a=b");
  EXPECT_EQ(parse_loopback_url("https://localhost")->target, "/");
  EXPECT_EQ(parse_loopback_url("http://[::1]:80?x")->origin, "http://[::1]:80");
  EXPECT_EQ(parse_loopback_url("http://[::1]:80?x")->target, "/?x");
  EXPECT_TRUE(parse_loopback_url("http://127.255.0.3/"));
}

TEST(LoopbackUrl, LeadsNowhereElse) {
  for (const char* url : {"",
                          "localhost",
                          "ftp://localhost/",
                          "http://",
                          "http://128.0.0.1/",
                          "http://127.1/",
                          "http://127.0.0.1.example/",
                          "http://localhost.example/",
                          "http://127.0.0.1@example.com/",
                          "http://localhost:80@example.com/",
                          "http://localhost:/",
                          "http://localhost:8x/",
                          "http://[::2]/",
                          "http://[::1]x/",
                          "http://2130706433/",
                          "http://0177.0.0.1/",
                          "http://local host/",
                          "http://localhost/\r\nX: y",
                          "httpx://localhost/",
                          "http://localhost\\@example.com/"}) {
    EXPECT_FALSE(parse_loopback_url(url)) << url;
  }
}

} // namespace
