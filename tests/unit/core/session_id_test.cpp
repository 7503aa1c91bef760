#include <stripe_return/core/session_id.hpp>

#include "error_code_of.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <type_traits>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

static_assert(!std::is_constructible_v<sr::session_id, std::string>,
              "an id that was not looked at cannot be made");
static_assert(!std::is_default_constructible_v<sr::session_id>);

std::string of_length(std::size_t bytes) {
  return "cs_test_" + std::string(bytes - 8, 'a');
}

TEST(SessionId, TakesWhatStripeSends) {
  for (const std::string& id :
       {std::string("cs_test_www"), std::string("cs_live_a1B2c3"), std::string("cs_a"),
        std::string("cs__"), std::string("cs_sandbox_0"), of_length(64), of_length(66),
        of_length(254), of_length(255)}) {
    const auto parsed = sr::session_id::parse(id);
    ASSERT_TRUE(parsed) << id;
    EXPECT_EQ(parsed->str(), id);
  }
}

struct refusal {
  std::string value;
  code why;
};

TEST(SessionId, RefusesEachMistakeByItsName) {
  const std::string secret = "cs_test_a1_secret_fidwbEhqYWAnPydmcHZxamgneCUl";
  const refusal refusals[] = {
      {"", code::empty_session_id},

      {"{CHECKOUT_SESSION_ID}", code::unreplaced_template},
      {"%7BCHECKOUT_SESSION_ID%7D", code::unreplaced_template},
      {"%7bCHECKOUT_SESSION_ID%7d", code::unreplaced_template},
      {"%257BCHECKOUT_SESSION_ID%257D", code::unreplaced_template},
      {"&#123;CHECKOUT_SESSION_ID&#125;", code::unreplaced_template},
      {"{{CHECKOUT_SESSION_ID}}", code::unreplaced_template},

      {secret, code::client_secret_given},
      {secret + "#fidkdWxOYHwnPyd1blpxYHZx", code::client_secret_given},
      {"pi_1_secret_2", code::client_secret_given},
      {"seti_1_secret_2", code::client_secret_given},
      {"cs_live_" + std::string(300, 'a') + "_secret_x", code::client_secret_given},

      {of_length(256), code::session_id_too_long},
      {std::string(1U << 20U, 'a'), code::session_id_too_long},
      {"cs_" + std::string(10U << 20U, '/'), code::session_id_too_long},

      {"cs_", code::malformed_session_id},
      {"cs", code::malformed_session_id},
      {"c", code::malformed_session_id},
      {"CS_test_a", code::malformed_session_id},
      {"Cs_test_a", code::malformed_session_id},
      {"xcs_test_a", code::malformed_session_id},
      {" cs_test_a", code::malformed_session_id},
      {"cs_test_a ", code::malformed_session_id},
      {"cs_test_a\n", code::malformed_session_id},
      {"cs_test_a\r\nHost: evil", code::malformed_session_id},
      {std::string("cs_test_a\0", 10), code::malformed_session_id},
      {std::string("\0cs_test_a", 10), code::malformed_session_id},
      {std::string("cs_test\0_a", 10), code::malformed_session_id},
      {"cs_test_a/line_items", code::malformed_session_id},
      {"cs_test_a?expand[]=customer", code::malformed_session_id},
      {"cs_test_a#x", code::malformed_session_id},
      {"cs_test_a%2F", code::malformed_session_id},
      {"cs_test_a%00", code::malformed_session_id},
      {"cs_../customers/cus_x", code::malformed_session_id},
      {"../customers/cus_x", code::malformed_session_id},
      {"cs_test-a", code::malformed_session_id},
      {"cs_test.a", code::malformed_session_id},
      {"cs_test_a,cs_test_b", code::malformed_session_id},
      {"cs_test_a;b", code::malformed_session_id},
      {"cs_test_\xC3\xA4", code::malformed_session_id},
      {"cs_test_\xFF", code::malformed_session_id},
      {"cs_test_\x7F", code::malformed_session_id},
      {"pi_3TE4L6GLfJRXFUwH0xPlsxYW", code::malformed_session_id},
      {"sk_test_abcdef", code::malformed_session_id},
      {"null", code::malformed_session_id},
      {"undefined", code::malformed_session_id},
      {"[object Object]", code::malformed_session_id},
  };
  for (const refusal& each : refusals) {
    SCOPED_TRACE(each.value.substr(0, 80));
    EXPECT_EQ(error_code_of(sr::session_id::parse(each.value)), each.why);
  }
}

TEST(SessionId, AllowsExactlyTheCharactersOfAnId) {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  for (int byte = 0; byte != 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool expected = allowed.find(c) != std::string::npos;
    for (const std::string& id : {std::string("cs_") + c, std::string("cs_a") + c + 'b'})
      EXPECT_EQ(sr::session_id::parse(id).has_value(), expected) << byte;
  }
}

// What was given may be a secret or an attack: neither belongs in a log.
TEST(SessionId, NeverRepeatsWhatItRefused) {
  const std::string canary = "CANARY0x7f";
  for (const std::string& value :
       {canary, "cs_test_" + canary + "_secret_" + canary, "cs_test_" + canary + "/..",
        "{CHECKOUT_SESSION_ID}" + canary, "cs_test_" + canary + std::string(300, 'a')}) {
    const auto parsed = sr::session_id::parse(value);
    ASSERT_FALSE(parsed) << value;
    EXPECT_EQ(parsed.error().message.find(canary), std::string::npos) << parsed.error().message;
    EXPECT_FALSE(parsed.error().message.empty());
    EXPECT_EQ(parsed.error().stripe_code + parsed.error().request_id, "");
    EXPECT_EQ(parsed.error().http_status, 0);
  }
}

// Whoever reads the message must find the setting to mend.
TEST(SessionId, NamesTheSettingBehindAConfigurationMistake) {
  for (const char* value : {"", "{CHECKOUT_SESSION_ID}", "cs_test_a_secret_b"}) {
    const std::string message = sr::session_id::parse(value).error().message;
    EXPECT_NE(message.find("success_url"), std::string::npos) << message;
    EXPECT_NE(message.find("return_url"), std::string::npos) << message;
  }
}

TEST(SessionId, TellsTheModeByItsPrefix) {
  const struct {
    const char* id;
    std::optional<sr::livemode> livemode;
  } cases[] = {
      {"cs_live_a1", sr::livemode::live},
      {"cs_test_a1", sr::livemode::test},
      {"cs_live_", sr::livemode::live},
      {"cs_test_", sr::livemode::test},
      {"cs_live", std::nullopt},
      {"cs_test", std::nullopt},
      {"cs_a1", std::nullopt},
      {"cs_LIVE_a", std::nullopt},
      {"cs_sandbox_a", std::nullopt},
      {"cs__live_a", std::nullopt},
      {"cs_a_live_b", std::nullopt},
      {"cs_livea_b", std::nullopt},
  };
  for (const auto& each : cases) {
    const auto id = sr::session_id::parse(each.id);
    ASSERT_TRUE(id) << each.id;
    EXPECT_EQ(id->livemode(), each.livemode) << each.id;
  }
}

TEST(SessionId, IsEqualByteForByte) {
  const auto id = [](const char* text) { return *sr::session_id::parse(text); };
  EXPECT_TRUE(id("cs_test_a") == id("cs_test_a"));
  EXPECT_FALSE(id("cs_test_a") != id("cs_test_a"));
  EXPECT_TRUE(id("cs_test_a") != id("cs_test_A"));
  EXPECT_FALSE(id("cs_test_a") == id("cs_test_aa"));
}

} // namespace
