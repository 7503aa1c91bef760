// That the search finds what it is for.
#include "canaries.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <cstdio>
#include <string>

namespace {

using canary::leaks_in;
using testing::ElementsAre;
using testing::IsEmpty;

std::string each_byte(const std::string& text, const char* format) {
  std::string all;
  for (const char c : text) {
    char written[16];
    std::snprintf(written, sizeof written, format, static_cast<unsigned char>(c));
    all += written;
  }
  return all;
}

TEST(Canaries, AreFoundInEveryForm) {
  for (const std::string& each :
       {canary::secret_key, canary::webhook_secret, canary::client_secret, canary::intent_secret,
        canary::page, canary::email, canary::name, canary::phone, canary::street, canary::note}) {
    SCOPED_TRACE(each);
    std::string upper = each;
    for (char& c : upper)
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const std::string& form :
         {each, upper, each_byte(each, "%%%02x"), each_byte(each, "%%%02X"),
          each_byte(each, "\\u%04x"), each_byte(each, "\\x%02x"), each_byte(each, "&#x%02x;"),
          each_byte(each, "%02X-"), each_byte(each, "%02x"), each_byte(each, "%%25%02x"),
          each_byte(each, "\\u0025%02x"), nlohmann::json(each).dump(-1, ' ', true)}) {
      SCOPED_TRACE(form);
      EXPECT_EQ(leaks_in("id=1 " + form + " and so on").size(), 1u);
    }
  }
}

TEST(Canaries, AreFoundInBase64) {
  EXPECT_THAT(leaks_in("Basic c2tfdGVzdF81MVF6N0tkMldtWXA5THhWNHRSYjo="),
              ElementsAre("the secret key"));
  EXPECT_THAT(leaks_in("eHNrX3Rlc3RfNTFRejdLZDJXbVlwOUx4VjR0UmI"), ElementsAre("the secret key"));
  EXPECT_THAT(leaks_in("eHhza190ZXN0XzUxUXo3S2QyV21ZcDlMeFY0dFJi"), ElementsAre("the secret key"));
}

TEST(Canaries, AreFoundInPieces) {
  EXPECT_THAT(leaks_in("sk_test_...V4tRb"), IsEmpty());
  EXPECT_THAT(leaks_in("sk_test_...xV4tRb"), ElementsAre("the secret key"));
}

TEST(Canaries, AreNotFoundElsewhere) {
  EXPECT_THAT(leaks_in(""), IsEmpty());
  EXPECT_THAT(
      leaks_in("% %2 %zz \\u12 &#x \\x GET /v1/checkout/sessions/cs_test_a1 200 0123456789"),
      IsEmpty());
}

TEST(Canaries, StandWhereStripeHasSecretsAndCustomers) {
  const nlohmann::json session = {{"object", "checkout.session"},
                                  {"payment_status", "paid"},
                                  {"metadata", {{"out_trade_no", "A1"}}},
                                  {"payment_intent", {{"object", "payment_intent"}}}};
  const nlohmann::json page = {{"data", {{{"object", "event"}, {"data", {{"object", session}}}}}}};
  EXPECT_EQ(leaks_in(canary::planted(page).dump()).size(), 8u); // all but the keys
  EXPECT_EQ(leaks_in(canary::planted_text(R"({"error":{"code":"x"}})")).size(), 4u);
}

} // namespace
