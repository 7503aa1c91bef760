#include "client/client_options.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(LivemodeOf, TakesSecretAndRestrictedKeysOfBothModes) {
  struct row {
    std::string key;
    bool live;
  };
  for (const row& each : std::vector<row>{{"sk_test_1", false},
                                          {"sk_live_1", true},
                                          {"rk_test_1", false},
                                          {"rk_live_1", true},
                                          {"sk_test_51HabcXYZ", false},
                                          {"sk_test_live_1", false}, // only the prefix tells
                                          {"sk_live_test_1", true},
                                          {"sk_org_live_1", true},
                                          {"sk_org_test_1", false},
                                          {"sk_test_" + std::string(99, 'a'), false},
                                          {"sk_live_" + std::string(255, 'a'), true}}) {
    const auto live = sr::livemode_of(each.key);
    ASSERT_TRUE(live) << each.key;
    EXPECT_EQ(*live == sr::livemode::live, each.live) << each.key;
  }
}

TEST(LivemodeOf, RefusesEveryOtherKey) {
  struct row {
    std::string key;
    code why;
  };
  const std::vector<row> rows{
      {"", code::missing_secret_key},
      {"pk_test_1", code::publishable_key},
      {"pk_live_1", code::publishable_key},
      {"pk_", code::publishable_key},
      {"sk_test_", code::malformed_secret_key},
      {"sk_live_", code::malformed_secret_key},
      {"rk_test_", code::malformed_secret_key},
      {"sk_", code::malformed_secret_key},
      {"sk_1", code::malformed_secret_key},
      {"sk_prod_1", code::malformed_secret_key},
      {"sk_org_live_", code::malformed_secret_key},
      {"sk_org_1", code::malformed_secret_key},
      {"rk_org_live_1", code::malformed_secret_key},
      {"test_1", code::malformed_secret_key},
      {"live_1", code::malformed_secret_key},
      {"ssk_test_1", code::malformed_secret_key},
      {"sktest_1", code::malformed_secret_key},
      {"SK_TEST_1", code::malformed_secret_key},
      {"sk_Test_1", code::malformed_secret_key},
      {"whsec_1", code::malformed_secret_key},
      {"ek_test_1", code::malformed_secret_key},
      {"cs_test_1", code::malformed_secret_key},
      {"Bearer sk_test_1", code::malformed_secret_key},
      {" ", code::malformed_secret_key},
      {" sk_test_1", code::malformed_secret_key},
      {"sk_test_1 ", code::malformed_secret_key},
      {"sk_test_ 1", code::malformed_secret_key},
      {"sk_test_1\n", code::malformed_secret_key}, // as read from a file
      {"sk_test_1\r\n", code::malformed_secret_key},
      {"sk_test_1\r\nStripe-Account: acct_1", code::malformed_secret_key},
      {"sk_test_1\t", code::malformed_secret_key},
      {std::string("sk_test_1\0x", 11), code::malformed_secret_key},
      {std::string("sk_test_\0", 9), code::malformed_secret_key},
      {"sk_test_1\x7f", code::malformed_secret_key},
      {"sk_test_1\x80", code::malformed_secret_key},
      {"sk_test_\xe2\x80\x8b", code::malformed_secret_key}, // a zero-width space, as pasted
      {"\xef\xbb\xbfsk_test_1", code::malformed_secret_key},
      {"sk_test_" + std::string(256, 'a'), code::malformed_secret_key},
  };
  for (const row& each : rows)
    EXPECT_EQ(error_code_of(sr::livemode_of(each.key)), each.why) << each.key;
}

TEST(LivemodeOf, NeverRepeatsTheKey) {
  for (const char* key : {"pk_test_Secret", "sk_test_Secret ", "Secret", "sk_Secret"}) {
    const auto live = sr::livemode_of(key);
    ASSERT_FALSE(live);
    EXPECT_EQ(live.error().message.find("Secret"), std::string::npos) << live.error().message;
  }
}

TEST(CheckAccount, TakesNoneOrAnAccountId) {
  for (const std::string& account :
       {std::string(), std::string("acct_1"), std::string("acct_1032D82eZvKYlo2C"),
        "acct_" + std::string(250, 'z')}) {
    EXPECT_FALSE(sr::check_account(account)) << account;
  }
}

// It becomes a header of the request.
TEST(CheckAccount, RefusesWhatIsNoAccountId) {
  for (const std::string& account :
       {std::string("acct_"), std::string("acct"), std::string("1032D82eZvKYlo2C"),
        std::string("ACCT_1"), std::string("cus_1"), std::string(" acct_1"), std::string("acct_1 "),
        std::string("acct_1\r\nX-Evil: 1"), std::string("acct_1\n"), std::string("acct_1_2"),
        std::string("acct_1-2"), std::string("acct_1,acct_2"), std::string("acct_1\0", 7),
        std::string("acct_\xc3\xa9"), "acct_" + std::string(251, 'z')}) {
    const auto refused = sr::check_account(account);
    ASSERT_TRUE(refused) << account;
    EXPECT_EQ(refused->code, code::invalid_option) << account;
    EXPECT_NE(refused->message.find("account"), std::string::npos);
  }
}

struct change {
  const char* what;
  std::function<void(sr::client_options&)> apply;
};

std::optional<sr::error> refusal_of(const change& each) {
  sr::client_options options;
  each.apply(options);
  const auto base = sr::check_options(options);
  return base ? std::nullopt : std::optional<sr::error>(base.error());
}

TEST(CheckOptions, TakesTheDefaults) {
  const auto base = sr::check_options({});
  ASSERT_TRUE(base) << base.error().message;
  EXPECT_EQ(base->url, "https://api.stripe.com");
  EXPECT_TRUE(base->encrypted);
}

TEST(CheckOptions, TakesEveryValueAtTheEndsOfItsRange) {
  const std::vector<change> rows{
      {"deadline", [](auto& o) { o.deadline = milliseconds(1); }},
      {"deadline", [](auto& o) { o.deadline = minutes(10); }},
      {"attempt_timeout", [](auto& o) { o.attempt_timeout = milliseconds(1); }},
      {"attempt_timeout", [](auto& o) { o.attempt_timeout = minutes(10); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = milliseconds(1); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = minutes(10); }},
      {"max_retries", [](auto& o) { o.retry.max_retries = 0; }},
      {"max_retries", [](auto& o) { o.retry.max_retries = 100; }},
      {"first_delay", [](auto& o) { o.retry.first_delay = milliseconds(1); }},
      {"longest_delay", [](auto& o) { o.retry.longest_delay = o.retry.first_delay; }},
      {"longest_delay", [](auto& o) { o.retry.longest_delay = minutes(10); }},
      {"both delays", [](auto& o) { o.retry.first_delay = o.retry.longest_delay = minutes(10); }},
      {"max_response_bytes", [](auto& o) { o.max_response_bytes = 1024; }},
      {"max_response_bytes", [](auto& o) { o.max_response_bytes = 64 * 1024 * 1024; }},
      {"account", [](auto& o) { o.account = "acct_1"; }},
      {"api_base", [](auto& o) { o.api_base = "http://127.0.0.1:1"; }},
      {"proxy", [](auto& o) { o.proxy = "http://proxy.test:3128"; }},
      {"proxy", [](auto& o) { o.proxy = "proxy.test:3128"; }},
      {"proxy", [](auto& o) { o.proxy = "socks5h://proxy.test:1080"; }},
      {"not_found_memory", [](auto& o) { o.not_found_memory = milliseconds(0); }},
      {"max_in_flight", [](auto& o) { o.max_in_flight = 10000; }},
      {"requests_per_second", [](auto& o) { o.requests_per_second = 0.01; }},
  };
  for (const change& each : rows) {
    const auto refused = refusal_of(each);
    EXPECT_FALSE(refused) << each.what << ": " << refused->message;
  }
}

TEST(CheckOptions, NamesTheOptionThatIsOutOfItsRange) {
  const std::vector<change> rows{
      {"proxy", [](auto& o) { o.proxy = "ftp://proxy.test:3128"; }},
      {"proxy", [](auto& o) { o.proxy = "://proxy.test"; }},
      {"not_found_memory", [](auto& o) { o.not_found_memory = milliseconds(-1); }},
      {"not_found_memory", [](auto& o) { o.not_found_memory = std::chrono::minutes(61); }},
      {"max_in_flight", [](auto& o) { o.max_in_flight = 0; }},
      {"max_in_flight", [](auto& o) { o.max_in_flight = 10001; }},
      {"requests_per_second", [](auto& o) { o.requests_per_second = 0.001; }},
      {"requests_per_second", [](auto& o) { o.requests_per_second = 2e6; }},
      {"requests_per_second", [](auto& o) { o.requests_per_second = -1; }},
      {"requests_per_second", [](auto& o) { o.requests_per_second = std::nan(""); }},
      {"deadline", [](auto& o) { o.deadline = milliseconds(0); }},
      {"deadline", [](auto& o) { o.deadline = milliseconds(-1); }},
      {"deadline", [](auto& o) { o.deadline = milliseconds::min(); }},
      {"deadline", [](auto& o) { o.deadline = minutes(10) + milliseconds(1); }},
      {"deadline", [](auto& o) { o.deadline = milliseconds::max(); }},
      {"attempt_timeout", [](auto& o) { o.attempt_timeout = milliseconds(0); }},
      {"attempt_timeout", [](auto& o) { o.attempt_timeout = milliseconds(-1); }},
      {"attempt_timeout", [](auto& o) { o.attempt_timeout = minutes(10) + milliseconds(1); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = milliseconds(0); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = milliseconds(-1); }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = minutes(10) + milliseconds(1); }},
      {"retry.max_retries", [](auto& o) { o.retry.max_retries = -1; }},
      {"retry.max_retries", [](auto& o) { o.retry.max_retries = 101; }},
      {"retry.first_delay", [](auto& o) { o.retry.first_delay = milliseconds(0); }},
      {"retry.first_delay", [](auto& o) { o.retry.first_delay = milliseconds(-1); }},
      {"retry.first_delay",
       [](auto& o) {
         o.retry.first_delay = o.retry.longest_delay = minutes(10) + milliseconds(1);
       }},
      {"retry.longest_delay",
       [](auto& o) { o.retry.longest_delay = o.retry.first_delay - milliseconds(1); }},
      {"retry.longest_delay",
       [](auto& o) { o.retry.longest_delay = minutes(10) + milliseconds(1); }},
      {"max_response_bytes", [](auto& o) { o.max_response_bytes = 0; }},
      {"max_response_bytes", [](auto& o) { o.max_response_bytes = 1023; }},
      {"max_response_bytes", [](auto& o) { o.max_response_bytes = 64 * 1024 * 1024 + 1; }},
      {"account", [](auto& o) { o.account = "acct_1\r\n"; }},
      {"api_base", [](auto& o) { o.api_base = "http://api.stripe.com"; }},
      {"api_base", [](auto& o) { o.api_base = ""; }},
  };
  for (const change& each : rows) {
    const auto refused = refusal_of(each);
    ASSERT_TRUE(refused) << each.what;
    EXPECT_EQ(refused->code, code::invalid_option) << each.what;
    EXPECT_NE(refused->message.find(each.what), std::string::npos)
        << each.what << ": " << refused->message;
  }
}

// The proxy of an http URL is handed the whole request, the key among it.
TEST(CheckOptions, RefusesAProxyWithoutEncryption) {
  const auto refused = refusal_of({"proxy", [](sr::client_options& options) {
                                     options.api_base = "http://127.0.0.1:12111";
                                     options.proxy = "http://proxy.test:3128";
                                   }});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, code::invalid_option);
  EXPECT_NE(refused->message.find("proxy"), std::string::npos);
}

TEST(CheckKeyHost, SendsALiveKeyToStripeAndToTheHostNamedForIt) {
  struct row {
    const char* api_base;
    const char* live_key_host;
    bool live_key_allowed;
  };
  const std::vector<row> rows{
      {"https://api.stripe.com", "", true},
      {"https://api.stripe.com:443", "", true},
      {"https://api.stripe.com", "egress.test", true},
      {"https://egress.test", "egress.test", true},
      {"https://egress.test:8443", "egress.test", true},
      {"http://127.0.0.1:12111", "127.0.0.1", true},
      {"https://egress.test", "", false},
      {"https://egress.test", "other.test", false},
      {"https://egress.test", "egress.tes", false},
      {"https://egress.test", "egress.test.", false},
      {"https://egress.test.evil.test", "egress.test", false},
      {"https://evil.egress.test", "egress.test", false},
      {"https://api.stripe.com.evil.test", "", false},
      {"https://evil-api.stripe.com", "", false},
      {"https://stripe.com", "", false},
      {"https://files.stripe.com", "", false},
      {"http://127.0.0.1:12111", "", false},
      {"http://localhost:12111", "", false},
  };
  for (const row& each : rows) {
    SCOPED_TRACE(std::string(each.api_base) + " " + each.live_key_host);
    sr::client_options options;
    options.api_base = each.api_base;
    options.live_key_host = each.live_key_host;
    const auto base = sr::check_options(options);
    ASSERT_TRUE(base);
    const auto refused = sr::check_key_host(options, *base, sr::livemode::live);
    EXPECT_EQ(!refused, each.live_key_allowed);
    if (refused) {
      EXPECT_EQ(refused->code, code::invalid_option);
      EXPECT_NE(refused->message.find("live_key_host"), std::string::npos);
    }
    // A test key opens nothing that is worth taking.
    EXPECT_FALSE(sr::check_key_host(options, *base, sr::livemode::test));
  }
}

} // namespace
