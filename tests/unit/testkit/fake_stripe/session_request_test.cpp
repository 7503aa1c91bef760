#include "testkit/fake_stripe/session_request.hpp"

#include "testkit/fake_stripe/api_error.hpp"

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
  id_maker ids(1);
  const account owner("acct_1", false, "https://stripe.example", ids, [](const event&) {});
  return read_session_request(parameters(decode_form(form)), now, owner);
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
           "&allowed_payment_method_types[0]=card&excluded_payment_method_types[0]=alipay"
           "&payment_method_options[card][request_three_d_secure]=any"
           "&payment_intent_data[capture_method]=manual&cancel_url=http://127.0.0.1:9/"
           "no&ui_mode=hosted_page");
  EXPECT_EQ(asked.items.at(0).amount(), 400);
  EXPECT_EQ(asked.allowed_payment_methods, std::vector<std::string>{"card"});
  EXPECT_EQ(asked.excluded_payment_methods, std::vector<std::string>{"alipay"});
  EXPECT_TRUE(asked.manual_capture);
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
  EXPECT_EQ(refusal_of(least + "&line_items[0][price_data][tax_behavior]=inclusive"),
            (refusal{"parameter_unknown", "line_items[0][price_data][tax_behavior]"}));
  EXPECT_EQ(refusal_of(least + "&mode=rent"), (refusal{"", "mode"}));
  EXPECT_EQ(refusal_of(least + "&ui_mode=embedded"), (refusal{"", "ui_mode"}));
  EXPECT_EQ(refusal_of(least + "&line_items[1][price]=price_1"),
            (refusal{"resource_missing", "line_items[1][price]"}));
  EXPECT_EQ(refusal_of(least + "&customer=cus_1"), (refusal{"resource_missing", "customer"}));
}

TEST(SessionRequest, RefusesWhatStripeTakesNoMore) {
  EXPECT_EQ(refusal_of(least + "&payment_method_types[0]=card"),
            (refusal{"parameter_unknown", "payment_method_types"}));
}

TEST(SessionRequest, HoldsTheCurrencysMinimum) {
  const auto costs = [](const std::string& currency, int amount) {
    return refusal_of("mode=payment&success_url=https://shop.example/ok"
                      "&line_items[0][price_data][currency]=" +
                      currency +
                      "&line_items[0][price_data][product_data][name]=Tea"
                      "&line_items[0][price_data][unit_amount]=" +
                      std::to_string(amount) + "&line_items[0][quantity]=1");
  };
  const refusal accepted{"accepted", ""};
  const refusal too_small{"amount_too_small", "line_items"};
  EXPECT_EQ(costs("usd", 49), too_small);
  EXPECT_EQ(costs("usd", 50), accepted);
  EXPECT_EQ(costs("HKD", 399), too_small);
  EXPECT_EQ(costs("jpy", 50), accepted);
  EXPECT_EQ(costs("cny", 1), accepted);
  EXPECT_EQ(costs("usd", 0), accepted);
  for (const char* unknown : {"xyz", "us", "usdd", "u d", " us"}) {
    EXPECT_EQ(costs(unknown, 400), (refusal{"", "line_items[0][price_data][currency]"})) << unknown;
  }
}

TEST(SessionRequest, OfEachUiModeHasItsOwnUrls) {
  const std::string back = "&return_url=https://shop.example/back";
  const auto embedded = [](const std::string& more) { return "mode=payment" + item + more; };
  EXPECT_EQ(read(embedded("&ui_mode=embedded_page" + back)).redirect_on_completion, "always");
  EXPECT_EQ(read(embedded("&ui_mode=form" + back)).ui, ui_mode::form);
  EXPECT_EQ(read(embedded("&ui_mode=elements" + back)).redirect_on_completion, std::nullopt);
  EXPECT_EQ(read(embedded("&ui_mode=embedded_page&redirect_on_completion=never")).return_url,
            std::nullopt);
  EXPECT_EQ(refusal_of(embedded("&ui_mode=embedded_page")),
            (refusal{"parameter_missing", "return_url"}));
  EXPECT_EQ(refusal_of(embedded("&ui_mode=embedded_page&redirect_on_completion=if_required")),
            (refusal{"parameter_missing", "return_url"}));
  EXPECT_EQ(refusal_of(embedded("&ui_mode=embedded_page&redirect_on_completion=never" + back)),
            (refusal{"", "return_url"}));
  EXPECT_EQ(refusal_of(least + back), (refusal{"", "return_url"}));
  EXPECT_EQ(refusal_of(least + "&ui_mode=elements" + back), (refusal{"", "success_url"}));
}

TEST(SessionRequest, OfEachModeHasItsOwnParameters) {
  const std::string url = "&success_url=https://shop.example/ok";
  const std::string monthly = item + "&line_items[0][price_data][recurring][interval]=month";
  EXPECT_EQ(read("mode=setup&currency=eur" + url).currency, "eur");
  EXPECT_EQ(refusal_of("mode=setup" + url + item), (refusal{"", "line_items"}));
  EXPECT_EQ(
      read("mode=subscription&subscription_data[trial_period_days]=7" + url + monthly).trial_days,
      7);
  EXPECT_EQ(refusal_of("mode=subscription" + url + item), (refusal{"", "line_items"}));
  EXPECT_EQ(refusal_of("mode=payment" + url + monthly), (refusal{"", "line_items[0][price]"}));
  EXPECT_EQ(refusal_of(least + "&subscription_data[trial_period_days]=7"),
            (refusal{"", "subscription_data"}));
  EXPECT_EQ(refusal_of("mode=setup&payment_intent_data[description]=a" + url),
            (refusal{"", "payment_intent_data"}));
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
  ASSERT_EQ(asked.items.at(0).own_product->images.size(), 20000u);
  EXPECT_EQ(asked.items.at(0).own_product->images.back(), "i19999");
}

TEST(SessionRequest, RefusesUrlsThatNoBrowserOpens) {
  for (const char* url : {"shop.example", "javascript:alert(1)", "https://", "https:///a",
                          "https://shop.example/a%20b%0D%0A", "https://shop.example/%20"}) {
    const std::string form = "mode=payment&success_url=" + std::string(url) + item;
    EXPECT_EQ(refusal_of(form), (refusal{"url_invalid", "success_url"})) << url;
  }
}

} // namespace
