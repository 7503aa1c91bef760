#include "webhook/signature_header.hpp"

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

const std::string mac_a(64, 'a');
const std::string mac_b(64, 'B');

TEST(SignatureHeader, HasATimeAndEverySignatureOfV1) {
  const auto header = sr::parse_signature_header("t=1700000000,v1=" + mac_a + ",v0=" + mac_a +
                                                 ",v1=" + mac_b + ",v2=x");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->time, 1700000000);
  ASSERT_EQ(header->signatures.size(), 2U);
  EXPECT_EQ(header->signatures[0][31], 0xaa);
  EXPECT_EQ(header->signatures[1][0], 0xbb);
}

TEST(SignatureHeader, ReadsEveryHexDigitInEitherCase) {
  const std::string digits = "0123456789abcdef0123456789ABCDEF";
  const auto header = sr::parse_signature_header("t=1,v1=" + digits + digits);
  ASSERT_TRUE(header);
  ASSERT_EQ(header->signatures.size(), 1U);
  for (std::size_t i = 0; i != 32; ++i)
    EXPECT_EQ(header->signatures[0][i], i % 8 * 0x22 + 1);
}

TEST(SignatureHeader, LeavesOutWhatIsNoMac) {
  std::vector<std::string> values = {"deadbeef", "", std::string(63, 'a'), std::string(66, 'a')};
  for (const char next_to_a_digit : {'/', ':', '@', 'G', '`', 'g', ' ', '\0'}) {
    for (const std::size_t at : {0U, 1U, 62U, 63U}) {
      values.push_back(mac_a);
      values.back()[at] = next_to_a_digit;
    }
  }
  for (const std::string& value : values) {
    const auto header = sr::parse_signature_header("t=1,v1=" + value);
    ASSERT_TRUE(header) << value;
    EXPECT_TRUE(header->signatures.empty()) << value;
  }
}

TEST(SignatureHeader, IsReadUpToItsLimits) {
  const auto latest = sr::parse_signature_header("t=253402300799");
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->time, 253402300799);
  EXPECT_TRUE(sr::parse_signature_header("t=0"));
  const std::string longest = "t=1,a=" + std::string(4090, 'a');
  ASSERT_EQ(longest.size(), 4096U);
  EXPECT_TRUE(sr::parse_signature_header(longest));
}

// Servers keep blanks, and join a header that came twice.
TEST(SignatureHeader, MayHaveBlanksAndComeTwice) {
  const std::string once = "t=1,v1=" + mac_a + ",v1=" + mac_b;
  for (const std::string& text :
       {" " + once, once + " \t", "t=1, v1=" + mac_a + " ,\tv1=" + mac_b, once + ", "}) {
    const auto header = sr::parse_signature_header(text);
    ASSERT_TRUE(header) << text;
    EXPECT_EQ(header->time, 1);
    EXPECT_EQ(header->signatures.size(), 2U) << text;
  }
  for (const std::string& twice : {once + "," + once, once + ", " + once, once + ",t=01"}) {
    const auto header = sr::parse_signature_header(twice);
    ASSERT_TRUE(header) << twice;
    EXPECT_EQ(header->time, 1);
  }
}

TEST(SignatureHeader, IsRefusedWhenItCannotBeRead) {
  const std::pair<std::string, sr::error_code> cases[] = {
      {"", sr::error_code::not_signed},
      {" \t", sr::error_code::not_signed},
      {"I'm not even a real signature header", sr::error_code::malformed_signature},
      {"v1,t=1", sr::error_code::malformed_signature},
      {"t=", sr::error_code::malformed_signature},
      {"t=1x,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t= 1,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=-1,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=-0,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=+1,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=253402300800,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=99999999999999999999,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1,t=2,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=x,t=1,v1=" + mac_a, sr::error_code::malformed_signature},
      {"v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1,v1=" + mac_a + ", t=2,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t =1,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1,,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1, ,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1,a=" + std::string(4091, 'a'), sr::error_code::malformed_signature}, // 4097 bytes
  };
  for (const auto& [text, code] : cases) {
    const auto header = sr::parse_signature_header(text);
    ASSERT_FALSE(header) << text;
    EXPECT_EQ(header.error().code, code) << text;
  }
}

} // namespace
