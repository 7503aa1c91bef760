#include "core/stripe_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;

TEST(StripeError, ReadsTheCodeAndTheModeItWasAskedIn) {
  const struct {
    const char* body;
    const char* code;
    bool other_mode;
  } cases[] = {
      {R"({"error":{"code":"resource_missing","message":"No such checkout.session: 'cs_test_a'","type":"invalid_request_error"}})",
       "resource_missing", false},
      {R"({"error":{"code":"resource_missing","message":"No such checkout.session: 'cs_test_a'; a similar object exists in test mode, but a live mode key was used to make this request."}})",
       "resource_missing", true},
      {R"({"error":{"code":"resource_missing","message":"No such checkout.session: 'cs_live_a'; a similar object exists in live mode, but a test mode key was used to make this request."}})",
       "resource_missing", true},
      {R"({"error":{"message":"Invalid API Key provided: sk_test_****1234"}})", "", false},
      {R"({"error":{"code":"lock_timeout"}})", "lock_timeout", false},
      {R"({"error":{"code":null,"message":null}})", "", false},
      {R"({"error":{"code":5,"message":[]}})", "", false},
      {R"({"error":"unauthorized"})", "", false},
      {R"({"error":null})", "", false},
      {R"({"error":[]})", "", false},
      {R"({"code":"resource_missing"})", "", false},
      {"{}", "", false},
      {"[]", "", false},
      {R"([{"error":{"code":"x"}}])", "", false},
      {"null", "", false},
      {R"("error")", "", false},
      {"", "", false},
      {"<html>502 Bad Gateway</html>", "", false},
      {R"({"error":{"code":"cut_off)", "", false},
      {R"({"error":{"code":1e999}})", "", false},
      {"{\"error\":{\"code\":\"\xFF\"}}", "", false},
      {R"({"error":{"code":"sk_live_x y"}})", "", false},
      {R"({"error":{"code":"line\nbreak"}})", "", false},
  };
  for (const auto& each : cases) {
    const sr::stripe_error read = sr::parse_stripe_error(each.body);
    EXPECT_EQ(read.code, each.code) << each.body;
    EXPECT_EQ(read.other_mode, each.other_mode) << each.body;
  }
}

// Stripe has no code for it.
TEST(StripeError, KnowsAnIdempotencyKeyThatWasUsedOtherwise) {
  EXPECT_TRUE(
      sr::parse_stripe_error(R"({"error":{"type":"idempotency_error"}})").idempotency_error);
  for (const char* body :
       {R"({"error":{"type":"invalid_request_error"}})",
        R"({"error":{"code":"idempotency_error"}})", R"({"error":{"type":["idempotency_error"]}})",
        R"({"type":"idempotency_error"})", "{}"}) {
    EXPECT_FALSE(sr::parse_stripe_error(body).idempotency_error) << body;
  }
}

TEST(StripeError, LogsOnlyWhatIsAWord) {
  for (const std::string& word : {std::string("resource_missing"), std::string("req_AbC123"),
                                  std::string("a-b"), std::string(), std::string(64, 'a')}) {
    EXPECT_TRUE(sr::is_machine_word(word)) << word;
  }
  for (const std::string& other :
       {std::string(65, 'a'), std::string("a b"), std::string("a\n"), std::string("a\0b", 3),
        std::string("a@b"), std::string("<b>"), std::string("\xC3\xA4"), std::string("a.b"),
        std::string("a/b"), std::string("a:b")}) {
    EXPECT_FALSE(sr::is_machine_word(other)) << other;
  }
}

TEST(StripeError, StandsDeepAndLargeBodies) {
  for (const std::string& body :
       {std::string(200000, '['), std::string(200000, '[') + std::string(200000, ']'),
        R"({"error":{"code":")" + std::string(1U << 20U, 'a') + "\"}}"}) {
    EXPECT_EQ(sr::parse_stripe_error(body).code, "");
  }
}

// No more of it is looked at, so a peer makes nobody work.
TEST(StripeError, CountsWhatStandsInTheFirst16KiB) {
  const std::string early = R"({"error":{"code":"lock_timeout","doc_url":")";
  for (const std::string& rest : {std::string("\"}}"), std::string(), std::string("\xFF]"),
                                  std::string(R"(","code":"other","message":[}]})")}) {
    const std::string body = early + std::string(16U << 10U, 'x') + rest;
    EXPECT_EQ(sr::parse_stripe_error(body).code, "lock_timeout") << rest;
  }
  const std::string late =
      R"({"error":{"doc_url":")" + std::string(16U << 10U, 'x') + R"(","code":"lock_timeout"}})";
  EXPECT_EQ(sr::parse_stripe_error(late).code, "");
  const std::string before = R"({"error":{"code":"lock_timeout"},"pad":")";
  const std::string after = "\"}";
  const std::size_t room = (16U << 10U) - before.size() - after.size();
  EXPECT_EQ(sr::parse_stripe_error(before + std::string(room, 'x') + after).code, "lock_timeout");
  EXPECT_EQ(sr::parse_stripe_error(before + std::string(room, 'x') + "]}").code, "");
}

TEST(StripeError, PassesOverWhatItDoesNotRead) {
  EXPECT_EQ(
      sr::parse_stripe_error(R"({"error":{"charge":"\ud800","x":[1e999],"code":"a_b"}})").code,
      "a_b");
  EXPECT_EQ(sr::parse_stripe_error(R"({"error":{"message":[{"code":"c"}],"code":"a_b"}})").code,
            "a_b");
}

} // namespace
