#include "fake_stripe/session_request.hpp"

#include "fake_stripe/api_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace stripe_return::fake;

constexpr stripe_return::unix_seconds now = 1800000000;

const std::string item = "&line_items[0][price_data][currency]=cny"
                         "&line_items[0][price_data][product_data][name]=Tea"
                         "&line_items[0][price_data][unit_amount]=200"
                         "&line_items[0][quantity]=2";
const std::string least = "mode=payment&success_url=https://shop.example/ok" + item;

session_request read(const std::string& form) {
  return read_session_request(parameters(decode_form(form)), now);
}

struct refusal {
  std::string code;
  std::string param;
  bool operator==(const refusal& other) const { return code == other.code && param == other.param; }
};

void PrintTo(const refusal& value, std::ostream* out) {
  *out << value.code << " " << value.param;
}

refusal refusal_of(const std::string& form) {
  try {
    read(form);
  } catch (const api_error& error) {
    EXPECT_EQ(error.status, error.code == "resource_missing" ? 404 : 400);
    return {error.code, error.param};
  }
  return {"accepted", ""};
}

TEST(SessionRequest, ReadsWhatIsAskedFor) {
  const session_request asked =
      read(least + "&metadata[out_trade_no]=A1&client_reference_id=ref&expires_at=" +
           std::to_string(now + 1800) +
           "&after_expiration[recovery][enabled]=true&payment_intent_data[metadata][a]=b"
           "&payment_method_types[0]=card&cancel_url=http://127.0.0.1:9/no&ui_mode=hosted_page");
  EXPECT_EQ(asked.total(), 400);
  EXPECT_EQ(asked.currency, "cny");
  EXPECT_EQ(asked.items.at(0).name, "Tea");
  EXPECT_EQ(asked.metadata.at("out_trade_no"), "A1");
  EXPECT_EQ(asked.intent_metadata.at("a"), "b");
  EXPECT_EQ(asked.client_reference_id, "ref");
  EXPECT_EQ(asked.expires_at, now + 1800);
  EXPECT_EQ(asked.cancel_url, "http://127.0.0.1:9/no");
  EXPECT_TRUE(asked.recoverable);
}

TEST(SessionRequest, NamesWhatIsMissing) {
  const std::string missing = "parameter_missing";
  EXPECT_EQ(refusal_of("success_url=https://shop.example" + item), (refusal{missing, "mode"}));
  EXPECT_EQ(refusal_of("mode=payment" + item), (refusal{missing, "success_url"}));
  EXPECT_EQ(refusal_of("mode=payment&success_url=https://shop.example"),
            (refusal{missing, "line_items"}));
  EXPECT_EQ(refusal_of(least + "&line_items[1][quantity]=1"),
            (refusal{missing, "line_items[1][price_data]"}));
  EXPECT_EQ(
      refusal_of(least + "&line_items[1][price_data][currency]=cny&line_items[1][quantity]=1"),
      (refusal{missing, "line_items[1][price_data][unit_amount]"}));
}

TEST(SessionRequest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(refusal_of(least + "&automatic_tax[enabled]=true"),
            (refusal{"parameter_unknown", "automatic_tax"}));
  EXPECT_EQ(refusal_of(least + "&line_items[0][price_data][recurring][interval]=day"),
            (refusal{"parameter_unknown", "line_items[0][price_data][recurring]"}));
  EXPECT_EQ(refusal_of(least + "&mode=setup"), (refusal{"", "mode"}));
  EXPECT_EQ(refusal_of(least + "&ui_mode=embedded_page"), (refusal{"", "ui_mode"}));
  EXPECT_EQ(refusal_of(least + "&line_items[1][price]=price_1"),
            (refusal{"resource_missing", "line_items[1][price]"}));
}

TEST(SessionRequest, HoldsStripesLimits) {
  const auto expires = [](stripe_return::unix_seconds after) {
    return refusal_of(least + "&expires_at=" + std::to_string(now + after));
  };
  const refusal accepted{"accepted", ""};
  EXPECT_EQ(expires(1799), (refusal{"", "expires_at"}));
  EXPECT_EQ(expires(1800), accepted);
  EXPECT_EQ(expires(86400), accepted);
  EXPECT_EQ(expires(86401), (refusal{"", "expires_at"}));

  EXPECT_EQ(refusal_of(least + "&metadata[k]=" + std::string(500, 'a')), accepted);
  EXPECT_EQ(refusal_of(least + "&metadata[k]=" + std::string(501, 'a')),
            (refusal{"", "metadata[k]"}));
  EXPECT_EQ(refusal_of(least + "&metadata[" + std::string(41, 'k') + "]=a").code, "");
  std::string metadata;
  for (int i = 0; i < 50; ++i)
    metadata += "&metadata[k" + std::to_string(i) + "]=a";
  EXPECT_EQ(refusal_of(least + metadata), accepted);
  EXPECT_EQ(refusal_of(least + metadata + "&metadata[more]=a"), (refusal{"", "metadata"}));
  EXPECT_EQ(refusal_of(least + "&client_reference_id=" + std::string(201, 'a')),
            (refusal{"", "client_reference_id"}));
  EXPECT_EQ(refusal_of(least + "&line_items[0][quantity]=0"),
            (refusal{"parameter_invalid_integer", "line_items[0][quantity]"}));
  EXPECT_EQ(refusal_of(least + "&line_items[0][price_data][unit_amount]=1.5"),
            (refusal{"parameter_invalid_integer", "line_items[0][price_data][unit_amount]"}));
  EXPECT_EQ(refusal_of(least + "&line_items[0][price_data][unit_amount]=50000000"),
            (refusal{"amount_too_large", "line_items"}));
}

TEST(SessionRequest, HoldsThemWhereABodyIsFilledToTheBrim) {
  std::string metadata;
  std::string items;
  std::string images;
  for (int i = 0; i < 20000; ++i) {
    const std::string number = std::to_string(i);
    metadata += "&metadata[k" + number + "]=a";
    items += "&line_items[" + number + "][quantity]=1";
    images += "&line_items[0][price_data][product_data][images][" + number + "]=i" + number;
  }
  EXPECT_EQ(refusal_of(least + metadata), (refusal{"", "metadata"}));
  EXPECT_EQ(refusal_of(least + items), (refusal{"", "line_items"}));
  const session_request asked = read(least + images);
  ASSERT_EQ(asked.items.at(0).images.size(), 20000u);
  EXPECT_EQ(asked.items.at(0).images.back(), "i19999");
}

TEST(SessionRequest, RefusesUrlsThatNoBrowserOpens) {
  for (const char* url : {"shop.example", "javascript:alert(1)", "https://", "https:///a",
                          "https://shop.example/a%20b%0D%0A", "https://shop.example/%20"}) {
    const std::string form = "mode=payment&success_url=" + std::string(url) + item;
    EXPECT_EQ(refusal_of(form), (refusal{"url_invalid", "success_url"})) << url;
  }
}

} // namespace
