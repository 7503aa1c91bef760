#include <stripe_return/core/return_query.hpp>

#include "error_code_of.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

struct reading {
  std::string query;
  std::string id;
};

void expect_ids(const std::vector<reading>& readings, const char* parameter = "session_id") {
  for (const reading& each : readings) {
    SCOPED_TRACE(each.query.substr(0, 120));
    const auto id = sr::parse_return_query(each.query, parameter);
    ASSERT_TRUE(id) << id.error().message;
    EXPECT_EQ(id->str(), each.id);
  }
}

struct refusal {
  std::string query;
  code why;
};

void expect_refusals(const std::vector<refusal>& refusals, const char* parameter = "session_id") {
  for (const refusal& each : refusals) {
    SCOPED_TRACE(each.query.substr(0, 120));
    EXPECT_EQ(error_code_of(sr::parse_return_query(each.query, parameter)), each.why);
  }
}

TEST(ReturnQuery, ReadsEveryFormAServerHasAtHand) {
  expect_ids({
      {"session_id=cs_test_www", "cs_test_www"},
      {"?session_id=cs_test_www", "cs_test_www"},
      {"/stripe_return?session_id=cs_test_www", "cs_test_www"},
      {"/?session_id=cs_test_www", "cs_test_www"},
      {"stripe_return?session_id=cs_test_www", "cs_test_www"},
      {"//shop.example/return?session_id=cs_test_www", "cs_test_www"},
      {"http://localhost:8081/stripe_return?session_id=cs_test_www", "cs_test_www"},
      {"https://shop.example?session_id=cs_live_a1", "cs_live_a1"},
      {"HTTPS://user:pw@shop.example:443/a/b?session_id=cs_live_a1", "cs_live_a1"},
      {"com.shop.app://return?session_id=cs_live_a1", "cs_live_a1"},
  });
}

TEST(ReturnQuery, FindsItAmongOtherParameters) {
  expect_ids({
      {"session_id=cs_test_w&lang=zh", "cs_test_w"},
      {"lang=zh&session_id=cs_test_w", "cs_test_w"},
      {"?a=1&session_id=cs_test_w&b=2", "cs_test_w"},
      {"&&session_id=cs_test_w&&", "cs_test_w"},
      {"=&session_id=cs_test_w&=x", "cs_test_w"},
      {"flag&session_id=cs_test_w", "cs_test_w"},
      {"session_id2=x&session_id=cs_test_w", "cs_test_w"},
      {"xsession_id=x&session_id=cs_test_w", "cs_test_w"},
      {"Session_id=x&session_id=cs_test_w", "cs_test_w"},
      {"session_i=x&session_id=cs_test_w", "cs_test_w"},
      {"session_id%00=x&session_id=cs_test_w", "cs_test_w"},
      {"session_id+=x&session_id=cs_test_w", "cs_test_w"},
      {"a=session_id&session_id=cs_test_w", "cs_test_w"},
      {"payment_status=paid&session_id=cs_test_w&status=complete", "cs_test_w"},
      {"bad=%zz%&session_id=cs_test_w", "cs_test_w"},
      {"session_id%zz=x&session_id=cs_test_w", "cs_test_w"},
  });
}

// A value may hold a URL of its own; the id in it was put there by somebody else.
TEST(ReturnQuery, DoesNotLookIntoOtherValues) {
  expect_ids({
      {"next=https://evil.example/?session_id=cs_test_evil&session_id=cs_test_w", "cs_test_w"},
      {"session_id=cs_test_w&next=https://shop.example/a?b=c", "cs_test_w"},
      {"next=/a?session_id=cs_test_evil&session_id=cs_test_w", "cs_test_w"},
      {"/return?next=/b?session_id=cs_test_evil&session_id=cs_test_w", "cs_test_w"},
      {"?next=?session_id=cs_test_evil&session_id=cs_test_w", "cs_test_w"},
      {"https://shop.example/r?u=http://x/?session_id=cs_test_evil&session_id=cs_test_w",
       "cs_test_w"},
      {"next=%26session_id%3Dcs_test_evil&session_id=cs_test_w", "cs_test_w"},
  });
  expect_refusals({
      {"next=https://evil.example/?session_id=cs_test_evil", code::missing_session_id},
      {"/return?next=%3Fsession_id%3Dcs_test_evil", code::missing_session_id},
      {"/return/session_id=cs_test_evil", code::missing_session_id},
      {"https://shop.example/session_id=cs_test_evil", code::missing_session_id},
      {"??session_id=cs_test_evil", code::missing_session_id},
  });
}

TEST(ReturnQuery, LeavesTheFragmentAlone) {
  expect_ids({
      {"session_id=cs_test_w#top", "cs_test_w"},
      {"https://shop.example/r?session_id=cs_test_w#session_id=cs_test_evil", "cs_test_w"},
      {"/r?session_id=cs_test_w#?session_id=cs_test_evil", "cs_test_w"},
      {"?session_id=cs_test_w#", "cs_test_w"},
  });
  expect_refusals({
      {"#session_id=cs_test_evil", code::missing_session_id},
      {"/r#?session_id=cs_test_evil", code::missing_session_id},
      {"https://shop.example/#/r?session_id=cs_test_evil", code::missing_session_id},
      {"?a=1#&session_id=cs_test_evil", code::missing_session_id},
  });
}

TEST(ReturnQuery, DecodesNamesAndValuesOnce) {
  expect_ids({
      {"session%5Fid=cs_test_w", "cs_test_w"},
      {"session%5fid=cs_test_w", "cs_test_w"},
      {"%73ession_id=cs_test_w", "cs_test_w"},
      {"session_id=cs%5Ftest%5Fw", "cs_test_w"},
      {"session_id=%63%73%5f%4a%4A%7a", "cs_JJz"},
  });
  expect_refusals({
      {"session%255Fid=cs_test_w", code::missing_session_id},
      {"session_id=cs%255Ftest", code::malformed_session_id},
      {"session_id=cs_test_%", code::malformed_session_id},
      {"session_id=cs_test_%4", code::malformed_session_id},
      {"session_id=cs_test_%4g", code::malformed_session_id},
      {"session_id=cs_test_%G4", code::malformed_session_id},
      // the neighbours of the hexadecimal digits, which would make letters
      {"session_id=cs_test_%4/", code::malformed_session_id},
      {"session_id=cs_test_%4:", code::malformed_session_id},
      {"session_id=cs_test_%4@", code::malformed_session_id},
      {"session_id=cs_test_%4G", code::malformed_session_id},
      {"session_id=cs_test_%4`", code::malformed_session_id},
      {"session_id=cs_test_%+1", code::malformed_session_id},
      {"session_id=cs_test_a+b", code::malformed_session_id},
  });
}

// The query is often a piece of a larger request.
TEST(ReturnQuery, DecodesNothingBehindTheEndOfTheText) {
  const std::string request = "session_id=cs_%41%42";
  for (const std::size_t cut : {1U, 2U}) {
    const std::string_view piece = std::string_view(request).substr(0, request.size() - cut);
    EXPECT_EQ(error_code_of(sr::parse_return_query(piece)), code::malformed_session_id);
  }
  expect_ids({{request.substr(0, request.size() - 3), "cs_A"}, {request, "cs_AB"}});
}

TEST(ReturnQuery, DecodesEveryByteRight) {
  const char digits[] = "0123456789abcdefABCDEF";
  for (const char high : std::string(digits)) {
    for (const char low : std::string(digits)) {
      const std::string hex{high, low};
      const char byte = static_cast<char>(std::stoi(hex, nullptr, 16));
      const auto plain = sr::session_id::parse(std::string("cs_") + byte);
      const auto read = sr::parse_return_query("session_id=cs_%" + hex);
      ASSERT_EQ(error_code_of(read), error_code_of(plain)) << hex;
      if (read) {
        EXPECT_EQ(read->str(), plain->str()) << hex;
      }
    }
  }
}

TEST(ReturnQuery, TakesTheApplicationsOwnParameterName) {
  expect_ids({{"sid=cs_test_w", "cs_test_w"},
              {"session_id=cs_test_other&sid=cs_test_w", "cs_test_w"},
              {"https://shop.example/r?s%69d=cs_test_w", "cs_test_w"}},
             "sid");
  expect_refusals({{"session_id=cs_test_w", code::missing_session_id},
                   {"sid[]=cs_test_w", code::array_session_id},
                   {"sid=cs_test_a&sid=cs_test_b", code::repeated_session_id}},
                  "sid");
  expect_ids({{"checkout%5Bid%5D=cs_test_w", "cs_test_w"}, {"checkout[id]=cs_test_w", "cs_test_w"}},
             "checkout[id]");
  expect_ids({{"my+id=cs_test_w", "cs_test_w"}, {"my%20id=cs_test_w", "cs_test_w"}}, "my id");
}

TEST(ReturnQuery, RefusesEachMistakeByItsName) {
  expect_refusals({
      {"", code::missing_session_id},
      {"?", code::missing_session_id},
      {"/", code::missing_session_id},
      {"&", code::missing_session_id},
      {"lang=zh", code::missing_session_id},
      {"/stripe_return", code::missing_session_id},
      {"/stripe_return?", code::missing_session_id},
      {"https://shop.example/stripe_return", code::missing_session_id},
      {"https://", code::missing_session_id},
      {"SESSION_ID=cs_test_w", code::missing_session_id},
      {"cs_test_w", code::missing_session_id},
      {"session_id:cs_test_w", code::missing_session_id},

      {"session_id=", code::empty_session_id},
      {"session_id", code::empty_session_id},
      {"?session_id=&a=1", code::empty_session_id},
      {"a=1&session_id", code::empty_session_id},

      {"session_id=cs_test_a&session_id=cs_test_b", code::repeated_session_id},
      {"session_id=cs_test_a&session_id=cs_test_a", code::repeated_session_id},
      {"session_id=&session_id=cs_test_a", code::repeated_session_id},
      {"session_id=cs_test_a&session_id", code::repeated_session_id},
      {"session_id=cs_test_a&x=1&session%5Fid=cs_test_b", code::repeated_session_id},

      {"session_id[]=cs_test_a", code::array_session_id},
      {"session_id%5B%5D=cs_test_a", code::array_session_id},
      {"session_id[0]=cs_test_a", code::array_session_id},
      {"session_id%5b0%5d=cs_test_a", code::array_session_id},
      {"session_id[=cs_test_a", code::array_session_id},
      {"session_id[]", code::array_session_id},
      {"session_id=cs_test_a&session_id[]=cs_test_b", code::array_session_id},
      {"session_id[]=cs_test_a&session_id=cs_test_b", code::array_session_id},

      {"session_id=cs_" + std::string(253, 'a'), code::session_id_too_long},

      {"session_id={CHECKOUT_SESSION_ID}", code::unreplaced_template},
      {"session_id=%7BCHECKOUT_SESSION_ID%7D", code::unreplaced_template},
      {"session_id=%7bCHECKOUT%5FSESSION%5fID%7d", code::unreplaced_template},
      {"session_id=%257BCHECKOUT_SESSION_ID%257D", code::unreplaced_template},
      {"https://shop.example/r?session_id={CHECKOUT_SESSION_ID}", code::unreplaced_template},

      {"session_id=cs_test_a_secret_b", code::client_secret_given},
      {"session_id=cs_test_a%5Fsecret%5Fb", code::client_secret_given},
      {"session_id=pi_1_secret_2", code::client_secret_given},
  });
}

TEST(ReturnQuery, RefusesInjections) {
  for (const std::string& value : {std::string("cs_test_a%00"),
                                   std::string("%00cs_test_a"),
                                   std::string("cs_test_a\0b", 11),
                                   std::string("cs_test_a%0D%0AHost:%20evil"),
                                   std::string("cs_test_a\r\nHost: evil"),
                                   std::string("cs_test_a%0a"),
                                   std::string("cs_../customers"),
                                   std::string("cs_%2e%2e%2fcustomers"),
                                   std::string("..%2Fcustomers%2Fcus_x"),
                                   std::string("cs_test_a%2Fline_items"),
                                   std::string("cs_test_a/line_items"),
                                   std::string("cs_test_a%3Fexpand%5B%5D=customer"),
                                   std::string("cs_test_a?expand[]=customer"),
                                   std::string("cs_test_a%23"),
                                   std::string("cs_test_a%26limit%3D1"),
                                   std::string("cs_test_a="),
                                   std::string("=cs_test_a"),
                                   std::string("cs_test_a;x"),
                                   std::string("cs_test_a%EF%BC%8E"),
                                   std::string("https://evil.example"),
                                   std::string("' OR 1=1 --"),
                                   std::string("<script>")}) {
    EXPECT_EQ(error_code_of(sr::parse_return_query("session_id=" + value)),
              code::malformed_session_id)
        << value;
  }
}

// The longest id may be encoded throughout; a byte more is too long, however it is written.
TEST(ReturnQuery, CountsTheLengthAfterDecoding) {
  const auto encoded = [](std::size_t bytes) {
    std::string text = "session_id=cs_";
    for (std::size_t i = 3; i != bytes; ++i)
      text += "%61";
    return text;
  };
  expect_ids({{encoded(255), "cs_" + std::string(252, 'a')},
              {"session_id=cs_" + std::string(252, 'a'), "cs_" + std::string(252, 'a')}});
  std::string all_encoded = "session_id=%63%73%5f";
  for (int i = 0; i != 252; ++i)
    all_encoded += "%61";
  expect_ids({{all_encoded, "cs_" + std::string(252, 'a')}});
  expect_refusals({{encoded(256), code::session_id_too_long},
                   {encoded(257), code::session_id_too_long},
                   {all_encoded + "%61", code::session_id_too_long},
                   {all_encoded + "%2F", code::session_id_too_long},
                   {all_encoded + "b", code::session_id_too_long}});
}

TEST(ReturnQuery, EndsSoonOnMegabytes) {
  const std::string megabyte(1U << 20U, 'a');
  std::string many;
  for (int i = 0; i != 100000; ++i)
    many += "a=1&session_i=%&";
  expect_refusals({{megabyte, code::missing_session_id},
                   {"session_id=" + megabyte, code::session_id_too_long},
                   {"session_id=" + std::string(3U << 20U, '%'), code::session_id_too_long},
                   {"?" + megabyte + "=" + megabyte, code::missing_session_id},
                   {std::string(1U << 20U, '&'), code::missing_session_id},
                   {many, code::missing_session_id},
                   {"session_id" + std::string(1U << 20U, '['), code::array_session_id}});
  expect_ids({{many + "session_id=cs_test_w&x=" + megabyte, "cs_test_w"}});
}

// The query may hold a client secret or an attack: neither belongs in a log.
TEST(ReturnQuery, NeverRepeatsWhatItRefused) {
  const std::string canary = "CANARY0x7f";
  for (const std::string& query :
       {canary, "session_id=" + canary, "session_id=cs_test_" + canary + "_secret_" + canary,
        "session_id=cs_" + canary + "%2F", "session_id[" + canary + "]=" + canary,
        "session_id=" + canary + "&session_id=" + canary, "next=" + canary + "&session_id=",
        "https://" + canary + "/?session_id={CHECKOUT_SESSION_ID}" + canary,
        "session_id=cs_" + canary + std::string(300, 'a')}) {
    const auto read = sr::parse_return_query(query);
    ASSERT_FALSE(read) << query;
    EXPECT_EQ(read.error().message.find(canary), std::string::npos) << read.error().message;
    EXPECT_FALSE(read.error().message.empty());
    EXPECT_EQ(read.error().stripe_code + read.error().request_id, "");
  }
  const auto own_name = sr::parse_return_query("a=1", canary);
  ASSERT_FALSE(own_name);
  EXPECT_EQ(own_name.error().message.find(canary), std::string::npos);
}

TEST(ReturnQuery, NamesTheSettingWhenTheIdIsMissing) {
  const std::string message = sr::parse_return_query("a=1").error().message;
  EXPECT_NE(message.find("success_url"), std::string::npos);
  EXPECT_NE(message.find("return_url"), std::string::npos);
  EXPECT_NE(message.find("{CHECKOUT_SESSION_ID}"), std::string::npos);
}

} // namespace
