#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <string>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// As a Content-Security-Policy names the only stylesheet of the page.
std::string hash_of_style(const std::string& page) {
  const std::string start = "<style>";
  const std::size_t begin = page.find(start) + start.size();
  const std::string style = page.substr(begin, page.find("</style>") - begin);
  std::array<unsigned char, 32> digest;
  EVP_Digest(style.data(), style.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 45> base64;
  EVP_EncodeBlock(base64.data(), digest.data(), 32);
  return "'sha256-" + std::string(base64.begin(), base64.end() - 1) + "'";
}

class PaymentPage : public testing::Test {
protected:
  json now(const json& session) const {
    return shop_.read(shop::path_of(session) + "?expand[]=payment_intent");
  }
  static std::string page_path(const json& session) {
    return "/c/pay/" + session.at("id").get<std::string>();
  }
  std::string page(const json& session) const { return shop_.open_page(session)->body; }

  sr::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
  json session_ = shop_.create();
};

TEST_F(PaymentPage, RunsNoScriptAndSendsFormsNowhereElse) {
  const httplib::Result answer = shop_.open_page(session_);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->get_header_value("Content-Security-Policy"),
            "default-src 'none'; style-src " + hash_of_style(answer->body) +
                "; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
                " https://shop.example https://shop.example");
  EXPECT_THAT(answer->body, Not(HasSubstr("<script")));
}

TEST_F(PaymentPage, ShowsTheOrderOfTheSession) {
  EXPECT_THAT(page(session_),
              AllOf(HasSubstr("shop.example"), HasSubstr("<strong>Tea</strong>"),
                    HasSubstr("Qty 2"), HasSubstr("CN¥4.00"), HasSubstr("CN¥2.00 each")));
  EXPECT_THAT(page(shop_.create("&success_url=http://localhost:8080/ok")),
              AllOf(HasSubstr("Test shop"), Not(HasSubstr("shop.example"))));
}

TEST_F(PaymentPage, SpeaksTheLanguageOfTheSession) {
  for (const char* locale : {"zh", "zh-HK", "zh-TW"}) {
    const json made = shop_.create("&locale=" + std::string(locale));
    EXPECT_THAT(page(made), AllOf(HasSubstr("<html lang=\"zh-Hans\">"), HasSubstr("支付 ¥4.00")));
    shop_.click(made, "pay");
    EXPECT_THAT(page(made), HasSubstr("此次结账已完成。"));
  }
  for (const char* locale : {"auto", "en", "de"}) {
    const json made = shop_.create("&locale=" + std::string(locale));
    EXPECT_THAT(page(made), HasSubstr("<html lang=\"en\">")) << locale;
  }
}

TEST_F(PaymentPage, SpeaksTheBrowsersLanguageWhereTheSessionNamesNone) {
  const httplib::Result answer =
      httplib::Client(stripe_.url()).Get(page_path(session_), {{"Accept-Language", "zh-CN"}});
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr("<html lang=\"zh-Hans\">"));
}

TEST_F(PaymentPage, OfASessionInTheShopsPageReturnsThere) {
  const json made = shop_.create("&success_url=&cancel_url=&ui_mode=embedded_page"
                                 "&return_url=https://shop.example/back?id={CHECKOUT_SESSION_ID}");
  const httplib::Result paid =
      httplib::Client(stripe_.url())
          .Post(page_path(made), "action=pay", "application/x-www-form-urlencoded");
  ASSERT_TRUE(paid);
  EXPECT_EQ(paid->get_header_value("Location"),
            "https://shop.example/back?id=" + made.at("id").get<std::string>());
}

TEST_F(PaymentPage, OfASessionInTheShopsPageRedirectsWhereTheMethodNeedsIt) {
  const auto pay = [&](const std::string& method) {
    const json made = shop_.create("&success_url=&cancel_url=&ui_mode=embedded_page"
                                   "&redirect_on_completion=if_required"
                                   "&return_url=https://shop.example/back");
    return httplib::Client(stripe_.url())
        .Post(page_path(made), "action=pay&method=" + method, "application/x-www-form-urlencoded")
        ->status;
  };
  EXPECT_EQ(pay("card"), 200);
  EXPECT_EQ(pay("alipay"), 303);
  const json never = shop_.create("&success_url=&cancel_url=&ui_mode=embedded_page"
                                  "&redirect_on_completion=never");
  const std::string shown = httplib::Client(stripe_.url()).Get(page_path(never))->body;
  EXPECT_THAT(shown, AllOf(HasSubstr("value=\"card\""), Not(HasSubstr("Alipay"))));
}

TEST_F(PaymentPage, OfASetupOffersNoDelayedMethodAndMayBeDeclined) {
  const json made = json::parse(
      shop_.post("/v1/checkout/sessions", "mode=setup&success_url=https://shop.example/ok")->body);
  EXPECT_THAT(page(made), Not(HasSubstr("Bank transfer")));
  EXPECT_THAT(shop_.click(made, "decline")->body, HasSubstr("Your card was declined."));
  EXPECT_EQ(shop_.click(made, "pay")->status, 303);
}

TEST_F(PaymentPage, OffersTheMethodsOfTheSessionAndADelayedOne) {
  EXPECT_THAT(page(session_),
              AllOf(HasSubstr("value=\"card\""), HasSubstr("Alipay"), HasSubstr("Bank transfer")));
  const json made = shop_.create("&allowed_payment_method_types[0]=alipay"
                                 "&allowed_payment_method_types[1]=sepa_debit");
  EXPECT_THAT(page(made), AllOf(HasSubstr("Alipay"), HasSubstr("SEPA Direct Debit"),
                                Not(HasSubstr("value=\"card\"")), Not(HasSubstr("Bank transfer"))));
}

TEST_F(PaymentPage, EscapesWhatTheMerchantWrote) {
  const json made = shop_.create("&line_items[0][price_data][product_data][name]="
                                 "%3Cscript%3E%26%22");
  EXPECT_THAT(page(made), HasSubstr("&lt;script&gt;&amp;&quot;"));
}

TEST_F(PaymentPage, PaysAndRedirectsWithTheId) {
  const httplib::Result answer = shop_.click(session_, "pay");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->get_header_value("Location"),
            "https://shop.example/ok?session_id=" + session_.at("id").get<std::string>());
  const json paid = now(session_);
  EXPECT_EQ(paid.at("status"), "complete");
  EXPECT_EQ(paid.at("payment_status"), "paid");
  EXPECT_EQ(paid.at("payment_intent").at("status"), "succeeded");
  EXPECT_EQ(paid.at("customer_details").at("name"), "Jenny Rosen");
  EXPECT_TRUE(paid.at("url").is_null());
}

TEST_F(PaymentPage, LeavesToTheCancelUrlAsItIs) {
  const httplib::Result answer = shop_.click(session_, "leave");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->get_header_value("Location"),
            "https://shop.example/basket?id={CHECKOUT_SESSION_ID}");
  EXPECT_EQ(now(session_).at("status"), "open");
  EXPECT_TRUE(now(session_).at("payment_intent").is_null());
}

TEST_F(PaymentPage, StaysAfterADeclineAndTakesTheNextTry) {
  const httplib::Result answer = shop_.click(session_, "decline");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body, HasSubstr("Your card was declined."));
  const json declined = now(session_);
  EXPECT_EQ(declined.at("status"), "open");
  EXPECT_EQ(declined.at("payment_intent").at("status"), "requires_payment_method");
  EXPECT_EQ(declined.at("payment_intent").at("last_payment_error").at("code"), "card_declined");
  EXPECT_EQ(shop_.read("/v1/events").at("data").size(), 0u);

  EXPECT_EQ(shop_.click(session_, "pay")->status, 303);
  const json paid = now(session_);
  EXPECT_EQ(paid.at("payment_intent").at("id"), declined.at("payment_intent").at("id"));
  EXPECT_TRUE(paid.at("payment_intent").at("last_payment_error").is_null());
}

TEST_F(PaymentPage, PaysByADelayedMethodThatArrivesOrFails) {
  EXPECT_EQ(shop_.click(session_, "pay_later")->status, 303);
  const json pending = now(session_);
  EXPECT_EQ(pending.at("status"), "complete");
  EXPECT_EQ(pending.at("payment_status"), "unpaid");
  EXPECT_EQ(pending.at("payment_intent").at("status"), "processing");
  EXPECT_EQ(shop_.apply(session_, "succeed").at("payment_status"), "paid");

  const json other = shop_.apply(shop_.create(), "pay_later");
  const json failed = shop_.apply(other, "fail");
  EXPECT_EQ(failed.at("status"), "complete");
  EXPECT_EQ(failed.at("payment_status"), "unpaid");
  EXPECT_EQ(failed.at("payment_intent").at("status"), "requires_payment_method");
  EXPECT_FALSE(failed.at("payment_intent").at("last_payment_error").is_null());
}

TEST_F(PaymentPage, TakesAnOrderThatCostsNothing) {
  const json free = shop_.create("&line_items[0][price_data][unit_amount]=0");
  EXPECT_EQ(free.at("payment_status"), "no_payment_required");
  EXPECT_EQ(shop_.click(free, "decline")->status, 409);
  EXPECT_EQ(shop_.click(free, "pay")->status, 303);
  const json done = now(free);
  EXPECT_EQ(done.at("status"), "complete");
  EXPECT_EQ(done.at("payment_status"), "no_payment_required");
  EXPECT_TRUE(done.at("payment_intent").is_null());
}

TEST_F(PaymentPage, SaysWhenItIsOver) {
  shop_.click(session_, "pay");
  EXPECT_THAT(page(session_), HasSubstr("This checkout is complete."));
  EXPECT_EQ(shop_.click(session_, "pay")->status, 409);
  const json late = shop_.create();
  shop_.commanded("/clock", {{"advance", 24 * 60 * 60}});
  EXPECT_THAT(page(late), HasSubstr("This checkout has expired."));
  EXPECT_EQ(shop_.click(late, "pay")->status, 409);
  EXPECT_EQ(now(late).at("status"), "expired");
}

TEST_F(PaymentPage, ExpiresAtItsTimeAndNotBefore) {
  const int created = session_.at("created");
  const json soon = shop_.create("&expires_at=" + std::to_string(created + 2000));
  const int left = 2000 - (shop_.look("/clock").at("now").get<int>() - created);
  shop_.commanded("/clock", {{"advance", left - 60}});
  EXPECT_EQ(now(soon).at("status"), "open");
  shop_.commanded("/clock", {{"advance", 600}}); // the event is of the time, not of the look
  EXPECT_EQ(now(soon).at("status"), "expired");
  EXPECT_EQ(now(session_).at("status"), "open");
  EXPECT_EQ(shop_.read("/v1/events").at("data").at(0).at("created"), soon.at("expires_at"));
}

TEST_F(PaymentPage, CancelsThePaymentIntentOfAnExpiredSession) {
  shop_.click(session_, "decline");
  shop_.commanded("/clock", {{"advance", 24 * 60 * 60}});
  EXPECT_EQ(now(session_).at("payment_intent").at("status"), "canceled");
}

TEST_F(PaymentPage, RecoversAnExpiredSession) {
  const json lost = shop_.create("&after_expiration[recovery][enabled]=true");
  EXPECT_TRUE(lost.at("after_expiration").at("recovery").at("url").is_null());
  shop_.commanded("/clock", {{"advance", 24 * 60 * 60}});
  const json recovery = now(lost).at("after_expiration").at("recovery");
  const std::string path = recovery.at("url").get<std::string>().substr(stripe_.url().size());
  EXPECT_THAT(page(lost), HasSubstr(path));

  const httplib::Result answer = httplib::Client(stripe_.url()).Get(path);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 303);
  const json found = shop_.read("/v1/checkout/sessions?limit=1").at("data").at(0);
  EXPECT_EQ(answer->get_header_value("Location"), found.at("url"));
  EXPECT_EQ(found.at("recovered_from"), lost.at("id"));
  EXPECT_EQ(found.at("metadata"), lost.at("metadata"));
  EXPECT_EQ(found.at("amount_total"), 400);
  EXPECT_NE(found.at("id"), lost.at("id"));

  shop_.commanded("/clock", {{"advance", 30 * 24 * 60 * 60}});
  EXPECT_EQ(httplib::Client(stripe_.url()).Get(path)->status, 404);
}

TEST_F(PaymentPage, RefundsTheCharge) {
  const json paid = shop_.apply(session_, "pay");
  const std::string charge = paid.at("payment_intent").at("latest_charge").at("id");
  const auto refund = [&](const json& given) {
    return shop_.command("/charges/" + charge + "/refund", given);
  };
  const json part = shop::body(refund({{"amount", 100}}));
  EXPECT_EQ(part.at("payment_intent").at("latest_charge").at("amount_refunded"), 100);
  EXPECT_EQ(part.at("payment_intent").at("latest_charge").at("refunded"), false);
  EXPECT_EQ(refund({{"amount", 301}})->status, 400);
  const json all = shop::body(refund(json::object()));
  EXPECT_EQ(all.at("payment_intent").at("latest_charge").at("refunded"), true);
  EXPECT_EQ(all.at("payment_status"), "paid");
  EXPECT_EQ(refund(json::object())->status, 400);
  EXPECT_EQ(shop_.command("/charges/ch_x/refund")->status, 404);
}

TEST_F(PaymentPage, IsNotThereForOthers) {
  for (const char* path : {"/", "/c/pay/", "/c/pay/cs_test_x", "/r/test_", "/r/test_x"}) {
    EXPECT_EQ(httplib::Client(stripe_.url()).Get(path)->status, 404) << path;
  }
}

} // namespace
