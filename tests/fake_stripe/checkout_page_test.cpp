#include "fake_stripe/checkout_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace {

using namespace stripe_return::fake;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

checkout_page tea_page(page_language language = page_language::english) {
  checkout_page page;
  page.language = language;
  page.shop_name = "Tea & Co";
  page.currency = "cny";
  page.items = {{"Tea", "Green", 2, 200, 400}, {"Cup", {}, 1, 1000, 1000}};
  page.subtotal = 1400;
  page.total = 1400;
  page.payment_methods = {"card", "alipay", "wechat_pay", "sepa_debit"};
  page.may_leave = true;
  return page;
}

std::size_t count(const std::string& page, const std::string& text) {
  std::size_t found = 0;
  for (std::size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1))
    ++found;
  return found;
}

// The buttons that post this action.
std::size_t buttons(const std::string& page, const std::string& action) {
  return count(page, "name=\"action\" value=\"" + action + "\">");
}

std::size_t all_buttons(const std::string& page) {
  return buttons(page, "pay") + buttons(page, "pay_later") + buttons(page, "decline") +
         buttons(page, "leave");
}

TEST(CheckoutPage, ShowsWhatIsBoughtInEnglish) {
  const std::string page = render(tea_page());
  EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("Tea &amp; Co"),
                          HasSubstr("<strong>Tea</strong><small>Green</small>"), HasSubstr("Qty 2"),
                          HasSubstr("CN¥4.00"), HasSubstr("CN¥2.00 each"),
                          HasSubstr("Pay CN¥14.00"), HasSubstr("WeChat Pay")));
  EXPECT_THAT(page, Not(HasSubstr("CN¥10.00 each")));
}

TEST(CheckoutPage, ShowsTheSameInChinese) {
  const std::string page = render(tea_page(page_language::chinese));
  EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"zh-Hans\">"), HasSubstr("您的付款"),
                          HasSubstr("数量 2"), HasSubstr("每件 ¥2.00"), HasSubstr("支付 ¥14.00"),
                          HasSubstr("支付宝"), HasSubstr("微信支付")));
  for (const char* english : {"Qty", "CN¥", "Total", "Alipay", "Back to"}) {
    EXPECT_THAT(page, Not(HasSubstr(english))) << english;
  }
}

TEST(CheckoutPage, SaysInBothLanguagesThatItIsATest) {
  for (const page_language language : {page_language::english, page_language::chinese}) {
    checkout_page page = tea_page(language);
    for (const page_state state : {page_state::open, page_state::complete, page_state::expired}) {
      page.state = state;
      EXPECT_THAT(render(page), AllOf(HasSubstr("no money moves"), HasSubstr("不会产生真实付款")));
    }
    EXPECT_THAT(render_missing_page(language),
                AllOf(HasSubstr("no money moves"), HasSubstr("不会产生真实付款")));
  }
}

TEST(CheckoutPage, HasAButtonForEachMethod) {
  const std::string page = render(tea_page());
  EXPECT_EQ(buttons(page, "pay"), 3u);
  EXPECT_EQ(buttons(page, "pay_later"), 1u);
  EXPECT_EQ(buttons(page, "decline"), 1u);
  EXPECT_EQ(buttons(page, "leave"), 1u);
  for (const char* method : {"card", "alipay", "wechat_pay", "sepa_debit"}) {
    EXPECT_THAT(page, HasSubstr("name=\"method\" value=\"" + std::string(method) + "\""));
  }
}

TEST(CheckoutPage, HasNoWayToLeaveWhereThereIsNone) {
  checkout_page page = tea_page();
  page.may_leave = false;
  EXPECT_EQ(buttons(render(page), "leave"), 0u);
}

TEST(CheckoutPage, NamesAMethodItDoesNotKnowByItsType) {
  checkout_page page = tea_page();
  page.payment_methods = {"moon_pay"};
  EXPECT_THAT(render(page), HasSubstr("<span class=\"name\">moon_pay</span>"));
  EXPECT_EQ(buttons(render(page), "pay"), 1u);
}

TEST(CheckoutPage, EscapesWhatTheMerchantWrote) {
  const std::string hostile = "</style><script>'\"&";
  const std::string harmless = "&lt;/style&gt;&lt;script&gt;&#39;&quot;&amp;";
  checkout_page page = tea_page();
  page.shop_name = hostile;
  page.items = {{hostile, hostile, 1, 1, 1}};
  page.payment_methods = {hostile};
  page.currency = hostile;
  page.interval = hostile;
  page.recovery_url = hostile;
  for (const page_state state : {page_state::open, page_state::complete, page_state::expired}) {
    page.state = state;
    const std::string rendered = render(page);
    EXPECT_THAT(rendered, Not(HasSubstr("<script")));
    EXPECT_EQ(count(rendered, "</style>"), 1u);
    // In the title and beside the icon at least.
    EXPECT_GE(count(rendered, harmless), state == page_state::open ? 6u : 2u);
  }
}

TEST(CheckoutPage, NeedsNoMethodForWhatCostsNothing) {
  checkout_page page = tea_page();
  page.total = 0;
  page.costs_nothing = true;
  const std::string free = render(page);
  EXPECT_EQ(buttons(free, "pay"), 1u);
  EXPECT_EQ(buttons(free, "leave"), 1u);
  EXPECT_EQ(all_buttons(free), 2u);
  EXPECT_THAT(free, AllOf(HasSubstr("Complete order"), Not(HasSubstr("Alipay"))));
}

TEST(CheckoutPage, ShowsADiscountWhereThereIsOne) {
  EXPECT_THAT(render(tea_page()), Not(HasSubstr("Subtotal")));
  checkout_page page = tea_page();
  page.discount = 400;
  page.total = 1000;
  EXPECT_THAT(render(page),
              AllOf(HasSubstr("<dt>Subtotal</dt><dd>CN¥14.00</dd>"),
                    HasSubstr("<dt>Discount</dt><dd>-CN¥4.00</dd>"),
                    HasSubstr("<dt>Total due</dt><dd>CN¥10.00</dd>"), HasSubstr("Pay CN¥10.00")));
}

TEST(CheckoutPage, SaysHowOftenASubscriptionRecurs) {
  checkout_page page = tea_page();
  page.mode = page_mode::subscription;
  page.interval = "month";
  EXPECT_THAT(render(page), AllOf(HasSubstr("CN¥14.00 per month"), HasSubstr("Subscribe"),
                                  Not(HasSubstr("Pay CN¥"))));
  page.language = page_language::chinese;
  EXPECT_THAT(render(page), AllOf(HasSubstr("每月 ¥14.00"), HasSubstr("订阅")));
}

TEST(CheckoutPage, SavesAMethodWithoutAnyAmount) {
  checkout_page page = tea_page();
  page.mode = page_mode::setup;
  page.currency.clear();
  page.items.clear();
  const std::string setup = render(page);
  EXPECT_THAT(setup, AllOf(HasSubstr("Save a payment method"), HasSubstr(">Save</span>"),
                           Not(HasSubstr("14.00")), Not(HasSubstr("0.00")),
                           Not(HasSubstr("Total due")), Not(HasSubstr("several days"))));
  EXPECT_EQ(buttons(setup, "pay"), page.payment_methods.size()); // nothing has to arrive
  EXPECT_EQ(buttons(setup, "pay_later"), 0u);
}

TEST(CheckoutPage, AlertsAfterADecline) {
  checkout_page page = tea_page();
  EXPECT_THAT(render(page), Not(HasSubstr("role=\"alert\"")));
  page.alert = page_alert::card_declined;
  EXPECT_THAT(render(page), HasSubstr("role=\"alert\">Your card was declined."));
  page.alert = page_alert::not_possible;
  EXPECT_THAT(render(page), HasSubstr("role=\"alert\">That is not possible."));
  page.language = page_language::chinese;
  EXPECT_THAT(render(page), HasSubstr("role=\"alert\">无法执行此操作。"));
}

TEST(CheckoutPage, TakesNothingWhenItIsOver) {
  checkout_page page = tea_page();
  page.state = page_state::complete;
  EXPECT_THAT(render(page), HasSubstr("<h1>This checkout is complete.</h1>"));
  EXPECT_EQ(all_buttons(render(page)), 0u);
  page.state = page_state::expired;
  EXPECT_THAT(render(page), AllOf(HasSubstr("<h1>This checkout has expired.</h1>"),
                                  HasSubstr("Go back to the shop"), Not(HasSubstr("href="))));
  EXPECT_EQ(all_buttons(render(page)), 0u);
  page.recovery_url = "http://127.0.0.1:1/r/test_x";
  EXPECT_THAT(render(page), HasSubstr("href=\"http://127.0.0.1:1/r/test_x\">Check out again</a>"));
}

TEST(CheckoutPage, CallsAShopWithoutANameATestShop) {
  checkout_page page = tea_page();
  page.shop_name.clear();
  EXPECT_THAT(render(page), HasSubstr("<span>Test shop</span>"));
  page.language = page_language::chinese;
  EXPECT_THAT(render(page), HasSubstr("<span>测试商店</span>"));
}

TEST(CheckoutPage, LoadsNothingFromElsewhere) {
  for (const page_state state : {page_state::open, page_state::complete, page_state::expired}) {
    checkout_page page = tea_page();
    page.state = state;
    EXPECT_THAT(render(page), AllOf(Not(HasSubstr("://")), Not(HasSubstr("src=")),
                                    Not(HasSubstr("url(")), Not(HasSubstr(" style="))));
  }
}

} // namespace
