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

TEST(SignatureHeader, LeavesOutWhatIsNoMac) {
  for (const std::string& value :
       {std::string("deadbeef"), std::string(), std::string(63, 'a') + "g", std::string(66, 'a')}) {
    const auto header = sr::parse_signature_header("t=1,v1=" + value);
    ASSERT_TRUE(header) << value;
    EXPECT_TRUE(header->signatures.empty()) << value;
  }
}

TEST(SignatureHeader, IsRefusedWhenItCannotBeRead) {
  const std::pair<std::string, sr::error_code> cases[] = {
      {"", sr::error_code::not_signed},
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
      {"v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1,,v1=" + mac_a, sr::error_code::malformed_signature},
      {"t=1" + std::string(4096, ','), sr::error_code::malformed_signature},
  };
  for (const auto& [text, code] : cases) {
    const auto header = sr::parse_signature_header(text);
    ASSERT_FALSE(header) << text;
    EXPECT_EQ(header.error().code, code) << text;
  }
}

} // namespace
