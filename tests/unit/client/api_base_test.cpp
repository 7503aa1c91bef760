#include "client/api_base.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

struct accepted {
  std::string text;
  std::string url;
  std::string host;
};

void expect_accepted(const std::vector<accepted>& rows, bool encrypted) {
  for (const accepted& row : rows) {
    SCOPED_TRACE(row.text);
    const auto base = sr::parse_api_base(row.text);
    ASSERT_TRUE(base) << base.error().message;
    EXPECT_EQ(base->url, row.url);
    EXPECT_EQ(base->host, row.host);
    EXPECT_EQ(base->encrypted, encrypted);
  }
}

void expect_refused(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    const auto base = sr::parse_api_base(text);
    EXPECT_EQ(error_code_of(base), sr::error_code::invalid_option);
    if (!base) {
      EXPECT_NE(base.error().message.find("api_base"), std::string::npos) << base.error().message;
    }
  }
}

TEST(ApiBase, TakesHttpsToAnyHost) {
  expect_accepted({{"https://api.stripe.com", "https://api.stripe.com", "api.stripe.com"},
                   {"https://api.stripe.com/", "https://api.stripe.com", "api.stripe.com"},
                   {"HTTPS://api.stripe.com", "https://api.stripe.com", "api.stripe.com"},
                   {"https://api.stripe.com:443", "https://api.stripe.com:443", "api.stripe.com"},
                   {"https://egress.test:8443/", "https://egress.test:8443", "egress.test"},
                   {"https://127.0.0.1:65535", "https://127.0.0.1:65535", "127.0.0.1"},
                   {"https://[::1]:1", "https://[::1]:1", "[::1]"},
                   {"https://api%2Estripe.com", "https://api.stripe.com", "api.stripe.com"}},
                  true);
}

TEST(ApiBase, TakesHttpToThisVeryComputer) {
  expect_accepted({{"http://localhost:12111", "http://localhost:12111", "localhost"},
                   {"http://127.0.0.1", "http://127.0.0.1", "127.0.0.1"},
                   {"http://127.0.0.1:8080/", "http://127.0.0.1:8080", "127.0.0.1"},
                   {"http://127.255.255.254", "http://127.255.255.254", "127.255.255.254"},
                   {"http://[::1]:12111", "http://[::1]:12111", "[::1]"},
                   {"http://[0:0:0:0:0:0:0:1]", "http://[::1]", "[::1]"},
                   // inet_aton's other spellings of 127.0.0.0/8
                   {"http://127.1", "http://127.0.0.1", "127.0.0.1"},
                   {"http://127.65530", "http://127.0.255.250", "127.0.255.250"},
                   {"http://2130706433", "http://127.0.0.1", "127.0.0.1"},
                   {"http://0x7f.1", "http://127.0.0.1", "127.0.0.1"},
                   {"http://0177.0.0.1", "http://127.0.0.1", "127.0.0.1"}},
                  false);
}

TEST(ApiBase, RefusesHttpToAnybodyElse) {
  expect_refused({
      "http://api.stripe.com",
      "http://egress.test",
      "http://10.0.0.1",
      "http://128.0.0.1",
      "http://126.255.255.255",
      "http://1270.0.0.1",
      "http://0.0.0.0",
      "http://[::]",
      "http://[::2]",
      "http://[::ffff:10.0.0.1]",
      "http://[2001:db8::1]",
  });
}

// What begins like this computer's name and belongs to somebody else.
TEST(ApiBase, RefusesHttpToLookAlikes) {
  expect_refused({
      "http://127.0.0.1.evil.test",
      "http://127.evil.test",
      "http://127.0.0.1-evil.test",
      "http://localhost.evil.test",
      "http://localhost%2Eevil.test",
      "http://localhost.localdomain",
      "http://localhosts",
      "http://evil-localhost",
      "http://evil.localhost",
      "http://127.0.0.1@evil.test",
      "http://localhost@evil.test",
      "http://127.0.0.1:80@evil.test",
      "http://evil.test#127.0.0.1",
      "http://evil.test?127.0.0.1",
      "http://[::1].evil.test",
      "http://127.0.0.1%00.evil.test",
  });
}

// All digits and dots, yet no address: such a host is looked up as a name, and a name server may
// answer whatever it likes.
TEST(ApiBase, RefusesHttpToNumbersThatAreNoAddress) {
  expect_refused({
      "http://127.0.0.256",
      "http://127.0.0.0.1",
      "http://127.99999999999",
      "http://127.",
      "http://127..1",
      "http://127.0.0.1.",
  });
}

TEST(ApiBase, RefusesOtherSchemes) {
  expect_refused({"ftp://127.0.0.1", "file:///etc/passwd", "ws://127.0.0.1", "wss://h.test",
                  "gopher://127.0.0.1", "httpss://h.test", "javascript:alert(1)"});
}

TEST(ApiBase, RefusesMoreThanSchemeHostAndPort) {
  expect_refused({
      "https://api.stripe.com/v1",
      "https://api.stripe.com/v1/",
      "https://api.stripe.com//",
      "https://api.stripe.com/%2F",
      "https://api.stripe.com?x",
      "https://api.stripe.com/?x=1",
      "https://api.stripe.com#f",
      "https://user@api.stripe.com",
      "https://user:password@api.stripe.com",
      "https://:password@api.stripe.com",
      "https://api.stripe.com@evil.test",
      "https://api.stripe.com:443@evil.test",
      "https://api.stripe.com\\@evil.test",
  });
}

TEST(ApiBase, RefusesWhatIsNoUrl) {
  expect_refused({
      "",
      " ",
      "api.stripe.com",
      "//api.stripe.com",
      "https:",
      "https://",
      "https:api.stripe.com",
      " https://api.stripe.com",
      "https://api.stripe.com ",
      "https://api stripe.com",
      "https://api.stripe.com\n",
      "https://api.stripe.com\r\nX: y",
      "https://api.stripe.com%0D%0AX:%20y",
      "https://api.stripe.com%40evil.test",
      "https://evil.test%2Fapi.stripe.com",
      "https://evil.test%23api.stripe.com",
      "https://evil.test%3Fapi.stripe.com",
      "https://api.stripe.com:x",
      "https://api.stripe.com:-1",
      "https://api.stripe.com:65536",
      "https://api.stripe.com:1:2",
      "https://[::1",
      "https://[zz]",
  });
}

// An application may have put a key or a password there by mistake.
TEST(ApiBase, NeverRepeatsTheText) {
  const auto base = sr::parse_api_base("https://user:sk_test_secret@api.stripe.com/sk_test_secret");
  ASSERT_FALSE(base);
  EXPECT_EQ(base.error().message.find("sk_test"), std::string::npos) << base.error().message;
}

} // namespace
